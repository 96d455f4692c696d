"""A mutated file has readable errors, or Terraform accepts its stacks."""

from pathlib import Path

import pytest

from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.load import Configuration, load
from tests.properties.modes import BOTH_PROVIDERS
from tests.properties.mutated import mutated_files
from tests.properties.support import EXAMPLES, collected, supports_installed_provider, synthesized, validation_errors

_FILES_PER_MODE = -(-EXAMPLES // len(BOTH_PROVIDERS))


@pytest.fixture(scope="module")
def messages_by_text(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str] | None]:
    """The error messages of many mutated files, or None for those that are still valid."""
    folder = tmp_path_factory.mktemp("mutated")
    messages_by_text: dict[str, list[str] | None] = {}
    for file in (example for mode in BOTH_PROVIDERS for example in collected(mutated_files(mode, 5), _FILES_PER_MODE)):
        try:
            _loaded(folder, file.text)
        except ConfigurationError as error:
            messages_by_text[file.text] = [str(problem) for problem in error.problems]
        except Exception as error:
            error.add_note(file.text)
            raise
        else:
            messages_by_text[file.text] = None
    return messages_by_text


def test_some_changes_are_rejected_and_some_are_not(messages_by_text: dict[str, list[str] | None]) -> None:
    assert len(messages_by_text) >= EXAMPLES
    assert 0.4 < sum(messages is not None for messages in messages_by_text.values()) / len(messages_by_text) < 0.9


def test_every_message_has_a_path_a_problem_and_a_suggestion(messages_by_text: dict[str, list[str] | None]) -> None:
    for text, messages in messages_by_text.items():
        for message in messages or ():
            path, _, remainder = message.partition(": ")
            problem, _, suggestion = remainder.rpartition("; ")
            assert all(part.strip() for part in (path, problem, suggestion)), f"{message}\n{text}"
            assert "\n" not in message
        assert len(messages or ()) == len({*(messages or ())})


def test_terraform_accepts_every_change_that_the_rules_accept(
    messages_by_text: dict[str, list[str] | None], tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    valid = [text for text, messages in messages_by_text.items() if messages is None]
    supported = [text for text in valid if supports_installed_provider(_loaded(tmp_path, text))]
    assert len(supported) > EXAMPLES / 10
    print(f"{len(valid)} of {len(messages_by_text)} changed files are accepted, {len(supported)} of them validated")
    assert not validation_errors([(text, synthesized(text)) for text in supported], tmp_path, terraform_environment)


def _loaded(folder: Path, text: str) -> Configuration:
    file = folder / "endpoints.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)
