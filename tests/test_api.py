"""The public API: what it contains was reviewed, everything in it is documented, and it loads when it is used."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import BaseModel

import protected_endpoints
from protected_endpoints.config.table import ConfigTable
from protected_endpoints.loading.described_schema import attribute_docstrings
from tests.api import PUBLIC, TABLES, api_text, is_member, is_number, summary
from tests.examples import ROOT

_SNAPSHOT = Path(__file__).parent / "snapshots" / "api.txt"
_UNIT = re.compile(r"\b(GB|MB|seconds|[Dd]ays|[Pp]ercentage|[Nn]umber|Share of)\b")


def test_the_api_is_the_one_that_was_reviewed() -> None:
    if os.environ.get("UPDATE_SNAPSHOTS"):
        _SNAPSHOT.write_text(api_text(), encoding="utf-8")
    expected = _SNAPSHOT.read_text(encoding="utf-8")
    assert api_text() == expected, "the API changed; if this is intended: make snapshots, and review the diff"


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_a_docstring(name: str) -> None:
    assert summary(PUBLIC[name]).endswith(".")
    members = vars(PUBLIC[name]) if isinstance(PUBLIC[name], type) else {}
    assert [key for key, member in members.items() if is_member(key, member) and not member.__doc__] == []


@pytest.mark.parametrize("name", TABLES)
def test_a_key_of_a_table_has_a_description_and_a_number_has_a_unit(name: str) -> None:
    docstrings = attribute_docstrings(TABLES[name])
    descriptions = {key: docstrings.get(key, "") for key in TABLES[name].model_fields}
    numbers = {key for key, annotation in get_type_hints(TABLES[name]).items() if is_number(annotation)}
    assert {key for key, text in descriptions.items() if not text.endswith(".")} == set()
    assert {key for key in numbers if not _UNIT.search(descriptions[key])} == set()


def test_every_table_of_the_file_is_public() -> None:
    assert {*_subclasses(ConfigTable)} == {*TABLES.values()}


def _subclasses(table: type[BaseModel]) -> list[type[BaseModel]]:
    return [
        found
        for subclass in table.__subclasses__()
        if subclass.__module__.startswith("protected_endpoints.")
        for found in (subclass, *_subclasses(subclass))
    ]


def test_a_table_loads_without_node_and_the_package_without_pydantic() -> None:
    program = (
        "import sys, protected_endpoints\n"
        "assert 'pydantic' not in sys.modules\n"
        "protected_endpoints.Endpoint, protected_endpoints.load\n"
        "print(*{'cdktf', 'constructs', 'jsii'} & {*sys.modules})\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "modules")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'protected_endpoints' has no attribute 'Endpiont'"):
        protected_endpoints.__getattr__("Endpiont")
