// Answers for each request, a line of JSON on the standard input, what IAM decides by the policies that come with it.
//
// The simulator's own entry leaves out every context key that it does not know for the action, without a word, and
// `kms:EncryptionContext:` keys always. So its core is asked, with every key, and the keys that the entry would have left
// out are told, for the test to judge. `listed` stands for an action that the simulator's list of actions does not have.
const path = require("path");
const readline = require("readline");

// The simulator compares without case by the rules of a language, character by character: half of its time. For printable
// ASCII the lower case is equal if and only if they say so.
const PRINTABLE_ASCII = /^[ -~]*$/;
const localeCompare = String.prototype.localeCompare;
String.prototype.localeCompare = function (other, locales, options) {
  if (options?.sensitivity !== "accent" || !PRINTABLE_ASCII.test(this) || !PRINTABLE_ASCII.test(other))
    return localeCompare.call(this, other, locales, options);
  const [first, second] = [this.toLowerCase(), other.toLowerCase()];
  return first < second ? -1 : Number(first > second);
};

const entry = require.resolve("@cloud-copilot/iam-simulate");
const inside = (file) => require(path.join(path.dirname(entry), file));
const { loadPolicy } = require(require.resolve("@cloud-copilot/iam-policy", { paths: [entry] }));
const { authorize } = inside("core_engine/CoreSimulatorEngine.js");
const { DiscoveryContextKeyConstraints } = inside("context_keys/discoveryContextKeyConstraints.js");
const { AwsRequestImpl } = inside("request/request.js");
const { RequestContextImpl } = inside("requestContext.js");
const { normalizeSimulationParameters } = inside("simulation_engine/simulationEngine.js");
const { isWildcardOnlyAction } = inside("util.js");

const simulationParameters = {
  simulationMode: "Strict",
  discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([]),
};
const loaded = (policies) => policies?.map((policy, index) => loadPolicy(policy, { name: `policy ${index}` }));

async function decide(asking) {
  const { principal, action, listed, resource, account, context } = asking;
  const { identity, resourcePolicy, boundary, endpoint, organization } = asking;
  const everywhere = await isWildcardOnlyAction(...listed.split(":"));
  const asked = { request: { action: listed, resource: { resource }, contextVariables: context } };
  const { ignoredContextKeys } = await normalizeSimulationParameters(asked, undefined);
  const { result } = authorize({
    request: new AwsRequestImpl(
      principal,
      { resource, accountId: account },
      action,
      new RequestContextImpl(context),
      everywhere,
    ),
    identityPolicies: loaded(identity),
    resourcePolicy: resourcePolicy ? loaded([resourcePolicy])[0] : undefined,
    permissionBoundaries: loaded(boundary),
    vpcEndpointPolicies: loaded(endpoint),
    sessionPolicy: undefined,
    serviceControlPolicies: organization.length ? [{ orgIdentifier: "ou", policies: loaded(organization) }] : [],
    resourceControlPolicies: [],
    simulationParameters,
  });
  return { result, ignored: ignoredContextKeys };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await decide(JSON.parse(line)).catch((error) => ({ error: String(error.stack) }));
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
})();
