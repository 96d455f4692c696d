"""The pages that `make schema` writes are up to date."""

from protected_endpoints.loading import reference, rules_page
from tests.examples import ROOT


def test_the_reference_is_up_to_date() -> None:
    page = (ROOT / reference.PAGE).read_text(encoding="utf-8")
    stored = page.partition(reference.BEGIN)[2].partition(reference.END)[0].strip()
    assert stored == reference.reference(), "the tables of the configuration changed: make schema"


def test_the_page_of_rules_is_up_to_date() -> None:
    stored = (ROOT / rules_page.PAGE).read_text(encoding="utf-8")
    assert stored == rules_page.rules_page(), "the rules changed: make schema"
