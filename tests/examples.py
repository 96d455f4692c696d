"""The example configurations: the one of the README, one per hosting mode, and those for tests only."""

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
# Errors of AWS provider 5.100.0 for an example: the variants of inference components have a role and no model.
_WITHOUT_PROVIDER_6 = {
    "Extraneous JSON object property: execution_role_arn",
    "Missing required argument: model_name",
}
NEEDS_PROVIDER_6 = {"inference-components": _WITHOUT_PROVIDER_6, "scaling-components": _WITHOUT_PROVIDER_6}
