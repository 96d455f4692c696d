"""The reviews of two synthesized folders find what people reported, and nothing else.

`make snapshots` rewrites the comments in `change_reviews`.
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from protected_endpoints.review.admission.plans import admit_folder
from protected_endpoints.review.plan.synthesized import plans
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review
from tests.field.cases import FOLDER, outcome
from tests.field.changes import CHANGES, FILES, REFUSED, Findings, ReportedChange
from tests.support import write_stacks

_UPDATE = bool(os.environ.get("UPDATE_SNAPSHOTS"))
_TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | None], Path]:
    """Return the folder of a synthesized configuration, and an empty one for None."""
    folders: dict[str | None, Path] = {None: tmp_path_factory.mktemp("empty")}

    def synthesize(name: str | None) -> Path:
        if name is not None and name not in folders:
            folders[name] = tmp_path_factory.mktemp(name)
            write_stacks(FILES[name], folders[name])
        return folders[name]

    return synthesize


@pytest.mark.parametrize(("name", "change"), CHANGES.items(), ids=CHANGES)
def test_a_change_has_its_findings(
    name: str, change: ReportedChange, synthesized: Callable[[str | None], Path]
) -> None:
    base, head = synthesized(change.base), synthesized(name)
    reviews = [Review(plan, (), _TODAY) for plan in admit_folder(plans(base, head), head, (), all_stacks=True)]
    reviews.sort(key=lambda review: review.plan.stack)
    assert _findings(reviews, "block") == change.blocks
    assert _findings(reviews, "warn") == change.warns
    actual = comment(reviews, source="Comparison of two synthesized folders, without the Terraform state")
    expected = FOLDER / "change_reviews" / f"{name}.md"
    if _UPDATE:
        expected.write_text(actual, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == actual, "if the change is intended, run: make snapshots"


@pytest.mark.parametrize(("name", "errors"), REFUSED.items(), ids=REFUSED)
def test_a_configuration_is_refused(name: str, errors: list[str]) -> None:
    assert outcome(FILES[name]).splitlines() == errors


def test_every_file_has_its_outcome() -> None:
    assert {*FILES} == {*CHANGES, *REFUSED}
    assert {file.stem for file in (FOLDER / "change_reviews").iterdir()} == {*CHANGES}


def _findings(reviews: list[Review], severity: str) -> Findings:
    return {
        (review.plan.stack, finding.rule, finding.address)
        for review in reviews
        for finding in review.findings
        if finding.severity == severity
    }
