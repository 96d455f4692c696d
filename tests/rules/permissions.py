"""Permissions of the container."""

from tests.loading.support import Table
from tests.rules.pair import REASON, ROLE, Pair

_RELAXED: Table = {"relax": {"network_isolation": REASON}}
TABLE = "arn:aws:dynamodb:us-west-2:111122223333:table/features"
_DEPLOYED: Table = {"in_environment": {"deployers": [f"{ROLE}/deploy"]}}
_NO_ESCALATION = (
    'changes who has access, so that the container could extend its own permissions, got "{}"; remove it, and grant '
    "the access where the resource is managed"
)
_ANY_ROLE = (
    'would let the container assume every role that matches, got "{}"; list the ARN of each role, without wildcards'
)


def _permission(actions: str = "dynamodb:GetItem", *resources: str, **more: object) -> Table:
    return {"actions": actions.split(), "resources": [*(resources or (TABLE,))], "reason": REASON, **more}


def _permissions(*permissions: Table) -> Table:
    return {**_RELAXED, "permissions": [*permissions]}


def permit(actions: str, *resources: str) -> Table:
    """Return the keys of an endpoint whose container may perform the actions on the resources."""
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
        passes=permit("dynamodb:GetItem"),
        fails=permit("dynamodb:GetItems dynamodb:Xyzzyq", TABLE),
        messages=(
            "endpoints.kmeans.permissions[0].actions[0]: IAM has no such action as of 2026-09-26, got "
            '"dynamodb:GetItems"; did you mean dynamodb:GetItem?',
            "endpoints.kmeans.permissions[0].actions[1]: IAM has no such action as of 2026-09-26, got "
            '"dynamodb:Xyzzyq"; use an action of the service authorization reference',
        ),
    ),
    Pair(
        "permission-escalation",  # identities
        passes=permit("sts:AssumeRole", f"{ROLE}/features"),
        fails=permit("iam:GetRole organizations:DescribeAccount", f"{ROLE}/features"),
        messages=tuple(
            f"endpoints.kmeans.permissions[0].actions[{number}]: {_NO_ESCALATION.format(action)}"
            for number, action in enumerate(("iam:GetRole", "organizations:DescribeAccount"))
        ),
    ),
    Pair(
        "permission-escalation",  # policies, grants and access control lists
        passes=permit("s3:PutObject", "arn:aws:s3:::features/*"),
        fails=permit("s3:PutObjectAcl s3:putbucketpolicy", "arn:aws:s3:::features/*"),
        messages=tuple(
            f"endpoints.kmeans.permissions[0].actions[{number}]: {_NO_ESCALATION.format(action)}"
            for number, action in enumerate(("s3:PutObjectAcl", "s3:putbucketpolicy"))
        ),
    ),
    Pair(
        "permission-escalation",  # also where AWS assigns the access level "Write", and services of IAM Identity Center
        passes=permit("bedrock:GetResourcePolicy", "arn:aws:bedrock:us-west-2:111122223333:guardrail/a1b2c3d4e5f6"),
        fails=permit(
            "bedrock:PutResourcePolicy identitystore:CreateGroupMembership sts:AssumeRoot",
            "arn:aws:bedrock:us-west-2:111122223333:guardrail/a1b2c3d4e5f6",
            "arn:aws:identitystore:::membership/1234567890-a1",
            "arn:aws:iam::111122223333:root",
        ),
        messages=tuple(
            f"endpoints.kmeans.permissions[0].actions[{number}]: {_NO_ESCALATION.format(action)}"
            for number, action in enumerate(
                ("bedrock:PutResourcePolicy", "identitystore:CreateGroupMembership", "sts:AssumeRoot")
            )
        ),
    ),
    Pair(
        "permission-assumes-any-role",
        passes=permit("sts:AssumeRole", f"{ROLE}/features"),
        fails=permit("sts:AssumeRole", f"{ROLE}/features*"),
        messages=(f"endpoints.kmeans.permissions[0].resources[0]: {_ANY_ROLE.format(f'{ROLE}/features*')}",),
    ),
    Pair(
        "permission-assumes-any-role",  # by the other actions, in any letter case
        passes=permit("sts:AssumeRoleWithSAML", f"{ROLE}/features"),
        fails=permit("sts:assumerolewithsaml", f"{ROLE}/feature?"),
        messages=(f"endpoints.kmeans.permissions[0].resources[0]: {_ANY_ROLE.format(f'{ROLE}/feature?')}",),
    ),
    Pair(
        "permission-assumes-deployer",
        passes=permit("sts:AssumeRole", ROLE.replace("1111", "4444") + "/deploy", f"{ROLE}/features") | _DEPLOYED,
        fails=permit("sts:assumerole", f"{ROLE}/ci/Deploy") | _DEPLOYED,
        messages=(
            "endpoints.kmeans.permissions[0].resources[0]: would let the container assume a deployer of its "
            f'environment, got "{ROLE}/ci/Deploy"; remove it, or use a role with the permissions that the container '
            "needs",
        ),
    ),
    Pair(
        "permission-unknown-condition-key",
        passes=_permissions(_permission(conditions={"StringEquals": {"aws:ResourceTag/team": ["fraud"]}})),
        fails=_permissions(
            _permission(conditions={"StringEquals": {"aws:ResourceAccont": ["111122223333"], "xyzzy:q": ["1"]}})
        ),
        messages=(
            "endpoints.kmeans.permissions[0].conditions.StringEquals.aws:ResourceAccont: IAM has no such condition "
            "key as of 2026-09-26; did you mean aws:ResourceAccount?",
            "endpoints.kmeans.permissions[0].conditions.StringEquals.xyzzy:q: IAM has no such condition key as of "
            "2026-09-26; use a key of the service authorization reference",
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
        passes=permit("dynamodb:GetItem dynamodb:Query", TABLE, f"{TABLE}-2"),
        fails=permit("dynamodb:GetItem dynamodb:getitem", TABLE, TABLE),
        messages=(
            'endpoints.kmeans.permissions[0].actions[1]: duplicate entry, got "dynamodb:getitem"; remove it',
            f'endpoints.kmeans.permissions[0].resources[1]: duplicate entry, got "{TABLE}"; remove it',
        ),
    ),
]
