"""The commands and messages that the documentation names are those of the console script and the workflows."""

import re

import pytest

from tests.examples import ROOT

_OF_TERRAFORM = {
    "SageMaker rolled endpoint",
    "back",
    "unexpected state 'RollingBack'",
    "Provider dependency changes detected",
    "doesn't match any of the checksums",
    "Error acquiring the state lock",
    "Lock Info",
}
_SOURCES = (*ROOT.glob("modules/**/*.py"), *ROOT.glob(".github/scripts/*.sh"))


def test_the_commands_of_the_readme_are_those_of_the_console_script() -> None:
    cli = pytest.importorskip("protected_endpoints.commands.cli")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Console script")[2].partition("\n## ")[0]
    commands = {
        name for row in re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE) for name in re.findall("`(.*?)`", row)
    }
    assert commands
    assert commands <= {*cli.COMMANDS}


def test_the_messages_of_the_workflows_are_written_somewhere() -> None:
    pytest.importorskip("protected_endpoints.commands.cli")
    page = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")
    table = page.partition("| message |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (.*?) \|", table, flags=re.MULTILINE)
    quoted = {part.strip() for cell in cells for text in re.findall("`(.*?)`", cell) for part in text.split("...")}
    source = "\n".join(file.read_text(encoding="utf-8") for file in _SOURCES)
    assert {part for part in quoted - _OF_TERRAFORM if part not in source} == set()
