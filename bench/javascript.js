// Define the resources of synthesized stacks with CDKTF in JavaScript, with one require per module of the provider.
// Usage: node javascript.js SOURCE TARGET, two cdktf.out folders. Both then contain the same resources.
const fs = require("fs");
const path = require("path");
const { App, LocalBackend, TerraformOutput, TerraformStack } = require("cdktf");

// Arguments whose keys are user-defined names, not arguments of Terraform.
const MAPS = new Set(["dimensions", "environment", "tags"]);

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function config(value) {
  if (Array.isArray(value)) return value.map(config);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([name]) => name !== "//");
  return Object.fromEntries(entries.map(([name, inner]) => [camel(name), MAPS.has(name) ? inner : config(inner)]));
}

function resourceClass(type) {
  const exported = require(`@cdktf/provider-aws/lib/${type.replace(/^aws_/, "").replaceAll("_", "-")}`);
  return Object.values(exported).find((candidate) => candidate.tfResourceType === type);
}

const [source, target] = process.argv.slice(2);
const app = new App({ outdir: target });
for (const id of fs.readdirSync(path.join(source, "stacks"))) {
  const original = JSON.parse(fs.readFileSync(path.join(source, "stacks", id, "cdk.tf.json"), "utf8"));
  const stack = new TerraformStack(app, id);
  new (require("@cdktf/provider-aws/lib/provider").AwsProvider)(stack, "Aws", config(original.provider.aws[0]));
  stack.addOverride("terraform.required_providers.aws.version", original.terraform.required_providers.aws.version);
  new LocalBackend(stack, { path: original.terraform.backend.local.path });
  for (const [type, resources] of Object.entries(original.resource)) {
    const Resource = resourceClass(type);
    for (const [name, resource] of Object.entries(resources)) {
      const dependsOn = resource.depends_on?.map((fqn) => ({ fqn }));
      new Resource(stack, name, { ...config(resource), dependsOn }).overrideLogicalId(name);
    }
  }
  for (const [name, output] of Object.entries(original.output)) new TerraformOutput(stack, name, config(output));
}
app.synth();
