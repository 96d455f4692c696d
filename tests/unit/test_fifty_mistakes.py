"""Fifty different mistakes are fifty messages, sorted by place, and a large file is read quickly."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.support import MINIMAL, ROOT, loaded, messages

_FILE = Path(__file__).parent / "fifty_mistakes.toml"
_MARK = " #: "
_MANY = 500
_PROGRAM = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from modules.load import load
configuration = load(Path("endpoints.toml"))
print(len(configuration.deployments), *sorted({{"cdktf", "jsii", "botocore"}} & {{*sys.modules}}))
"""


def test_fifty_mistakes_are_fifty_messages_sorted_by_place() -> None:
    expected = [line.split(_MARK)[1] for line in _FILE.read_text(encoding="utf-8").splitlines() if _MARK in line]
    assert len({*expected}) == len(expected) == 50
    assert [message.split(": ")[0].removesuffix(".role_arn") for message in messages(_FILE)] == expected


@pytest.mark.parametrize("one", ["apart", "alike"])
def test_five_hundred_endpoints_are_checked_in_less_than_two_seconds(tmp_path: Path, one: str) -> None:
    head, _, endpoint = MINIMAL.partition("[endpoints.kmeans]")
    ways = _ways() if one == "apart" else [endpoint]
    named = ((f"e{number}", ways[number % len(ways)]) for number in range(_MANY))
    text = head + "".join(f"[endpoints.{name}]{way.replace('NAME', name)}\n" for name, way in named)
    assert len(loaded(tmp_path, text).deployments) == _MANY
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout.split() == [str(_MANY)]  # and nothing heavy was loaded for it
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


def _ways() -> list[str]:
    """Return the endpoint of each example of a way to host that needs no network, without its name."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "examples").glob("*.toml"))]
    return [_unnamed(each.partition("[endpoints.")[2]) for each in texts if ".network]" not in each]


def _unnamed(text: str) -> str:
    name, _, rest = text.partition("]")
    return rest.replace(f"[endpoints.{name}", "[endpoints.NAME")
