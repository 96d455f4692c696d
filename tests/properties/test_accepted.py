"""Terraform accepts what the rules accept, and synth is deterministic."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from protected_endpoints.loading.load import Configuration, load
from tests.examples import MODES as EXAMPLES_OF_MODES
from tests.properties.generated_file import files_with_overrides
from tests.properties.modes import BOTH_PROVIDERS, MODES
from tests.properties.support import EXAMPLES, collected, supports_installed_provider, synthesized, validation_errors

_FILES_PER_MODE = -(-EXAMPLES // len(BOTH_PROVIDERS))
# Files with arguments of provider 6 are synthesized, and validated if it is installed.
_FILES_PER_MODE_OF_6 = -(-_FILES_PER_MODE // 10)


@dataclass(frozen=True)
class Accepted:
    """A valid file with the stacks of two synths."""

    mode: str
    text: str
    configuration: Configuration
    stacks: dict[str, str]
    second_stacks: dict[str, str]


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> list[Accepted]:
    """Valid files of every mode, synthesized twice."""
    files = [
        example for mode in BOTH_PROVIDERS for example in collected(files_with_overrides(mode, 5), _FILES_PER_MODE)
    ]
    files += [example for mode in MODES for example in collected(files_with_overrides(mode, 6), _FILES_PER_MODE_OF_6)]
    file = tmp_path_factory.mktemp("accepted") / "endpoints.toml"
    accepted = []
    for example in files:
        stacks, second_stacks = synthesized(example.text), synthesized(example.text)
        file.write_text(example.text, encoding="utf-8")
        accepted.append(Accepted(example.mode, example.text, load(file), stacks, second_stacks))
    return accepted


def test_every_mode_that_has_an_example_is_generated() -> None:
    assert {*EXAMPLES_OF_MODES} <= {*MODES}


def test_enough_of_every_mode_is_accepted(accepted: list[Accepted]) -> None:
    modes = Counter(example.mode for example in accepted)
    assert {*modes} == {*MODES}
    assert all(modes[mode] >= _FILES_PER_MODE for mode in BOTH_PROVIDERS)
    assert len({example.text for example in accepted}) == len(accepted)


def test_a_second_synth_is_equal(accepted: list[Accepted]) -> None:
    assert [example.text for example in accepted if example.stacks != example.second_stacks] == []


def test_terraform_accepts_what_the_rules_accept(
    accepted: list[Accepted], tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    supported = [example for example in accepted if supports_installed_provider(example.configuration)]
    print(
        f"{len(accepted)} files are accepted, {len(supported)} of them validated: {Counter(e.mode for e in supported)}"
    )
    assert len(supported) >= EXAMPLES
    assert not validation_errors(
        [(example.text, example.stacks) for example in supported], tmp_path, terraform_environment
    )
