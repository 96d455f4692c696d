"""docs/rules.md says where each rule is enforced, and it is so."""

import inspect
import re
from pathlib import Path

from protected_endpoints.rules.registry import RULE_SETS
from tests.rules.bounds import BOUNDS

_DOCS = Path(__file__).parent.parent.parent / "docs"
_PAGE = (_DOCS / "rules.md").read_text(encoding="utf-8")
_ROWS = {
    int(number): (enforced, tested)
    for number, enforced, tested in re.findall(r"^\| (\d+) \|.*\| ([^|]*) \| ([^|]*) \|$", _PAGE, flags=re.MULTILINE)
}
_RULES = {rule.id: rule.function for rule_set in RULE_SETS for rule in rule_set.rules.values()}
_CANNOT_APPLY = "cannot apply: "


def _numbers(docstring: str) -> set[int]:
    """Return the numbers that a docstring names, as in `(rules 80 to 82; CapacitySize)`."""
    named = re.search(r"\(rules? ([\d, a-z]+)", docstring)
    ranges = re.findall(r"(\d+)(?: to (\d+))?", named[1]) if named else []
    return {number for first, last in ranges for number in range(int(first), int(last or first) + 1)}


def test_every_rule_has_one_row() -> None:
    assert [*_ROWS] == [*range(1, 107)]


def test_every_row_says_where_it_is_enforced_and_tested_or_why_it_cannot_apply() -> None:
    assert all(enforced.startswith(_CANNOT_APPLY) is not bool(tested) for enforced, tested in _ROWS.values())


def test_a_row_names_the_functions_whose_docstrings_name_its_number() -> None:
    named = {number: {*re.findall(r"rule \[([\w.]+)\]", enforced)} for number, (enforced, _) in _ROWS.items()}
    by_docstring: dict[int, set[str]] = {number: set() for number in _ROWS}
    for name, rule in _RULES.items():
        for number in _numbers(inspect.getdoc(rule) or ""):
            by_docstring[number].add(name)
    # What a rule of our own does for one of AWS's is said in the table alone.
    own = {name for name, rule in _RULES.items() if not _numbers(inspect.getdoc(rule) or "")}
    assert {number: names - own for number, names in named.items()} == by_docstring


def test_every_function_stands_somewhere() -> None:
    assert {*re.findall(r"\[(\w+\.\w+)\]\(\.\./modules/rules/", _PAGE)} == {*_RULES}


def test_every_bound_is_told_and_every_link_leads_somewhere() -> None:
    told = {number for number, (_, tested) in _ROWS.items() if "unit/rules/bounds.py" in tested}
    assert told == {each.number for each in BOUNDS}
    links = re.findall(r"\]\(([^)]+)\)", _PAGE)
    assert {each for each in links if not (_DOCS / each).is_file()} == set()
