"""No statement of a policy can be weakened in a plan without a finding that blocks or warns.

The policies are those of a real plan of the example of the reviews. Each statement is weakened in every way of
`_WEAKENINGS`, on its own; in the plan the policy is then updated.
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
_OTHER_ROLE = "arn:aws:iam::999988887777:role/other"
_Weakening = Callable[[Json], Json | None]


@cache
def _plan() -> str:
    return (ROOT / "tests/plans/no-op.json").read_text(encoding="utf-8")


def _policies() -> Iterator[tuple[int, str]]:
    """Yield the index and attribute of every policy; the one in a bucket repeats its `aws_s3_bucket_policy`."""
    for index, change in enumerate(json.loads(_plan())["resource_changes"]):
        for attribute in _ATTRIBUTES if change["type"] != "aws_s3_bucket" else ():
            if isinstance((change["change"]["after"] or {}).get(attribute), str):
                yield index, attribute


def _allows(statement: Json) -> bool:
    return bool(statement["Effect"] == "Allow")


def _names_principals(statement: Json) -> bool:
    """Return whether a condition names the principals, so that `Principal` does not decide."""
    return any("aws:PrincipalArn" in by_key for by_key in statement.get("Condition", {}).values())


def _without_condition(statement: Json) -> Json | None:
    if not _allows(statement) or "Condition" not in statement:
        return None
    return {key: value for key, value in statement.items() if key != "Condition"}


def _if_exists(statement: Json) -> Json | None:
    """Allow a request without the condition key, by another operator."""
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
        return None  # every resource already
    others = {key: value for key, value in statement.items() if key != "Resource"}
    return {**others, "NotResource": "arn:aws:s3:::unrelated"}


def _another_principal(statement: Json) -> Json | None:
    if not _allows(statement) or "Principal" not in statement or _names_principals(statement):
        return None
    return {**statement, "Principal": {"AWS": [_OTHER_ROLE]}}


def _all_principals_but_one(statement: Json) -> Json | None:
    if not _allows(statement) or "Principal" not in statement or _names_principals(statement):
        return None
    others = {key: value for key, value in statement.items() if key != "Principal"}
    return {**others, "NotPrincipal": {"AWS": _OTHER_ROLE}}


def _removed(statement: Json) -> Json | None:
    return None if _allows(statement) else {}


def _of_another_action(statement: Json) -> Json | None:
    others = {key: value for key, value in statement.items() if key != "NotAction"}
    return None if _allows(statement) else {**others, "Action": "s3:GetBucketTagging"}


def _of_another_resource(statement: Json) -> Json | None:
    others = {key: value for key, value in statement.items() if key != "NotResource"}
    return None if _allows(statement) else {**others, "Resource": "arn:aws:s3:::unrelated"}


def _for_one_principal(statement: Json) -> Json | None:
    return None if _allows(statement) or "Principal" not in statement else {**statement, "Principal": {"AWS": "a"}}


def _with_another_condition(statement: Json) -> Json | None:
    more = {**statement.get("Condition", {}), "StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "x"}}
    return None if _allows(statement) else {**statement, "Condition": more}


def _except_one_principal(statement: Json) -> Json | None:
    """Exempt one more role from a denial, by one more value of its condition or by a condition."""
    condition = copy.deepcopy(statement.get("Condition", {}))
    named = condition.setdefault("ArnNotEquals", {}).setdefault("aws:PrincipalArn", [])
    condition["ArnNotEquals"]["aws:PrincipalArn"] = [*([named] if isinstance(named, str) else named), _OTHER_ROLE]
    return None if _allows(statement) else {**statement, "Condition": condition}


def _except_everyone(statement: Json) -> Json | None:
    changed = _except_one_principal(statement)
    return changed and json.loads(json.dumps(changed).replace(_OTHER_ROLE, "*"))


_WEAKENINGS: tuple[_Weakening, ...] = (
    _without_condition,
    _if_exists,
    _any_value,
    _every_action,
    _another_action,
    _all_actions_but_one,
    _all_resources_but_one,
    _another_principal,
    _all_principals_but_one,
    _removed,
    _of_another_action,
    _of_another_resource,
    _for_one_principal,
    _with_another_condition,
    _except_one_principal,
    _except_everyone,
)


def _weakened(weakening: _Weakening) -> Iterator[tuple[str, Json]]:
    """Yield a name and the plan for each statement that can be weakened so."""
    for index, attribute in _policies():
        plan = json.loads(_plan())
        changed = plan["resource_changes"][index]
        document = json.loads(changed["change"]["after"][attribute])
        for position, statement in enumerate(document["Statement"]):
            after = weakening(copy.deepcopy(statement))
            if after is None or after == statement:
                continue
            statements = [*document["Statement"]]
            statements[position : position + 1] = [after] if after else []
            changed["change"]["actions"] = ["update"]
            text = json.dumps({**document, "Statement": statements})
            changed["change"]["after"] = {**changed["change"]["before"], attribute: text}
            yield f"{changed['address']} {statement.get('Sid')}", copy.deepcopy(plan)


@pytest.mark.parametrize("weakening", _WEAKENINGS, ids=lambda weakening: weakening.__name__.strip("_"))
def test_every_weakened_statement_is_reported(weakening: _Weakening) -> None:
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
