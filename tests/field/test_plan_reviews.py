"""The reviews of plans that people reported find what is in them, and nothing else.

`make snapshots` rewrites the comments in `reviews`.
"""

import json
import os
import re
from dataclasses import replace
from datetime import date

import pytest

from protected_endpoints.review.admission.plans import admit_plans
from protected_endpoints.review.findings import NOT_ADMITTED
from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review
from tests.field.cases import FOLDER
from tests.field.plans import PLANS, UNREADABLE
from tests.field.reported_plan import Findings, ReportedPlan
from tests.review.fragments import Json

_UPDATE = bool(os.environ.get("UPDATE_SNAPSHOTS"))
_TODAY = date(2026, 11, 26)


def _review(name: str, raw: Json, reported: ReportedPlan) -> Review:
    """Return the review of a plan, with what is not admitted of its subject.

    The plan has a part of a stack, so that what this project always writes beside that part is missing.
    """
    (plan,) = admit_plans([parse_plan(json.loads(json.dumps(raw)), name, f"{name}.json")], ())
    subjects = {address for rule, address in reported.blocks if rule == NOT_ADMITTED}
    problems = tuple(problem for problem in plan.not_admitted if problem.address in subjects)
    return Review(replace(plan, not_admitted=problems), (), _TODAY)


def _findings(review: Review, severity: str) -> Findings:
    return {(finding.rule, finding.address) for finding in review.findings if finding.severity == severity}


@pytest.mark.parametrize(("name", "plan"), PLANS.items(), ids=PLANS)
def test_a_plan_has_its_findings(name: str, plan: ReportedPlan) -> None:
    review = _review(name, plan.raw(), plan)
    blocks, warns = (_findings(review, severity) for severity in ("block", "warn"))
    assert plan.blocks - blocks == set()
    assert plan.warns - warns == set()
    assert review.is_blocked is bool(plan.blocks)
    assert plan.blocks or warns == plan.warns


@pytest.mark.parametrize(("name", "plan"), PLANS.items(), ids=PLANS)
def test_the_comment_is_the_expected_one(name: str, plan: ReportedPlan) -> None:
    actual, expected = comment([_review(name, plan.raw(), plan)], source="Plan"), FOLDER / "reviews" / f"{name}.md"
    if _UPDATE:
        expected.write_text(actual, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == actual, "if the change is intended, run: make snapshots"


@pytest.mark.parametrize(("name", "plan"), PLANS.items(), ids=PLANS)
def test_a_plan_without_its_configuration_blocks(name: str, plan: ReportedPlan) -> None:
    blocks = _findings(_review(name, plan.raw(is_configured=False), plan), "block")
    types = {(rule, address) for rule, address in plan.blocks if rule == NOT_ADMITTED and "." not in address}
    assert {("plan-incomplete", "plan"), *types} <= blocks


@pytest.mark.parametrize(("name", "plan", "message"), [(name, *case) for name, case in UNREADABLE.items()])
def test_a_plan_that_cannot_be_read_is_one_message(name: str, plan: ReportedPlan, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        _review(name, plan.raw(), plan)
    assert str(refused.value) == f"{name}.json: {message}"


def test_every_expected_comment_has_its_plan() -> None:
    assert {file.stem for file in (FOLDER / "reviews").iterdir()} == {*PLANS}


@pytest.mark.parametrize("name", PLANS)
def test_a_comment_has_no_value_of_python(name: str) -> None:
    text = (FOLDER / "reviews" / f"{name}.md").read_text(encoding="utf-8")
    assert re.findall(r"\b(?:None|True|False|Unknown|Hidden)\b", text) == []
