"""What a change of one policy is called, and what nearly the same change is not."""

import json
from typing import Any

import pytest

from protected_endpoints.review.analysis.grant import Grant
from tests.review.fragments import ACCOUNT, DEPLOYED, ENDPOINT_ARN, INVOKE, Json, allowing, change, document, found

_BUCKET, _RUNNING = "aws_s3_bucket_policy.Capture", "aws_iam_role_policy.Running"
_OURS, _THEIRS = f"arn:aws:iam::{ACCOUNT}:root", "arn:aws:iam::999988887777:root"
_WORST = {"public-access", "trust-changed", "iam-wildcard-added", "iam-escalation-added", "invoke-widened"}


def _at_bucket(condition: Json | None = None, **principal: Any) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*", **principal, **more}
    return {"changed": allowing(_BUCKET, statement)}


def _of_role(action: str, resource: str = "arn:aws:s3:::acme/a", **more: Any) -> dict[str, Any]:
    return {"changed": allowing(_RUNNING, {"Effect": "Allow", "Action": action, "Resource": resource, **more})}


def _trusting(principal: str, condition: Json | None = None) -> dict[str, Any]:
    """Return a role that comes."""
    trust = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    trusted = document({**trust, "Condition": condition} if condition else trust)
    return {"others": [change("aws_iam_role.New", None, {"name": "n", "assume_role_policy": trusted}, ("create",))]}


def _role(before: Json, after: Json, attribute: str) -> dict[str, Any]:
    """Return a role whose configuration says something beside its trust."""
    resources = [{"address": "aws_iam_role.R", "expressions": {attribute: {}}}]
    changed = change("aws_iam_role.R", {"name": "r", **before}, {"name": "r", **after}, ("update",))
    return {"others": [changed], "configuration": {"root_module": {"resources": resources}}}


def _inline(*statements: Json) -> Json:
    return {"inline_policy": [{"name": "p", "policy": document(*statements)}]}


def _boundary(action: str) -> dict[str, Any]:
    """Return the policy that bounds a role, which is changed to an action."""

    def bound(each: str) -> Json:
        return {"arn": "b", "name": "b", "policy": document({"Effect": "Allow", "Action": each, "Resource": "*"})}

    role = {"name": "r", "permissions_boundary": "b"}
    return {
        "others": [
            change("aws_iam_role.R", role, role, ("no-op",)),
            change("aws_iam_policy.B", bound("s3:GetObject"), bound(action), ("update",)),
        ]
    }


def _moving(resource: str) -> dict[str, Any]:
    """Return a policy whose only resource becomes another."""
    before = json.loads(DEPLOYED[_RUNNING]["policy"])["Statement"][0]
    return {"changed": {_RUNNING: {"policy": document({**before, "Resource": resource})}}}


def _caller(before: list[Json], after: list[Json]) -> dict[str, Any]:
    """Return a change of the policy of a caller who has one of its own."""
    held = {"role": "app", "policy_arn": "own"}
    was, becomes = ({"arn": "own", "name": "own", "policy": document(*each)} for each in (before, after))
    return {
        "others": [
            change("aws_iam_role_policy_attachment.Invoke_Invoker-app", held, held, ("no-op",)),
            change("aws_iam_policy.Invoke_Policy-app", was, becomes, ("update",)),
        ]
    }


def _never_without_tls(*actions: str) -> Json:
    return {**INVOKE, "Effect": "Deny", "Action": [*actions], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


_STREAM, _BIDIRECTIONAL = (f"sagemaker:InvokeEndpointWith{way}Stream" for way in ("Response", "Bidirectional"))
_LISTED = ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", _STREAM)
_WITHOUT_VPC = {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}
_EXTERNAL = {"StringEquals": {"sts:ExternalId": "acme"}}
_ANYBODY = {"Principal": "*"}

CASES = [
    ("public-access", "NotPrincipal", _at_bucket(NotPrincipal={"AWS": _OURS}), _at_bucket(Principal={"AWS": _OURS})),
    (
        "public-access",
        "a key that a request may lack",
        _at_bucket({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a"}}, **_ANYBODY),
        _at_bucket({"StringEquals": {"aws:PrincipalOrgID": "o-a"}}, **_ANYBODY),
    ),
    (
        "public-access",
        "all of no values",
        _at_bucket({"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a/*"}}, **_ANYBODY),
        _at_bucket({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}}, **_ANYBODY),
    ),
    (
        "public-access",
        "a key that has to be there, with any value",
        _at_bucket({"Null": {"aws:PrincipalArn": "false"}}, **_ANYBODY),
        _at_bucket({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}, **_ANYBODY),
    ),
    (
        "public-access",
        "a pattern of everybody",
        _at_bucket({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}, **_ANYBODY),
        _at_bucket({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, **_ANYBODY),
    ),
    (
        "public-access",
        "another account by a condition",
        _at_bucket({"StringEquals": {"aws:PrincipalAccount": "999988887777"}}, **_ANYBODY),
        _at_bucket({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, **_ANYBODY),
    ),
    ("invoke-widened", "a pattern", _of_role("sagemaker:Inv*", ENDPOINT_ARN), _of_role("sagemaker:List*", "x")),
    (
        "invoke-widened",
        "a stream without a condition that a call has",
        _caller([INVOKE], [INVOKE, {**INVOKE, "Action": _STREAM, **_WITHOUT_VPC}]),
        _caller([INVOKE], [{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _STREAM, _BIDIRECTIONAL]}]),
    ),
    (
        "iam-added",
        "one more way to invoke",
        _caller([INVOKE], [{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _BIDIRECTIONAL]}]),
        _caller([{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _BIDIRECTIONAL]}], [INVOKE]),
    ),
    (
        "iam-removed",
        "one way less to invoke",
        _caller([{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _STREAM]}], [INVOKE]),
        _caller([INVOKE], [{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _STREAM]}]),
    ),
    (
        "deny-removed",
        "every way to invoke becomes those that are listed",
        _caller([INVOKE, _never_without_tls("sagemaker:InvokeEndpoint*")], [INVOKE, _never_without_tls(*_LISTED)]),
        _caller([INVOKE, _never_without_tls(*_LISTED)], [INVOKE, _never_without_tls("sagemaker:InvokeEndpoint*")]),
    ),
    ("iam-escalation-added", "a pattern", _of_role("iam:P*", "arn:aws:iam::1:role/a"), _of_role("iam:G*", "x")),
    (
        "iam-escalation-added",
        "a role for any service",
        _of_role("iam:PassRole", "r", Condition={"StringEqualsIfExists": {"iam:PassedToService": "x"}}),
        _of_role("iam:PassRole", "r", Condition={"StringEquals": {"iam:PassedToService": "x"}}),
    ),
    ("iam-wildcard-added", "every bucket", _of_role("s3:GetObject", "arn:aws:s3:::*"), _of_role("s3:GetObject")),
    ("iam-wildcard-added", "a question mark", _of_role("s3:?*"), _of_role("s3:GetObject?")),
    ("iam-wildcard-added", "one name becomes all", _moving("*"), _moving("arn:aws:logs:::other")),
    ("iam-added", "one name becomes a pattern", _moving("arn:aws:logs:::g*"), _moving("arn:aws:logs:::other")),
    ("trust-changed", "a new role for strangers", _trusting(_THEIRS), _trusting(_THEIRS, _EXTERNAL)),
    ("trust-changed", "a new role for everybody", _trusting("*", _EXTERNAL), _trusting(_OURS)),
    (
        "iam-added",
        "a policy inside of a role",
        _role({}, _inline({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "a"}), "inline_policy"),
        _role({}, _inline(), "inline_policy"),
    ),
    (
        "administrator-attached",
        "an argument of a role",
        _role({}, {"managed_policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}, "managed_policy_arns"),
        _role({}, {"managed_policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}, "description"),
    ),
    (
        "public-access",
        "an account by its canonical id",
        _at_bucket(Principal={"CanonicalUser": "79a59df900b949e5"}),
        _at_bucket(Principal={"Service": "logging.s3.amazonaws.com"}),
    ),
    (
        "public-access",
        "whoever signs in elsewhere",
        _at_bucket(Principal={"Federated": "accounts.google.com"}),
        _at_bucket(
            {"StringEquals": {"accounts.google.com:aud": "acme"}}, Principal={"Federated": "accounts.google.com"}
        ),
    ),
    (
        "public-access",
        "a private endpoint without a policy lets all through",
        {"changed": {"aws_vpc_endpoint.Runtime": {"policy": None}}},
        {"changed": {"aws_vpc_endpoint.Runtime": "delete"}},
    ),
    (
        "iam-wildcard-added",
        "a key without a policy is for the whole account",
        {"changed": {"aws_kms_key.Key": {"policy": None}}},
        {"changed": {"aws_kms_key.Key": {"tags": {"a": "b"}}}},
    ),
    ("boundary-removed", "of everything", _boundary("*"), _boundary("s3:PutObject")),
]


def _found(told: dict[str, Any]) -> dict[str, list[str]]:
    told = dict(told)
    return found(told.pop("changed", None), *told.pop("others", []), **told)


@pytest.mark.parametrize(
    ("rule", "_what", "told", "close"), CASES, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_policy_is_told_as_what_it_is(rule: str, _what: str, told: dict[str, Any], close: dict[str, Any]) -> None:
    assert all(_found(told)[rule])
    assert rule not in _found(close)


def test_what_somebody_gains_on_one_resource_is_told_at_once() -> None:
    told = _found(_caller([INVOKE], [{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _STREAM, _BIDIRECTIONAL]}]))
    assert told["iam-added"] == [f"`role/app` may `{_BIDIRECTIONAL}`, `{_STREAM}` on `{ENDPOINT_ARN}`."]


def test_the_policy_that_nobody_has_here_may_be_attached_elsewhere() -> None:
    policy = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/a"})
    (says,) = found({}, change("aws_iam_policy.P", None, {"name": "p", "policy": policy}, ("create",)))["iam-added"]
    assert says.startswith("`whoever has p` may `s3:GetObject`")


@pytest.mark.parametrize("sensitive", [True, {"policy": True}])
def test_a_policy_that_is_marked_as_sensitive_is_told(*, sensitive: object) -> None:
    policy = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    made = change("aws_iam_role_policy.P", None, {"role": "r", "policy": policy}, ("create",))
    made["change"]["after_sensitive"] = sensitive
    resources = [{"address": "aws_iam_role_policy.P", "expressions": {"policy": {}}}]
    (says,) = found({}, made, configuration={"root_module": {"resources": resources}})["iam-unreviewable"]
    assert "What this policy says is not shown" in says


def test_the_policies_of_a_module_and_of_a_count_are_read_as_well() -> None:
    expressions = {"policy": {"references": ["x"]}}
    inner = {"resources": [{"address": "aws_iam_role_policy.P", "expressions": expressions}]}
    root = {"module_calls": {"m": {"module": inner}}, **inner}
    unknown = {"after_unknown": {"policy": True}}
    changes = [
        change(address, None, {"role": "r"}, ("create",), **unknown)
        for address in ("module.m.aws_iam_role_policy.P", 'aws_iam_role_policy.P["a.b[0]"]')
    ]
    assert len(found({}, *changes, configuration={"root_module": root})["iam-unreviewable"]) == 2


def test_the_roles_of_a_module_have_the_policies_that_it_attaches() -> None:
    policy = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/a"})
    changes = [
        change("module.m[0].aws_iam_policy.P", None, {"arn": "p", "name": "p", "policy": policy}, ("create",)),
        change(
            "module.m[0].aws_iam_role_policy_attachment.P", None, {"role": "reader", "policy_arn": "p"}, ("create",)
        ),
    ]
    (says,) = found({}, *changes)["iam-added"]
    assert says.startswith("`role/reader` may")


def test_who_is_left_out_of_a_denial_is_told_once() -> None:
    def denying(*names: str) -> str:
        condition = {"ArnNotEquals": {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/{each}" for each in names]}}
        return document(
            {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "x", "Condition": condition}
        )

    def left_out(**more: Any) -> list[str]:
        policies = ({"bucket": "b", "policy": denying("a")}, {"bucket": "b", "policy": denying("a", "c")})
        changed = change("aws_s3_bucket_policy.B", *policies, ("update",))
        given = found(more.get("changed"), changed)
        assert "deny-removed" not in given
        return [each for each in given.get("iam-added", []) if "left out" in each]

    assert left_out() == [f"`arn:aws:iam::{ACCOUNT}:role/c` is left out of the denial of `s3:GetObject` on `x`."]
    given = {_RUNNING: {"role": "c", "policy": document({"Effect": "Allow", "Action": "s3:Get*", "Resource": "x"})}}
    assert left_out(changed=given) == []


def test_two_findings_at_one_place_hide_neither() -> None:
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::acme/a"} for action in ("s3:*", "s3:GetObject")
    ]
    policy = document(*statements, {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "q"})
    told = found({_RUNNING: {"policy": policy}})
    assert len(told["iam-wildcard-added"]) == 1
    assert any("sqs:SendMessage" in each for each in told["iam-added"])


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("arn:aws:s3:::a/*", "arn:aws:s3:::a/b", True),
        ("arn:aws:s3:::a/[b]", "arn:aws:s3:::a/b", False),
        ("arn:aws:s3:::a/?", "arn:aws:s3:::a/b", True),
        ("arn:aws:s3:::a/*", "arn:aws:s3:::A/b", False),
        ("all but x", "y", False),
        ("all but x", "all but x", True),
    ],
)
def test_a_pattern_is_one_of_iam(pattern: str, text: str, *, expected: bool) -> None:
    assert Grant("r", "s3:GetObject", pattern, "").covers(Grant("r", "s3:GetObject", text, "")) is expected


def test_actions_are_the_same_in_any_case() -> None:
    assert Grant("r", "S3:get*", "x", "").covers(Grant("r", "s3:GetObject", "x", ""))
