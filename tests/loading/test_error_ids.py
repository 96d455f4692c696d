"""The errors that the loader reports itself have ids, which no rule has."""

import re

from protected_endpoints.loading.error_ids import LOADER_ERRORS
from protected_endpoints.rules.registry import RULE_SETS
from tests.examples import ROOT
from tests.loading.support import messages_of_file

_LOADING = ROOT / "modules" / "protected_endpoints" / "loading"
_RULES = {id_ for rule_set in RULE_SETS for id_ in rule_set.rules}


def test_the_list_has_every_id_that_the_loader_uses() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in _LOADING.glob("*.py"))
    assert {*re.findall(r'(?:rule=|_error\(file, )"([\w-]+)"', code)} == {*LOADER_ERRORS}


def test_no_rule_has_the_id_of_a_loader_error() -> None:
    assert {*LOADER_ERRORS} & _RULES == set()


def test_every_message_ends_with_a_known_id() -> None:
    messages = messages_of_file(ROOT / "tests" / "loading" / "fifty_errors.toml")
    ids = {match[1] if (match := re.search(r"; .+ \[([\w-]+)\]$", message)) else message for message in messages}
    assert ids <= {*LOADER_ERRORS} | _RULES
