"""docs/rules.md holds every rule, and docs/limits.md what enforces each requirement of AWS and Terraform."""

import inspect
import re

from protected_endpoints.loading.error_ids import LOADER_ERRORS
from protected_endpoints.loading.rules_page import requirements, rules_page
from protected_endpoints.rules.registry import RULE_SETS
from tests.examples import ROOT
from tests.rules.bounds import BOUNDS

_DOCS = ROOT / "docs"
_LIMITS = (_DOCS / "limits.md").read_text(encoding="utf-8")
_LINKS = dict(re.findall(r"^\[([^\]]+)\]: (\S+)$", _LIMITS, flags=re.MULTILINE))
_ENFORCED, _TESTED = (
    {
        int(row[0]): row[column]
        for row in re.findall(r"^\| (\d+) \| .* \| .* \| ([^|]+) \| ([^|]*)\|$", _LIMITS, flags=re.MULTILINE)
    }
    for column in (1, 2)
)
_RULES = {rule.id: inspect.getdoc(rule.function) or "" for rule_set in RULE_SETS for rule in rule_set.rules.values()}
_NOT_APPLICABLE = "not applicable: "


def test_the_page_has_one_row_for_each_id() -> None:
    ids = re.findall(r"^\| `([\w-]+)` \|", rules_page(), flags=re.MULTILINE)
    assert sorted(ids) == sorted([*_RULES, *LOADER_ERRORS])


def test_every_row_has_a_reason() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| ([^|]*) \|", rules_page(), flags=re.MULTILINE)
    assert {name for name, reason in rows if not reason.endswith(".")} == set()


def test_numbers_and_ranges_are_requirements() -> None:
    assert requirements("A sentence (rule 7).") == (7,)
    assert requirements("A sentence (rules 5, 7 and 80 to 82; CapacitySize 90).") == (5, 7, 80, 81, 82)
    assert requirements("A sentence (KMS guide).") == ()


def test_every_requirement_has_one_row() -> None:
    assert re.findall(r"^\| (\d+) \|", _LIMITS, flags=re.MULTILINE) == [str(number) for number in range(1, 107)]
    assert [*_ENFORCED] == [*range(1, 107)]


def test_every_row_names_how_it_is_enforced_or_why_it_cannot_apply() -> None:
    for number, enforced in _ENFORCED.items():
        assert re.match(rf"rules|rule `|field `|built in: |{_NOT_APPLICABLE}", enforced), number


def test_a_row_names_rules_exactly_where_a_rule_names_its_number() -> None:
    by_rules = {number for docstring in _RULES.values() for number in requirements(docstring)}
    assert {number for number, enforced in _ENFORCED.items() if enforced.startswith("rules")} == by_rules


def test_a_row_names_only_rules_that_exist() -> None:
    assert {*re.findall(r"rule `([\w-]+)`", _LIMITS)} <= {*_RULES}


def test_what_is_not_enforced_by_rules_alone_has_a_test() -> None:
    outside = {number for number, enforced in _ENFORCED.items() if re.search(r"field `|built in: ", enforced)}
    assert {number for number, tested in _TESTED.items() if tested.strip()} == outside


def test_every_bound_has_its_row() -> None:
    assert {number for number, tested in _TESTED.items() if "[bounds.py]" in tested} == {
        bound.number for bound in BOUNDS
    }


def test_every_name_is_defined_in_the_file_beside_it() -> None:
    names = re.findall(r"(?:field )?`(?:\w+\.)?(\w+)` \(\[([^\]]+)\]\)", _LIMITS)
    statements = re.findall(r"statement (\w+) of the [\w ]+ \(\[([^\]]+)\]\)", _LIMITS)
    assert len(names) > len(BOUNDS) / 4
    missing = {
        (name, file)
        for name, file in (*names, *statements)
        if not re.search(rf"\b{name}\b", (_DOCS / _LINKS[file]).read_text(encoding="utf-8"))
    }
    assert missing == set()


def test_every_link_of_both_pages_leads_to_a_file() -> None:
    references = set(re.findall(r"(?<!\])\[([\w./ ]+)\](?!\(|:)", _LIMITS))
    assert references == {*_LINKS}
    links = {*_LINKS.values(), *re.findall(r"\]\(([^)]+)\)", _LIMITS + rules_page())}
    assert {link for link in links if not (_DOCS / link).is_file()} == set()
