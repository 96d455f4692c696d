"""No statement of a policy can be weakened in a plan without a finding that blocks or warns.

The policies are those of a real plan of the example of the reviews. Each statement is weakened in every way of
`WEAKENINGS`, on its own; in the plan the policy is then updated.
"""

import copy
import json
from collections.abc import Iterator
from functools import cache

import pytest

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules import findings
from tests.examples import ROOT
from tests.review.attacks.statements import WEAKENINGS, Weakening
from tests.review.fragments import Json

_ATTRIBUTES = ("policy", "assume_role_policy")


@cache
def _plan() -> Json:
    plan: Json = json.loads((ROOT / "tests/plans/no-op.json").read_text(encoding="utf-8"))
    return plan


def _policies() -> Iterator[tuple[int, str]]:
    """Yield the index and attribute of every policy; the one in a bucket repeats its `aws_s3_bucket_policy`."""
    for index, change in enumerate(_plan()["resource_changes"]):
        for attribute in _ATTRIBUTES if change["type"] != "aws_s3_bucket" else ():
            if isinstance((change["change"]["after"] or {}).get(attribute), str):
                yield index, attribute


def _weakened(weakening: Weakening) -> Iterator[tuple[str, Json]]:
    """Yield a name and the plan for each statement that can be weakened so."""
    for index, attribute in _policies():
        unchanged = _plan()["resource_changes"][index]
        document = json.loads(unchanged["change"]["after"][attribute])
        for position, statement in enumerate(document["Statement"]):
            after = weakening(copy.deepcopy(statement))
            if after is None or after == statement:
                continue
            statements = [*document["Statement"]]
            statements[position : position + 1] = [after] if after else []
            text = json.dumps({**document, "Statement": statements})
            yield f"{unchanged['address']} {statement.get('Sid')}", _updated(index, attribute, text)


def _updated(index: int, attribute: str, policy: str) -> Json:
    """Return the plan in which a policy is updated; it shares everything else with the one that changes nothing."""
    changes = [*_plan()["resource_changes"]]
    change = changes[index]["change"]
    updated = {**change, "actions": ["update"], "after": {**change["before"], attribute: policy}}
    changes[index] = {**changes[index], "change": updated}
    return {**_plan(), "resource_changes": changes}


@pytest.mark.parametrize("weakening", WEAKENINGS, ids=lambda weakening: weakening.__name__.strip("_"))
def test_every_weakened_statement_is_reported(weakening: Weakening) -> None:
    weakened = dict(_weakened(weakening))
    assert weakened
    unreported = [
        name
        for name, plan in weakened.items()
        if not any(
            finding.severity in ("block", "warn")
            for finding in findings(ReviewContext(parse_plan(plan, "dev-kmeans", "plan")))
        )
    ]
    assert unreported == []
