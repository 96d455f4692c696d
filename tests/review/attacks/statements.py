"""Every way in which one statement of a policy is weakened, and a whole policy."""

import copy
import json
import re
from collections.abc import Callable, Iterator

from tests.review.attacks.attack import Json

OTHER_ACCOUNT = "999988887777"
_OTHER_ROLE = f"arn:aws:iam::{OTHER_ACCOUNT}:role/other"
Weakening = Callable[[Json], Json | None]  # the statement after it, {} without it, None if it has no such weakness


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


def _allowed(statement: Json) -> Json | None:
    """Allow what was denied."""
    return None if _allows(statement) else {**statement, "Effect": "Allow"}


def _negated(statement: Json) -> Json | None:
    """Require the opposite of a condition."""
    condition = {_opposite(operator): by_key for operator, by_key in statement.get("Condition", {}).items()}
    return {**statement, "Condition": condition} if condition else None


def _opposite(operator: str) -> str:
    for positive, negative in (("Equals", "NotEquals"), ("Like", "NotLike")):
        if negative in operator:
            return operator.replace(negative, positive)
        if positive in operator:
            return operator.replace(positive, negative)
    return f"{operator}IfExists"


def _one_condition_less(statement: Json) -> Json | None:
    """Remove the first key of the condition of a permission."""
    keys = [(operator, key) for operator, by_key in statement.get("Condition", {}).items() for key in by_key]
    if not _allows(statement) or len(keys) < 2:
        return None
    condition = copy.deepcopy(statement["Condition"])
    del condition[keys[0][0]][keys[0][1]]
    return {**statement, "Condition": {operator: by_key for operator, by_key in condition.items() if by_key}}


def _one_more_value(statement: Json) -> Json | None:
    """Add a value of another account, VPC or bucket to each condition of a permission."""
    condition = copy.deepcopy(statement.get("Condition", {}))
    if not _allows(statement) or not condition:
        return None
    for by_key in condition.values():
        for key, values in by_key.items():
            by_key[key] = [*([values] if isinstance(values, str) else values), _of_others(key)]
    return {**statement, "Condition": condition}


def _of_others(key: str) -> str:
    name = key.lower()
    if "arn" in name:
        return _OTHER_ROLE
    if "account" in name:
        return OTHER_ACCOUNT
    return "false" if name == "aws:securetransport" else "vpc-0fffffff"


def _of_another_account(statement: Json) -> Json | None:
    """Write another account instead of the own one, wherever it stands in a permission."""
    text = json.dumps(statement)
    return json.loads(re.sub(r"(?<!\d)\d{12}(?!\d)", OTHER_ACCOUNT, text)) if _allows(statement) else None


def _of_another_region(statement: Json) -> Json | None:
    text = json.dumps(statement)
    return json.loads(re.sub(r"\b(us-west-2|eu-west-1)\b", "ap-south-1", text)) if _allows(statement) else None


def _every_action_of_the_service(statement: Json) -> Json | None:
    actions = _as_list(statement.get("Action", []))
    if not _allows(statement) or not actions:
        return None
    return {**statement, "Action": sorted({f"{action.partition(':')[0]}:*" for action in actions})}


def _longer_resource(statement: Json) -> Json | None:
    """Allow every resource whose name begins like the named ones."""
    resources = _as_list(statement.get("Resource", []))
    if not _allows(statement) or not resources or all(resource.endswith("*") for resource in resources):
        return None
    return {**statement, "Resource": [f"{resource.rstrip('*')}*" for resource in resources]}


def _every_resource(statement: Json) -> Json | None:
    if not _allows(statement) or statement.get("Resource", "*") in ("*", ["*"]):
        return None
    return {**statement, "Resource": "*"}


def _one_more_resource(statement: Json) -> Json | None:
    """Allow the same on the resource of another name."""
    resources = _as_list(statement.get("Resource", []))
    if not _allows(statement) or not resources or "*" in resources:
        return None
    return {**statement, "Resource": [*resources, _named_otherwise(resources[0])]}


def _resource_moved(statement: Json) -> Json | None:
    """Allow the same on the resource of another name instead."""
    resources = _as_list(statement.get("Resource", []))
    if not _allows(statement) or not resources or "*" in resources:
        return None
    return {**statement, "Resource": [_named_otherwise(resource) for resource in resources]}


def _named_otherwise(resource: str) -> str:
    if resource.startswith("${"):
        return re.sub(r"\$\{(data\.)?([\w-]+)\.[\w-]+\.", r"${\1\2.Other.", resource)
    head, colon, name = resource.rpartition(":")
    return (
        f"{head}{colon}{name.partition('/')[0]}-others/*"
        if "/" not in name
        else (f"{head}{colon}{'others' if head.startswith('arn:aws:s3') else name.partition('/')[0]}/others")
    )


def _public(statement: Json) -> Json | None:
    return {**statement, "Principal": "*"} if _names_a_principal(statement) else None


def _another_account_as_well(statement: Json) -> Json | None:
    if not _names_a_principal(statement):
        return None
    principal = statement["Principal"]
    if principal == "*":
        return None
    roots = [*_as_list(principal.get("AWS", [])), f"arn:aws:iam::{OTHER_ACCOUNT}:root"]
    return {**statement, "Principal": {**principal, "AWS": roots}}


def _another_service_as_well(statement: Json) -> Json | None:
    if not _names_a_principal(statement) or statement["Principal"] == "*":
        return None
    services = [*_as_list(statement["Principal"].get("Service", [])), "lambda.amazonaws.com"]
    return {**statement, "Principal": {**statement["Principal"], "Service": services}}


def _federated(statement: Json) -> Json | None:
    if not _names_a_principal(statement) or statement["Principal"] == "*":
        return None
    return {**statement, "Principal": {**statement["Principal"], "Federated": "accounts.google.com"}}


def _names_a_principal(statement: Json) -> bool:
    return _allows(statement) and "Principal" in statement and not _names_principals(statement)


def _unknown_element(statement: Json) -> Json | None:
    return {**statement, "Unknown": "x"}


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


# Permissions that an attacker adds to a policy, by what they are for.
_GAINS = {
    "every action": ("*", "*"),
    "pass a role": ("iam:PassRole", "arn:aws:iam::111122223333:role/admin"),
    "write a policy": ("iam:PutRolePolicy", "*"),
    "assume a role": ("sts:AssumeRole", "arn:aws:iam::111122223333:role/admin"),
    "decrypt": ("kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/0"),
    "read a bucket": ("s3:GetObject", "arn:aws:s3:::payroll/*"),
    "read a secret": ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:111122223333:secret:x"),
    "run code": ("lambda:InvokeFunction", "arn:aws:lambda:us-west-2:111122223333:function:x"),
    "run a command": ("ssm:SendCommand", "*"),
    "create a stack": ("cloudformation:CreateStack", "*"),
    "invoke": ("sagemaker:InvokeEndpoint", "arn:aws:sagemaker:us-west-2:111122223333:endpoint/other"),
    "write": ("s3:PutObject", "arn:aws:s3:::payroll/*"),
    "unknown service": ("zzz:DoAnything", "*"),
}


def policy_attacks(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield the kind, the place and the result of every attack on a policy."""
    statements = document["Statement"]
    for position, statement in enumerate(statements):
        text = json.dumps(statement)
        for weakening in WEAKENINGS:
            after = weakening(json.loads(text))  # a copy of its own; copy.deepcopy takes six times as long
            if after is not None and after != statement:
                changed = [*statements[:position], *([after] if after else []), *statements[position + 1 :]]
                yield weakening.__name__.strip("_"), str(statement.get("Sid")), {**document, "Statement": changed}
    has_principals = any("Principal" in statement for statement in statements)
    subject = {"Principal": {"AWS": _OTHER_ROLE}} if has_principals else {}
    for name, (action, resource) in _GAINS.items():
        added = {"Effect": "Allow", **subject, "Action": action, "Resource": resource}
        yield "statement added", name, {**document, "Statement": [*statements, added]}
    yield "version", "Version", {**document, "Version": "2008-10-17"}
    yield "unknown element of a policy", "Unknown", {**document, "Unknown": "x"}


WEAKENINGS: tuple[Weakening, ...] = (
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
    _allowed,
    _negated,
    _one_condition_less,
    _one_more_value,
    _of_another_account,
    _of_another_region,
    _every_action_of_the_service,
    _longer_resource,
    _every_resource,
    _one_more_resource,
    _resource_moved,
    _public,
    _another_account_as_well,
    _another_service_as_well,
    _federated,
    _unknown_element,
)
