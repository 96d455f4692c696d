"""What the rules accept, Terraform accepts; and the same file is always synthesized to the same."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from protected_endpoints.loading.load import Configuration, load
from tests.examples import MODES as EXAMPLES_OF_MODES
from tests.properties.generated_file import overridden
from tests.properties.modes import BOTH_PROVIDERS, MODES
from tests.properties.support import EXAMPLES, collected, is_meant_for_the_provider, refused, synthesized

_EACH = -(-EXAMPLES // len(BOTH_PROVIDERS))
# What has the arguments of the provider 6 is synthesized, and validated where that is at hand.
_EACH_OF_6 = -(-_EACH // 10)


@dataclass(frozen=True)
class Accepted:
    """A file that every rule accepts, with what it is synthesized to, twice."""

    mode: str
    text: str
    configuration: Configuration
    stacks: dict[str, str]
    again: dict[str, str]


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> list[Accepted]:
    """Files of every mode; one that a rule refuses, or that cannot be synthesized, ends it with its text."""
    files = [each for mode in BOTH_PROVIDERS for each in collected(overridden(mode, 5), _EACH)]
    files += [each for mode in MODES for each in collected(overridden(mode, 6), _EACH_OF_6)]
    file = tmp_path_factory.mktemp("accepted") / "endpoints.toml"
    found = []
    for each in files:
        stacks, again = synthesized(each.text), synthesized(each.text)
        file.write_text(each.text, encoding="utf-8")
        found.append(Accepted(each.mode, each.text, load(file), stacks, again))
    return found


def test_every_mode_that_has_an_example_is_generated() -> None:
    assert {*EXAMPLES_OF_MODES} <= {*MODES}


def test_enough_of_every_mode_is_accepted(accepted: list[Accepted]) -> None:
    modes = Counter(each.mode for each in accepted)
    assert {*modes} == {*MODES}
    assert all(modes[mode] >= _EACH for mode in BOTH_PROVIDERS)
    assert len({each.text for each in accepted}) == len(accepted)


def test_a_second_synth_is_equal(accepted: list[Accepted]) -> None:
    assert [each.text for each in accepted if each.stacks != each.again] == []


def test_terraform_accepts_what_the_rules_accept(
    accepted: list[Accepted], tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    meant = [each for each in accepted if is_meant_for_the_provider(each.configuration)]
    print(f"{len(accepted)} files are accepted, {len(meant)} of them validated: {Counter(e.mode for e in meant)}")
    assert len(meant) >= EXAMPLES
    assert not refused([(each.text, each.stacks) for each in meant], tmp_path, terraform_environment)
