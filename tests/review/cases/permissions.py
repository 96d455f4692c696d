"""Plans for the rules of `permissions`."""

from typing import Any

from tests.review.cases.shapes import (
    BUCKET,
    BUCKET_POLICY,
    INVOKE_POLICY,
    OTHER_ACCOUNT,
    OTHER_BUCKET_DELETED,
    RUNNING,
    Cases,
    allow,
    bounded,
)
from tests.review.fragments import DEPLOYED, ENDPOINT_ARN, INVOKE, NEW_FIRST, ROLE, Json, allowing, change, document

_ATTACHED = change(
    "aws_iam_role_policy_attachment.Invoke_batch",
    None,
    {"role": "batch", "policy_arn": DEPLOYED[INVOKE_POLICY]["arn"]},
    ("create",),
)


def _trusting(principal: Any, **more: Any) -> Json:
    return allowing(
        "aws_iam_role.Role",
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more},
        attribute="assume_role_policy",
    )


_GROUP = "arn:aws:sagemaker:us-west-2:111122223333:feature-group/risk"
_ACCOUNT = {"StringEquals": {"aws:ResourceAccount": ["111122223333"]}}


def _permission(number: int = 1, resource: str = _GROUP, **more: Any) -> Json:
    """Return a statement of `permissions` in the policy of the execution role."""
    return {"Sid": f"Permission{number}", **allow("sagemaker:GetRecord", resource, **more)}


def _replaced(before: list[Json], after: list[Json]) -> Json:
    """Return a policy of the execution role that is replaced by that of the next version."""
    old, new = (
        {"name": name, "role": ROLE, "policy": document(*statements)}
        for name, statements in (("1", before), ("2", after))
    )
    return {"others": [change("aws_iam_role_policy.Version", old, new, NEW_FIRST)]}


_GITHUB = "token.actions.githubusercontent.com"
_WORKFLOW = {f"{_GITHUB}:job_workflow_ref": ["acme/endpoints/.github/workflows/review.yml@refs/heads/main"]}


def _planner(before: Json, after: Json) -> Json:
    """Return the trust policy of a planner role, to which conditions are added or from which they are removed."""
    claims = {f"{_GITHUB}:aud": "sts.amazonaws.com", f"{_GITHUB}:sub": ["repo:acme/endpoints:pull_request"]}
    provider = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{_GITHUB}"}
    old, new = (
        {
            "name": "acme-dev-planner",
            "assume_role_policy": document(
                {
                    "Effect": "Allow",
                    "Principal": provider,
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": {**claims, **more}},
                }
            ),
        }
        for more in (before, after)
    )
    return {"others": [change("aws_iam_role.Planner", old, new, ("update",))]}


CASES: Cases = [
    ("container-permission-added", _replaced([], [_permission()]), _replaced([_permission()], [])),
    (
        "container-permission-added",  # another resource
        _replaced([_permission()], [_permission(resource=f"{_GROUP}-2")]),
        _replaced([_permission(resource=f"{_GROUP}*")], [_permission(resource=f"{_GROUP}-2")]),
    ),
    (
        "container-permission-added",  # a condition that is removed
        _replaced([_permission(Condition=_ACCOUNT)], [_permission()]),
        _replaced([_permission()], [_permission(Condition=_ACCOUNT)]),
    ),
    (
        "container-permission-added",  # another condition; the order of statements is no change
        _replaced([_permission(Condition=_ACCOUNT)], [_permission(Condition={"StringLike": {"aws:userid": ["a"]}})]),
        _replaced([_permission(), _permission(2, f"{_GROUP}-2")], [_permission(1, f"{_GROUP}-2"), _permission(2)]),
    ),
    (
        "invoke-widened",
        {
            "changed": {
                INVOKE_POLICY: {"policy": document({**INVOKE, "Condition": {"Bool": {"aws:SecureTransport": "true"}}})}
            }
        },
        {"others": [_ATTACHED]},
    ),
    (
        "invoke-widened",
        {"changed": allowing(RUNNING, allow("sagemaker:InvokeEndpoint", ENDPOINT_ARN))},
        {"changed": allowing(RUNNING, allow("sagemaker:DescribeEndpoint", ENDPOINT_ARN))},
    ),
    (
        "iam-wildcard-added",
        {"changed": allowing(RUNNING, allow("s3:*"))},
        {"changed": allowing(RUNNING, allow("s3:GetObject"))},
    ),
    (
        "iam-wildcard-added",
        {"changed": allowing(RUNNING, allow("s3:GetObject", "*"))},
        {"changed": allowing(RUNNING, allow("ecr:GetAuthorizationToken", "*"))},
    ),
    (
        "iam-escalation-added",
        {"changed": allowing(RUNNING, allow("iam:PassRole", "arn:aws:iam::111122223333:role/a"))},
        {"changed": allowing(RUNNING, allow("iam:GetRole", "arn:aws:iam::111122223333:role/a"))},
    ),
    (
        "iam-escalation-added",
        {"changed": allowing(RUNNING, allow("sts:AssumeRole", "arn:aws:iam::1:role/a"))},
        {"changed": {}},
    ),
    ("boundary-removed", {"others": [bounded("b", None)]}, {"others": [bounded("b", "b")]}),
    ("trust-changed", {"changed": _trusting(OTHER_ACCOUNT)}, {"changed": {"aws_iam_role.Role": {"tags": {"a": "b"}}}}),
    ("trust-changed", _planner(_WORKFLOW, {}), _planner(_WORKFLOW, _WORKFLOW)),  # any workflow
    (
        "deny-removed",
        {"changed": {BUCKET_POLICY: {"policy": document()}}},
        {
            "changed": allowing(
                BUCKET_POLICY, {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*"}
            )
        },
    ),
    (
        "deny-removed",
        {"changed": {BUCKET_POLICY: "delete"}, "others": [OTHER_BUCKET_DELETED]},
        {"changed": {BUCKET_POLICY: "delete", BUCKET: "delete"}},
    ),
    (
        "iam-added",
        {"changed": allowing(RUNNING, allow("s3:GetObject"))},
        {"changed": {RUNNING: {"policy": document()}}},
    ),
    ("iam-added", {"others": [_ATTACHED]}, {"changed": {INVOKE_POLICY: {"tags": {"a": "b"}}}}),
    (
        "iam-removed",
        {"changed": {RUNNING: {"policy": document()}}},
        {"changed": allowing(RUNNING, allow("s3:GetObject"))},
    ),
]
