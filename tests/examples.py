"""The example configurations: the README's, one for each way to host, and those that are only tested."""

from pathlib import Path

from sandbox.workspace import EXAMPLE

ROOT = Path(__file__).parent.parent

ACCOUNT, REGION = "111122223333", "us-west-2"

MODES = {file.stem: file for file in sorted((ROOT / "examples").glob("*.toml")) if file != EXAMPLE}
EXAMPLES = {
    "example": EXAMPLE,
    **{file.stem: file for file in sorted((ROOT / "tests" / "snapshots").glob("*.toml"))},
    **MODES,
}
# Why the AWS provider 5.100.0 refuses an example: an endpoint without a model has a role of its own.
NEEDS_PROVIDER_6 = {
    "inference-components": {
        "Extraneous JSON object property: execution_role_arn",
        "Missing required argument: model_name",
    }
}
