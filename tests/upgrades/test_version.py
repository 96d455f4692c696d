"""The version is in one place, and a release has a section in CHANGELOG.md and a record of its examples."""

import re

import pytest

from protected_endpoints.commands.cli import main
from protected_endpoints.commands.version import VERSION
from tests.examples import ROOT
from tests.upgrades.contract import RELEASES

_CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
_RELEASED = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", _CHANGELOG, flags=re.MULTILINE)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")[:3]]


def test_the_command_prints_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"{VERSION}\n"


def test_a_version_is_the_newest_release_or_the_development_of_the_next() -> None:
    version, _, development = VERSION.partition(".dev")
    assert sorted(_RELEASED, key=_numbers, reverse=True) == _RELEASED
    if development:
        assert _numbers(version) > _numbers(_RELEASED[0])
    else:
        assert version == _RELEASED[0]


def test_every_release_has_a_record_of_its_examples() -> None:
    """Without it, the next version would not be compared with the release."""
    assert sorted(folder.name for folder in RELEASES.iterdir()) == sorted(_RELEASED)


def test_the_guide_describes_the_upgrade_from_every_release() -> None:
    guide = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
    assert [version for version in _RELEASED if f"## From {version}" not in guide] == []
