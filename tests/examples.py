"""The example configurations: the repository's own and those that are only tested."""

from pathlib import Path

ROOT = Path(__file__).parent.parent

ACCOUNT, REGION = "111122223333", "us-west-2"

EXAMPLES = {
    "example": ROOT / "endpoints.toml",
    **{file.stem: file for file in sorted((ROOT / "tests" / "snapshots").glob("*.toml"))},
}
