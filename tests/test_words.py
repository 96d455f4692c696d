"""The project uses the terms of AWS, Terraform, CDKTF and IAM: no text of it contains a phrase of `tests.words`."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples import ROOT
from tests.words import BANNED

_PHRASES = [(re.compile(rf"\b(?:{phrase})\b", re.IGNORECASE), better) for phrase, better in BANNED.items()]
_AREAS = {
    "package": [*ROOT.glob("modules/**/*.py"), ROOT / "main.py"],
    "sandbox": [*ROOT.glob("sandbox/**/*.py"), *ROOT.glob("bench/**/*.py")],
    "documentation": [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")],
    "examples": [*ROOT.glob("examples/*.toml")],
    "automation": [
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        *ROOT.glob(".github/**/*.yml"),
        *(script for folder in (".github", "modules", "scripts") for script in ROOT.glob(f"{folder}/**/*.sh")),
    ],
}
# The description of a security group rule: another text would change the rule of every deployed endpoint.
_DEPLOYED = "S3, for the artefact and what is recorded"


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers; of Python only strings and comments."""
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        yield from enumerate(source.splitlines(), 1)
        return
    kinds = {tokenize.STRING, tokenize.COMMENT} | {getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in kinds:
            yield from enumerate(token.string.splitlines(), token.start[0])


def phrases(file: Path) -> list[str]:
    """Return each banned phrase of a file with its place and a better word."""
    return [
        f"{file.relative_to(ROOT)}:{number}: {match[0]!r}; write {better!r}"
        for number, line in texts(file)
        for phrase, better in _PHRASES
        for match in phrase.finditer(line.replace(_DEPLOYED, ""))
    ]


@pytest.mark.parametrize("area", _AREAS)
def test_no_text_contains_a_banned_phrase(area: str) -> None:
    files = [file for file in _AREAS[area] if not {"node_modules", ".venv", "cdktf.out"} & {*file.parts}]
    assert files
    assert [phrase for file in files for phrase in phrases(file)] == []


def test_a_phrase_is_found_in_strings_and_comments_and_not_in_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "example.py"
    file.write_text('whoever = 1  # Whoever\ntext = """a\nartefact\n"""\nfine = "whoeverness"\n')
    monkeypatch.setattr("tests.test_words.ROOT", tmp_path)
    assert [phrase.partition(";")[0] for phrase in phrases(file)] == [
        "example.py:1: 'Whoever'",
        "example.py:3: 'artefact'",
    ]
