// The resources of synthesized stacks once more, with CDKTF in JavaScript and one require for each module of the
// provider. Usage: node javascript.js FROM TO, two cdktf.out folders. Both hold the same resources afterwards.
const fs = require("fs");
const path = require("path");
const { App, LocalBackend, TerraformOutput, TerraformStack } = require("cdktf");

// Their keys are names that the user gave, not arguments.
const MAPS = new Set(["tags", "environment"]);

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function config(value) {
  if (Array.isArray(value)) return value.map(config);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([name]) => name !== "//");
  return Object.fromEntries(entries.map(([name, inner]) => [camel(name), MAPS.has(name) ? inner : config(inner)]));
}

function resourceClass(type) {
  const exported = require(`@cdktf/provider-aws/lib/${type.replace(/^aws_/, "").replaceAll("_", "-")}`);
  return Object.values(exported).find((each) => each.tfResourceType === type);
}

const [from, to] = process.argv.slice(2);
const app = new App({ outdir: to });
for (const id of fs.readdirSync(path.join(from, "stacks"))) {
  const made = JSON.parse(fs.readFileSync(path.join(from, "stacks", id, "cdk.tf.json"), "utf8"));
  const stack = new TerraformStack(app, id);
  new (require("@cdktf/provider-aws/lib/provider").AwsProvider)(stack, "Aws", config(made.provider.aws[0]));
  stack.addOverride("terraform.required_providers.aws.version", made.terraform.required_providers.aws.version);
  new LocalBackend(stack, { path: made.terraform.backend.local.path });
  for (const [type, named] of Object.entries(made.resource)) {
    const Resource = resourceClass(type);
    for (const [name, resource] of Object.entries(named)) {
      const dependsOn = resource.depends_on?.map((fqn) => ({ fqn }));
      new Resource(stack, name, { ...config(resource), dependsOn }).overrideLogicalId(name);
    }
  }
  for (const [name, output] of Object.entries(made.output)) new TerraformOutput(stack, name, config(output));
}
app.synth();
