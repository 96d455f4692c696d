"""No statement of a policy can be weakened in a plan without a finding that blocks or warns.

The policies are those of a real plan of the example of the reviews. Each statement is weakened in every way of
`_WEAKENINGS`, on its own; the plan then says that it is updated from what it was.
"""

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules import findings
from tests.examples import ROOT
from tests.review.fragments import Json

_ATTRIBUTES = ("policy", "assume_role_policy")
_SOMEBODY = "arn:aws:iam::999988887777:role/somebody"
_WEAKER = Callable[[Json], Json | None]


@cache
def _plan() -> str:
    return (ROOT / "tests/plans/no-op.json").read_text(encoding="utf-8")


def _policies() -> Iterator[tuple[int, str]]:
    """Yield the places of the policies; that of a bucket is what AWS answers, and `aws_s3_bucket_policy` decides."""
    for index, each in enumerate(json.loads(_plan())["resource_changes"]):
        for attribute in _ATTRIBUTES if each["type"] != "aws_s3_bucket" else ():
            if isinstance((each["change"]["after"] or {}).get(attribute), str):
                yield index, attribute


def _allows(statement: Json) -> bool:
    return bool(statement["Effect"] == "Allow")


def _is_bound(statement: Json) -> bool:
    """Return whether a condition names the principals, so that it says nothing who is named as `Principal`."""
    return any("aws:PrincipalArn" in by_key for by_key in statement.get("Condition", {}).values())


def _without_condition(statement: Json) -> Json | None:
    if not _allows(statement) or "Condition" not in statement:
        return None
    return {key: value for key, value in statement.items() if key != "Condition"}


def _if_exists(statement: Json) -> Json | None:
    """Let a request through that has no such key, which is another operator."""
    if not _allows(statement) or "Condition" not in statement:
        return None
    weak = {f"{operator}IfExists": by_key for operator, by_key in statement["Condition"].items()}
    return {**statement, "Condition": weak}


def _any_value(statement: Json) -> Json | None:
    if not _allows(statement) or "Condition" not in statement:
        return None
    keys = [key for by_key in statement["Condition"].values() for key in by_key]
    return {**statement, "Condition": {"StringLike": dict.fromkeys(keys, "*")}}


def _every_action(statement: Json) -> Json | None:
    return {**statement, "Action": "*"} if _allows(statement) else None


def _another_action(statement: Json) -> Json | None:
    before = statement["Action"] if isinstance(statement.get("Action"), list) else [statement.get("Action")]
    return {**statement, "Action": [*before, "iam:PassRole"]} if _allows(statement) else None


def _all_actions_but_one(statement: Json) -> Json | None:
    if not _allows(statement):
        return None
    return {**{key: value for key, value in statement.items() if key != "Action"}, "NotAction": "iam:CreateUser"}


def _all_resources_but_one(statement: Json) -> Json | None:
    if not _allows(statement) or statement.get("Resource", "*") in ("*", ["*"]):
        return None  # of everything already
    kept = {key: value for key, value in statement.items() if key != "Resource"}
    return {**kept, "NotResource": "arn:aws:s3:::of-no-interest"}


def _another_principal(statement: Json) -> Json | None:
    if not _allows(statement) or "Principal" not in statement or _is_bound(statement):
        return None
    return {**statement, "Principal": {"AWS": [_SOMEBODY]}}


def _all_principals_but_one(statement: Json) -> Json | None:
    if not _allows(statement) or "Principal" not in statement or _is_bound(statement):
        return None
    kept = {key: value for key, value in statement.items() if key != "Principal"}
    return {**kept, "NotPrincipal": {"AWS": _SOMEBODY}}


def _gone(statement: Json) -> Json | None:
    return None if _allows(statement) else {}


def _of_another_action(statement: Json) -> Json | None:
    kept = {key: value for key, value in statement.items() if key != "NotAction"}
    return None if _allows(statement) else {**kept, "Action": "s3:GetBucketTagging"}


def _of_another_resource(statement: Json) -> Json | None:
    kept = {key: value for key, value in statement.items() if key != "NotResource"}
    return None if _allows(statement) else {**kept, "Resource": "arn:aws:s3:::of-no-interest"}


def _for_somebody(statement: Json) -> Json | None:
    return None if _allows(statement) or "Principal" not in statement else {**statement, "Principal": {"AWS": "a"}}


def _with_a_condition_more(statement: Json) -> Json | None:
    more = {**statement.get("Condition", {}), "StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "x"}}
    return None if _allows(statement) else {**statement, "Condition": more}


def _but_for_somebody(statement: Json) -> Json | None:
    """Leave a role of our own out of a denial, by one name more in its condition or by a condition."""
    condition = copy.deepcopy(statement.get("Condition", {}))
    named = condition.setdefault("ArnNotEquals", {}).setdefault("aws:PrincipalArn", [])
    condition["ArnNotEquals"]["aws:PrincipalArn"] = [*([named] if isinstance(named, str) else named), _SOMEBODY]
    return None if _allows(statement) else {**statement, "Condition": condition}


def _but_for_everybody(statement: Json) -> Json | None:
    changed = _but_for_somebody(statement)
    return changed and json.loads(json.dumps(changed).replace(_SOMEBODY, "*"))


_WEAKENINGS: tuple[_WEAKER, ...] = (
    _without_condition,
    _if_exists,
    _any_value,
    _every_action,
    _another_action,
    _all_actions_but_one,
    _all_resources_but_one,
    _another_principal,
    _all_principals_but_one,
    _gone,
    _of_another_action,
    _of_another_resource,
    _for_somebody,
    _with_a_condition_more,
    _but_for_somebody,
    _but_for_everybody,
)


def _weakened(weaker: _WEAKER) -> Iterator[tuple[str, Json]]:
    """Yield a name and the plan for each statement that can be weakened so."""
    for index, attribute in _policies():
        plan = json.loads(_plan())
        changed = plan["resource_changes"][index]
        document = json.loads(changed["change"]["after"][attribute])
        for position, statement in enumerate(document["Statement"]):
            after = weaker(copy.deepcopy(statement))
            if after is None or after == statement:
                continue
            statements = [*document["Statement"]]
            statements[position : position + 1] = [after] if after else []
            changed["change"]["actions"] = ["update"]
            text = json.dumps({**document, "Statement": statements})
            changed["change"]["after"] = {**changed["change"]["before"], attribute: text}
            yield f"{changed['address']} {statement.get('Sid')}", copy.deepcopy(plan)


@pytest.mark.parametrize("weaker", _WEAKENINGS, ids=lambda each: each.__name__.strip("_"))
def test_no_statement_is_weakened_unseen(weaker: _WEAKER) -> None:
    weakened = dict(_weakened(weaker))
    assert weakened
    unseen = [
        name
        for name, plan in weakened.items()
        if not any(
            each.severity in ("block", "warn")
            for each in findings(ReviewContext(parse_plan(plan, "dev-kmeans", "plan")))
        )
    ]
    assert unseen == []
