"""Whatever is changed in a file, it is refused in words, or Terraform accepts what becomes of it."""

from pathlib import Path

import pytest

from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.load import Configuration, load
from tests.properties.modes import BOTH_PROVIDERS
from tests.properties.mutated import mutated
from tests.properties.support import EXAMPLES, collected, is_meant_for_the_provider, refused, synthesized

_EACH = -(-EXAMPLES // len(BOTH_PROVIDERS))


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str] | None]:
    """What is wrong with each of many changed files, or None where they are still right."""
    folder = tmp_path_factory.mktemp("mutated")
    found: dict[str, list[str] | None] = {}
    for each in (example for mode in BOTH_PROVIDERS for example in collected(mutated(mode, 5), _EACH)):
        try:
            _loaded(folder, each.text)
        except ConfigurationError as error:
            found[each.text] = [str(problem) for problem in error.problems]
        except Exception as error:
            error.add_note(each.text)
            raise
        else:
            found[each.text] = None
    return found


def test_some_changes_are_rejected_and_some_are_not(judged: dict[str, list[str] | None]) -> None:
    assert len(judged) >= EXAMPLES
    assert 0.4 < sum(messages is not None for messages in judged.values()) / len(judged) < 0.9


def test_every_message_has_a_path_a_problem_and_a_suggestion(judged: dict[str, list[str] | None]) -> None:
    for text, messages in judged.items():
        for message in messages or ():
            path, _, rest = message.partition(": ")
            wrong, _, fix = rest.rpartition("; ")
            assert all(part.strip() for part in (path, wrong, fix)), f"{message}\n{text}"
            assert "\n" not in message
        assert len(messages or ()) == len({*(messages or ())})


def test_terraform_accepts_every_change_that_the_rules_accept(
    judged: dict[str, list[str] | None], tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    right = [text for text, messages in judged.items() if messages is None]
    meant = [text for text in right if is_meant_for_the_provider(_loaded(tmp_path, text))]
    assert len(meant) > EXAMPLES / 10
    print(f"{len(right)} of {len(judged)} changed files are accepted, {len(meant)} of them validated")
    assert not refused([(text, synthesized(text)) for text in meant], tmp_path, terraform_environment)


def _loaded(folder: Path, text: str) -> Configuration:
    file = folder / "endpoints.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)
