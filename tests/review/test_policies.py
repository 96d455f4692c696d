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


def _trusting_github(condition: Json, action: str = "sts:AssumeRoleWithWebIdentity") -> dict[str, Any]:
    """Return a role that is created for workflows of GitHub."""
    provider = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_ISSUER}"}
    trust = {"Effect": "Allow", "Principal": provider, "Action": action}
    role = {"name": "n", "assume_role_policy": document({**trust, "Condition": condition})}
    return {"others": [change("aws_iam_role.New", None, role, ("create",))]}


def _of_known_owner(condition: Json) -> dict[str, Any]:
    """Return a permission of everyone with a condition that another policy had before."""
    known = {
        "bucket": "b",
        "policy": document({**_never_without_tls("s3:*"), "Principal": "*", "Condition": condition}),
    }
    return {
        **_at_bucket(condition, **_ANYBODY),
        "others": [change("aws_s3_bucket_policy.Known", known, known, ("no-op",))],
    }


def _of_registry(function: str) -> dict[str, Any]:
    """Return a permission to invoke the function that gives a model the credentials of its registry."""
    auth = {"repository_auth_config": [{"repository_credentials_provider_arn": function}]}
    model = {"name": "private", "primary_container": [{"image": "registry.acme.com/a:1", "image_config": [auth]}]}
    return {
        **_of_role("lambda:InvokeFunction", function),
        "others": [change("aws_sagemaker_model.Private", None, model, ("create",))],
    }


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


def _invoker(before: list[Json], after: list[Json], *others: Json) -> dict[str, Any]:
    """Return a change of the invoke policy of one invoker."""
    held = {"role": "app", "policy_arn": "own"}
    was, becomes = ({"arn": "own", "name": "own", "policy": document(*statements)} for statements in (before, after))
    return {
        "others": [
            change("aws_iam_role_policy_attachment.Invoke_Invoker-app", held, held, ("no-op",)),
            change("aws_iam_policy.Invoke_Policy-app", was, becomes, ("update",)),
            *others,
        ]
    }


def _component(name: str) -> Json:
    """Return an inference component that is created."""
    state = json.dumps({"InferenceComponentName": name, "EndpointName": "acme-dev-kmeans"})
    after = {"type_name": "AWS::SageMaker::InferenceComponent", "desired_state": state}
    return change("aws_cloudcontrolapi_resource.Component", None, after, ("create",))


def _never_without_tls(*actions: str) -> Json:
    return {**INVOKE, "Effect": "Deny", "Action": [*actions], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


_STREAM, _BIDIRECTIONAL = (f"sagemaker:InvokeEndpointWith{way}Stream" for way in ("Response", "Bidirectional"))
_LISTED = ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", _STREAM)
_WITHOUT_VPC = {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}
_EXTERNAL = {"StringEquals": {"sts:ExternalId": "acme"}}
_ISSUER = "token.actions.githubusercontent.com"
_FUNCTION = f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:credentials"
_COMPONENT = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:inference-component/llama"
_SAGEMAKER = "sagemaker.amazonaws.com"
_ANYBODY = {"Principal": "*"}

CASES = [
    *(
        (
            "public-access",
            f"everyone of somebody's {key}",
            _at_bucket({"StringEquals": {key: [value, *more]}}, **_ANYBODY),
            _of_known_owner({"StringEquals": {key: value}}),
        )
        for key, value, more in (
            ("aws:SourceVpc", "vpc-0fedcba987654321", []),
            ("aws:SourceVpc", "vpc-0fedcba987654321", ["vpc-0a1b2c3d"]),  # one more beside that of the plan
            ("aws:SourceVpce", "vpce-0fedcba987654321", []),
            ("aws:PrincipalOrgID", "o-abcdefghij", []),
            ("aws:SourceArn", "arn:aws:s3:::of-others", []),
        )
    ),
    (
        "public-access",
        "everyone of another VPC, and of the VPC of the plan",
        _at_bucket({"StringEquals": {"aws:SourceVpc": "vpc-0fedcba987654321"}}, **_ANYBODY),
        _at_bucket({"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}}, **_ANYBODY),
    ),
    (
        "public-access",
        "a service for another account",
        _at_bucket({"StringEquals": {"aws:SourceAccount": "999988887777"}}, **_ANYBODY),
        _at_bucket({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, **_ANYBODY),
    ),
    *(
        (
            "iam-escalation-added",
            action,
            _of_role(action, "arn:aws:x:::y"),
            _of_role("s3:GetObjectTagging"),
        )
        for action in (
            *("lambda:UpdateFunctionCode", "ssm:SendCommand", "cloudformation:UpdateStack", "ec2:RunInstances"),
            *("codebuild:StartBuild", "glue:StartJobRun", "states:StartExecution", "ecs:RunTask"),
            *("sagemaker:CreateTrainingJob", "sagemaker:CreatePresignedDomainUrl", "organizations:MoveAccount"),
            *("secretsmanager:PutResourcePolicy", "kms:PutKeyPolicy", "kms:ReplicateKey", "kms:ScheduleKeyDeletion"),
            *("s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketAcl", "unknown:GetThing"),
        )
    ),
    *(
        (
            "iam-escalation-added",
            f"a role for any service: {condition}",
            _of_role("iam:PassRole", "r", Condition=condition),
            _of_role("iam:PassRole", "r", Condition={"StringLike": {"iam:PassedToService": [_SAGEMAKER]}}),
        )
        for condition in (
            {"StringLike": {"iam:PassedToService": "*"}},
            {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
            {"StringEquals": {"iam:PassedToService": [_SAGEMAKER, "ec2.amazonaws.com"]}},
            {"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            {"ForAllValues:StringEquals": {"iam:PassedToService": _SAGEMAKER}},
            {"Null": {"iam:PassedToService": "false"}},
        )
    ),
    (
        "iam-escalation-added",
        "a grant that is not for a service of AWS",
        _of_role("kms:CreateGrant", "k", Condition={"Bool": {"kms:GrantIsForAWSResource": "false"}}),
        _of_role("kms:CreateGrant", "k", Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    ),
    (
        "iam-escalation-added",
        "a function that gives no model credentials",
        _of_role("lambda:InvokeFunction", _FUNCTION),
        _of_registry(_FUNCTION),
    ),
    (
        "container-permission-added",
        "an action that no endpoint needs, under another statement ID",
        _of_role("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:1:secret:a", Sid="WriteLogs"),
        _of_role("s3:GetObject", Sid="ReadMore"),
    ),
    (
        "invoke-widened",
        "an endpoint of others",
        _invoker([INVOKE], [{**INVOKE, "Resource": f"{ENDPOINT_ARN}-2"}]),
        _invoker([], [INVOKE]),
    ),
    (
        "invoke-widened",
        "an inference component of others",
        _invoker([INVOKE], [INVOKE, {**INVOKE, "Resource": _COMPONENT}]),
        _invoker([INVOKE], [INVOKE, {**INVOKE, "Resource": _COMPONENT}], _component("llama")),
    ),
    *(
        (
            "trust-changed",
            f"a new role for every {claim}",
            _trusting_github({"StringLike": {f"{_ISSUER}:{claim}": value}}, action),
            _trusting_github({"StringLike": {f"{_ISSUER}:sub": "repo:acme/endpoints:*"}}),
        )
        for claim, value, action in (
            ("aud", "sts.amazonaws.com", "sts:AssumeRoleWithWebIdentity"),
            ("sub", "*", "sts:AssumeRoleWithWebIdentity"),
            ("sub", "repo:*", "sts:AssumeRole*"),
            ("actor", "ann", "sts:*"),
        )
    ),
    (
        "trust-changed",
        "a new role for everyone of an organization",
        _trusting("*", {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}),
        _trusting(_THIS_ACCOUNT, {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}),
    ),
    (
        "public-access",
        "NotPrincipal",
        _at_bucket(NotPrincipal={"AWS": _THIS_ACCOUNT}),
        _at_bucket(Principal={"AWS": _THIS_ACCOUNT}),
    ),
    (
        "public-access",
        "a key that a request may lack",
        _at_bucket({"StringEqualsIfExists": {"aws:PrincipalAccount": ACCOUNT}}, **_ANYBODY),
        _at_bucket({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, **_ANYBODY),
    ),
    (
        "public-access",
        "all of no values",
        _at_bucket({"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a/*"}}, **_ANYBODY),
        _of_known_owner({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}}),
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
