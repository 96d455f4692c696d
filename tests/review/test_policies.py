"""The rule that reports a change of one policy, and a similar change that it does not report."""

import json
from typing import Any

import pytest

from protected_endpoints.review.analysis.grant import Grant
from tests.review.fragments import (
    ACCOUNT,
    DEPLOYED,
    ENDPOINT_ARN,
    INVOKE,
    Json,
    allowing,
    change,
    document,
    findings_by_rule,
)

_BUCKET, _RUNNING = "aws_s3_bucket_policy.Capture", "aws_iam_role_policy.Running"
_THIS_ACCOUNT, _OTHER_ACCOUNT = f"arn:aws:iam::{ACCOUNT}:root", "arn:aws:iam::999988887777:root"
_WORST = {"public-access", "trust-changed", "iam-wildcard-added", "iam-escalation-added", "invoke-widened"}


def _at_bucket(condition: Json | None = None, **principal: Any) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*", **principal, **more}
    return {"changed": allowing(_BUCKET, statement)}


def _of_role(action: str, resource: str = "arn:aws:s3:::acme/a", **more: Any) -> dict[str, Any]:
    return {"changed": allowing(_RUNNING, {"Effect": "Allow", "Action": action, "Resource": resource, **more})}


def _trusting(principal: str, condition: Json | None = None) -> dict[str, Any]:
    """Return a role that is created."""
    trust = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    trusted = document({**trust, "Condition": condition} if condition else trust)
    return {"others": [change("aws_iam_role.New", None, {"name": "n", "assume_role_policy": trusted}, ("create",))]}


def _role(before: Json, after: Json, attribute: str) -> dict[str, Any]:
    """Return a role whose configuration sets one more attribute."""
    resources = [{"address": "aws_iam_role.R", "expressions": {attribute: {}}}]
    changed = change("aws_iam_role.R", {"name": "r", **before}, {"name": "r", **after}, ("update",))
    return {"others": [changed], "configuration": {"root_module": {"resources": resources}}}


def _inline(*statements: Json) -> Json:
    return {"inline_policy": [{"name": "p", "policy": document(*statements)}]}


def _boundary(action: str) -> dict[str, Any]:
    """Return a permissions boundary that is changed to allow an action."""

    def bound(allowed_action: str) -> Json:
        return {
            "arn": "b",
            "name": "b",
            "policy": document({"Effect": "Allow", "Action": allowed_action, "Resource": "*"}),
        }

    role = {"name": "r", "permissions_boundary": "b"}
    return {
        "others": [
            change("aws_iam_role.R", role, role, ("no-op",)),
            change("aws_iam_policy.B", bound("s3:GetObject"), bound(action), ("update",)),
        ]
    }


def _renamed(resource: str) -> dict[str, Any]:
    """Return a policy whose only resource becomes another."""
    before = json.loads(DEPLOYED[_RUNNING]["policy"])["Statement"][0]
    return {"changed": {_RUNNING: {"policy": document({**before, "Resource": resource})}}}


def _invoker(before: list[Json], after: list[Json]) -> dict[str, Any]:
    """Return a change of the invoke policy of one invoker."""
    held = {"role": "app", "policy_arn": "own"}
    was, becomes = ({"arn": "own", "name": "own", "policy": document(*statements)} for statements in (before, after))
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
_SAGEMAKER = "sagemaker.amazonaws.com"
_ANYBODY = {"Principal": "*"}

CASES = [
    (
        "public-access",
        "NotPrincipal",
        _at_bucket(NotPrincipal={"AWS": _THIS_ACCOUNT}),
        _at_bucket(Principal={"AWS": _THIS_ACCOUNT}),
    ),
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
        "a pattern that matches everyone",
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
        _invoker([INVOKE], [INVOKE, {**INVOKE, "Action": _STREAM, **_WITHOUT_VPC}]),
        _invoker([INVOKE], [{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _STREAM, _BIDIRECTIONAL]}]),
    ),
    (
        "iam-added",
        "one more action to invoke",
        _invoker([INVOKE], [{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _BIDIRECTIONAL]}]),
        _invoker([{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _BIDIRECTIONAL]}], [INVOKE]),
    ),
    (
        "iam-removed",
        "one action to invoke less",
        _invoker([{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _STREAM]}], [INVOKE]),
        _invoker([INVOKE], [{**INVOKE, "Action": ["sagemaker:InvokeEndpoint", _STREAM]}]),
    ),
    (
        "deny-removed",
        "all actions to invoke become a list",
        _invoker([INVOKE, _never_without_tls("sagemaker:InvokeEndpoint*")], [INVOKE, _never_without_tls(*_LISTED)]),
        _invoker([INVOKE, _never_without_tls(*_LISTED)], [INVOKE, _never_without_tls("sagemaker:InvokeEndpoint*")]),
    ),
    ("iam-escalation-added", "a pattern", _of_role("iam:P*", "arn:aws:iam::1:role/a"), _of_role("iam:Get*", "x")),
    (
        "iam-escalation-added",
        "a role for any service",
        _of_role("iam:PassRole", "r", Condition={"StringEqualsIfExists": {"iam:PassedToService": _SAGEMAKER}}),
        _of_role("iam:PassRole", "r", Condition={"StringEquals": {"iam:PassedToService": _SAGEMAKER}}),
    ),
    ("iam-wildcard-added", "every bucket", _of_role("s3:GetObject", "arn:aws:s3:::*"), _of_role("s3:GetObject")),
    ("iam-wildcard-added", "a question mark", _of_role("s3:?*"), _of_role("s3:GetObject?")),
    ("iam-wildcard-added", "one name becomes all", _renamed("*"), _renamed("arn:aws:logs:::other")),
    ("iam-added", "one name becomes a pattern", _renamed("arn:aws:logs:::g*"), _renamed("arn:aws:logs:::group")),
    (
        "trust-changed",
        "a new role for another account",
        _trusting(_OTHER_ACCOUNT),
        _trusting(_OTHER_ACCOUNT, _EXTERNAL),
    ),
    ("trust-changed", "a new role for everyone", _trusting("*", _EXTERNAL), _trusting(_THIS_ACCOUNT)),
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
        "a federated principal",
        _at_bucket(Principal={"Federated": "accounts.google.com"}),
        _at_bucket(
            {"StringEquals": {"accounts.google.com:aud": "acme"}}, Principal={"Federated": "accounts.google.com"}
        ),
    ),
    (
        "public-access",
        "a VPC endpoint without a policy allows everything",
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


def _findings(plan: dict[str, Any]) -> dict[str, list[str]]:
    plan = dict(plan)
    return findings_by_rule(plan.pop("changed", None), *plan.pop("others", []), **plan)


@pytest.mark.parametrize(
    ("rule", "_what", "plan", "similar"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_policy_change_is_reported_by_its_rule(
    rule: str, _what: str, plan: dict[str, Any], similar: dict[str, Any]
) -> None:
    assert all(_findings(plan)[rule])
    assert rule not in _findings(similar)


def test_permissions_on_one_resource_are_one_finding() -> None:
    actions = ["sagemaker:InvokeEndpoint", _STREAM, _BIDIRECTIONAL]
    reported = _findings(_invoker([INVOKE], [{**INVOKE, "Action": actions}]))
    assert reported["iam-added"] == [f"`role/app` can perform `{_BIDIRECTIONAL}`, `{_STREAM}` on `{ENDPOINT_ARN}`."]


def test_a_policy_that_the_plan_does_not_attach_is_reported() -> None:
    policy = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/a"})
    created = change("aws_iam_policy.P", None, {"name": "p", "policy": policy}, ("create",))
    (message,) = findings_by_rule({}, created)["iam-added"]
    assert message.startswith("`principals with policy p` can perform `s3:GetObject`")


@pytest.mark.parametrize("sensitive", [True, {"policy": True}])
def test_a_sensitive_policy_is_reported(*, sensitive: object) -> None:
    policy = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    policy_change = change("aws_iam_role_policy.P", None, {"role": "r", "policy": policy}, ("create",))
    policy_change["change"]["after_sensitive"] = sensitive
    resources = [{"address": "aws_iam_role_policy.P", "expressions": {"policy": {}}}]
    configured = {"root_module": {"resources": resources}}
    (message,) = findings_by_rule({}, policy_change, configuration=configured)["iam-unreviewable"]
    assert "The policy cannot be reviewed" in message


def test_the_policies_of_a_module_and_of_a_count_are_read_as_well() -> None:
    expressions = {"policy": {"references": ["x"]}}
    inner = {"resources": [{"address": "aws_iam_role_policy.P", "expressions": expressions}]}
    root = {"module_calls": {"m": {"module": inner}}, **inner}
    unknown = {"after_unknown": {"policy": True}}
    changes = [
        change(address, None, {"role": "r"}, ("create",), **unknown)
        for address in ("module.m.aws_iam_role_policy.P", 'aws_iam_role_policy.P["a.b[0]"]')
    ]
    assert len(findings_by_rule({}, *changes, configuration={"root_module": root})["iam-unreviewable"]) == 2


def test_the_roles_of_a_module_have_the_policies_that_it_attaches() -> None:
    policy = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/a"})
    changes = [
        change("module.m[0].aws_iam_policy.P", None, {"arn": "p", "name": "p", "policy": policy}, ("create",)),
        change(
            "module.m[0].aws_iam_role_policy_attachment.P", None, {"role": "reader", "policy_arn": "p"}, ("create",)
        ),
    ]
    (message,) = findings_by_rule({}, *changes)["iam-added"]
    assert message.startswith("`role/reader` can perform")


def test_an_exempted_principal_is_reported_once() -> None:
    def denying(*names: str) -> str:
        condition = {"ArnNotEquals": {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in names]}}
        return document(
            {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "x", "Condition": condition}
        )

    def exempted(**more: Any) -> list[str]:
        policies = ({"bucket": "b", "policy": denying("a")}, {"bucket": "b", "policy": denying("a", "c")})
        changed = change("aws_s3_bucket_policy.B", *policies, ("update",))
        given = findings_by_rule(more.get("changed"), changed)
        assert "deny-removed" not in given
        return [message for message in given.get("iam-added", []) if "is exempt from" in message]

    assert exempted() == [f"`arn:aws:iam::{ACCOUNT}:role/c` is exempt from the deny of `s3:GetObject` on `x`."]
    given = {_RUNNING: {"role": "c", "policy": document({"Effect": "Allow", "Action": "s3:Get*", "Resource": "x"})}}
    assert exempted(changed=given) == []


def test_a_principal_with_the_text_of_a_boundary_is_no_boundary() -> None:
    principal = {"AWS": "boundary of role/a"}
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": principal}
    assert "iam-wildcard-added" in findings_by_rule(allowing(_BUCKET, statement))


def test_two_findings_at_one_address_are_both_reported() -> None:
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::acme/a"} for action in ("s3:*", "s3:GetObject")
    ]
    policy = document(*statements, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "q"})
    plan = findings_by_rule({_RUNNING: {"policy": policy}})
    assert len(plan["iam-wildcard-added"]) == 1
    assert any("s3:PutObject" in message for message in plan["iam-added"])


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("arn:aws:s3:::a/*", "arn:aws:s3:::a/b", True),
        ("arn:aws:s3:::a/[b]", "arn:aws:s3:::a/b", False),
        ("arn:aws:s3:::a/?", "arn:aws:s3:::a/b", True),
        ("arn:aws:s3:::a/*", "arn:aws:s3:::A/b", False),
        ("all except x", "y", False),
        ("all except x", "all except x", True),
    ],
)
def test_a_pattern_matches_as_in_iam(pattern: str, text: str, *, expected: bool) -> None:
    assert Grant("r", "s3:GetObject", pattern, "").covers(Grant("r", "s3:GetObject", text, "")) is expected


def test_the_case_of_actions_does_not_matter() -> None:
    assert Grant("r", "S3:get*", "x", "").covers(Grant("r", "s3:GetObject", "x", ""))
