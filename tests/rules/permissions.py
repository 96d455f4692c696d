"""Permissions of the container."""

from tests.loading.support import Table
from tests.rules.pair import REASON, ROLE, Pair

_RELAXED: Table = {"relax": {"network_isolation": REASON}}
_TABLE = "arn:aws:dynamodb:us-west-2:111122223333:table/features"
_NO_ESCALATION = (
    'changes who has access, so that the container could extend its own permissions, got "{}"; remove it, and grant '
    "the access where the resource is managed"
)
_ALL = (
    'includes every resource, but IAM supports resource-level permissions for {}, got "{}"; list the ARNs of the '
    "resources, with wildcards only in a part of a name"
)
_ANY_ROLE = (
    'would let the container assume every role that matches, got "{}"; list the ARN of each role, without wildcards'
)


def _permission(actions: str = "dynamodb:GetItem", *resources: str, **more: object) -> Table:
    return {"actions": actions.split(), "resources": [*(resources or (_TABLE,))], "reason": REASON, **more}


def _permissions(*permissions: Table) -> Table:
    return {**_RELAXED, "permissions": [*permissions]}


def _one(actions: str, *resources: str) -> Table:
    return _permissions(_permission(actions, *resources))


PAIRS = [
    Pair(
        "permissions-with-network-isolation",
        passes=_permissions(_permission()),
        fails={"permissions": [_permission()]},
        messages=(
            "endpoints.kmeans.permissions: have no effect: with network isolation, the container has neither network "
            "access nor AWS credentials; remove them, or give the reason why the container may have both in "
            "relax.network_isolation",
        ),
    ),
    Pair(
        "permission-unknown-action",
        passes=_one("dynamodb:GetItem"),
        fails=_one("dynamodb:GetItems dynamodb:Xyzzyq", _TABLE),
        messages=(
            "endpoints.kmeans.permissions[0].actions[0]: IAM has no such action as of 2026-09-26, got "
            '"dynamodb:GetItems"; did you mean dynamodb:GetItem?',
            "endpoints.kmeans.permissions[0].actions[1]: IAM has no such action as of 2026-09-26, got "
            '"dynamodb:Xyzzyq"; use an action of the service authorization reference',
        ),
    ),
    Pair(
        "permission-escalation",  # identities
        passes=_one("sts:AssumeRole", f"{ROLE}/features"),
        fails=_one("iam:GetRole organizations:DescribeAccount", f"{ROLE}/features"),
        messages=tuple(
            f"endpoints.kmeans.permissions[0].actions[{number}]: {_NO_ESCALATION.format(action)}"
            for number, action in enumerate(("iam:GetRole", "organizations:DescribeAccount"))
        ),
    ),
    Pair(
        "permission-escalation",  # policies, grants and access control lists
        passes=_one("s3:PutObject", "arn:aws:s3:::features/*"),
        fails=_one("s3:PutObjectAcl s3:putbucketpolicy", "arn:aws:s3:::features/*"),
        messages=tuple(
            f"endpoints.kmeans.permissions[0].actions[{number}]: {_NO_ESCALATION.format(action)}"
            for number, action in enumerate(("s3:PutObjectAcl", "s3:putbucketpolicy"))
        ),
    ),
    Pair(
        "permission-assumes-any-role",
        passes=_one("sts:AssumeRole", f"{ROLE}/features"),
        fails=_one("sts:AssumeRole", f"{ROLE}/features*"),
        messages=(f"endpoints.kmeans.permissions[0].resources[0]: {_ANY_ROLE.format(f'{ROLE}/features*')}",),
    ),
    Pair(
        "permission-all-resources",
        passes=_one("s3:ListAllMyBuckets rekognition:DetectFaces", "*"),
        fails=_one("s3:GetObject s3:ListAllMyBuckets", "*"),
        messages=(f"endpoints.kmeans.permissions[0].resources[0]: {_ALL.format('s3:GetObject', '*')}",),
    ),
    Pair(
        "permission-all-resources",  # also as an ARN without a name
        passes=_one("s3:GetObject dynamodb:GetItem", "arn:aws:s3:::features/*", f"{_TABLE}-*"),
        fails=_one(
            "s3:GetObject dynamodb:GetItem", "arn:aws:s3:::*", "arn:aws:s3:::*/*", _TABLE.replace("features", "*")
        ),
        messages=tuple(
            f"endpoints.kmeans.permissions[0].resources[{number}]: "
            f"{_ALL.format('s3:GetObject, dynamodb:GetItem', resource)}"
            for number, resource in enumerate(
                ("arn:aws:s3:::*", "arn:aws:s3:::*/*", "arn:aws:dynamodb:us-west-2:111122223333:table/*")
            )
        ),
    ),
    Pair(
        "permission-without-resource",
        passes=_one("cloudwatch:PutMetricData translate:TranslateText", "*"),
        fails=_one("s3:ListAllMyBuckets", "arn:aws:s3:::features"),
        messages=(
            "endpoints.kmeans.permissions[0].actions[0]: supports no resource-level permissions, so the resources of "
            'this statement never allow it, got "s3:ListAllMyBuckets"; move it to a separate permission with resources '
            '= ["*"]',
        ),
    ),
    Pair(
        "permission-resource-mismatch",
        passes=_one("s3:GetObject s3:ListBucket", "arn:aws:s3:::features", "arn:aws:s3:::features/*"),
        fails=_one("s3:GetObject", "arn:aws:s3:::features"),
        messages=(
            "endpoints.kmeans.permissions[0].actions[0]: no resource of this statement is an object, so that IAM never "
            'allows it, got "s3:GetObject"; add its ARN, such as arn:aws:s3:::my-bucket/*',
        ),
    ),
    Pair(
        "permission-resource-mismatch",  # an access point is both
        passes=_one(
            "s3:ListBucket s3:GetObject",
            "arn:aws:s3:us-west-2:111122223333:accesspoint/features",
            "arn:aws:s3:us-west-2:111122223333:accesspoint/features/object/*",
        ),
        fails=_one("s3:ListBucket dynamodb:GetItem", "arn:aws:s3:::features/*", _TABLE),
        messages=(
            "endpoints.kmeans.permissions[0].actions[0]: no resource of this statement is a bucket, so that IAM never "
            'allows it, got "s3:ListBucket"; add its ARN, such as arn:aws:s3:::my-bucket',
        ),
    ),
    Pair(
        "permission-wrong-partition",
        passes=_one("s3:GetObject", "arn:aws:s3:::features/*"),
        fails=_one("s3:GetObject", "arn:aws-cn:s3:::features/*"),
        messages=(
            "endpoints.kmeans.permissions[0].resources[0]: is not in the partition of region us-west-2, got "
            '"arn:aws-cn:s3:::features/*"; begin it with arn:aws:',
        ),
    ),
    Pair(
        "permission-duplicate",
        passes=_permissions(
            _permission(), _permission(conditions={"StringEquals": {"aws:ResourceAccount": ["111122223333"]}})
        ),
        fails=_permissions(_permission(), _permission(reason="another reason, RISK-1")),
        messages=(
            "endpoints.kmeans.permissions[1]: has the actions, resources and conditions of an earlier permission; "
            "remove it",
        ),
    ),
    Pair(
        "permission-duplicate",  # within one permission
        passes=_one("dynamodb:GetItem dynamodb:Query", _TABLE, f"{_TABLE}-2"),
        fails=_one("dynamodb:GetItem dynamodb:getitem", _TABLE, _TABLE),
        messages=(
            'endpoints.kmeans.permissions[0].actions[1]: duplicate entry, got "dynamodb:getitem"; remove it',
            f'endpoints.kmeans.permissions[0].resources[1]: duplicate entry, got "{_TABLE}"; remove it',
        ),
    ),
]
