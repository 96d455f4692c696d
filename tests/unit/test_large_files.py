"""A file of hundreds of endpoints is read and judged before anybody waits, whether it is right or wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.measured import within
from tests.unit.support import ROOT

_MANY = 500
_MOST_SECONDS = 2  # of CPU; measured are 0.7 for right files, 1.0 for wrong ones
_HEAD = """
[project]
name = "acme"
[environments.dev]
account_id = "111122223333"
region = "us-west-2"
[environments.prod]
account_id = "111122223333"
region = "us-west-2"
"""
_PROGRAM = """
import sys
from pathlib import Path
from modules.load import load
from modules.problems import ConfigurationError
try:
    configuration = load(Path("endpoints.toml"))
    print("right", len(configuration.deployments))
except ConfigurationError as error:
    print("wrong", len({problem.path[1] for problem in error.problems}))
print(*sorted({"cdktf", "constructs", "jsii", "botocore", "modules.stack"} & {*sys.modules}))
"""


def _ways() -> list[str]:
    """Return what follows the name of the endpoint in each example that needs no network, which is called NAME."""
    ways = []
    for file in sorted((ROOT / "examples").glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        before, _, after = text.partition("\n[endpoints.")
        name = after[: after.index("]")]
        if ".network]" not in before:
            ways.append(f"[endpoints.{after}".replace(f"[endpoints.{name}", "[endpoints.NAME"))
    return ways


def _fleet() -> str:
    ways = [each.replace("role/", "role/NAME-") for each in _ways()]  # one role has no policies for all of them
    return _HEAD + "\n".join(ways[number % len(ways)].replace("NAME", f"e{number}") for number in range(_MANY))


@pytest.mark.parametrize(
    ("right", "wrong", "outcome"),
    [
        ("", "", f"right {2 * _MANY}"),
        ('name = "acme"', 'name = "acme"\nstrict = 1', "wrong 1"),
        ("s3://acme", "s3:acme", "wrong "),
        ('"ml.', '"', "wrong "),
        ("invokers = [", 'colour = "red"\ninvokers = ["api", ', f"wrong {_MANY}"),
    ],
)
def test_five_hundred_endpoints_of_every_mode_in_two_environments_take_less_than_two_seconds(
    right: str, wrong: str, outcome: str, tmp_path: Path
) -> None:
    text = _fleet()
    assert right in text
    (tmp_path / "endpoints.toml").write_text(text.replace(right, wrong) if right else text, encoding="utf-8")
    done = within(_MOST_SECONDS, lambda: _loaded(tmp_path))
    said, heavy = done.stdout.split("\n")[:2]
    assert said.startswith(outcome)
    assert heavy == ""


def _loaded(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
