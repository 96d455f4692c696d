"""What a role needs that deploys the endpoints of an environment: to make, change and destroy what Terraform makes.

It may hand execution roles to SageMaker and nobody else's role to anybody, and it lets in only callers and readers that
`endpoints.toml` names. Keys and buckets it may destroy only where `relax.prevent_destroy` says that an endpoint is
retired: that is when Terraform would try to.
"""

from typing import Any

from protected_endpoints.policies import Statement, allow
from protected_endpoints.policies.operators.deny_statements import deny_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import read_statements, state_key_statements
from protected_endpoints.policies.operators.vpc import vpc_statements

_SERVING = [
    "sagemaker:AddTags",
    "sagemaker:CreateEndpoint",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:CreateModel",
    "sagemaker:DeleteEndpoint",
    "sagemaker:DeleteEndpointConfig",
    "sagemaker:DeleteModel",
    "sagemaker:DeleteTags",
    "sagemaker:UpdateEndpoint",
]
_LOGS = [
    "logs:AssociateKmsKey",
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:UntagResource",
]
_POLICIES = [
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:ListPolicyVersions",
    "iam:TagPolicy",
    "iam:UntagPolicy",
]
_BUCKETS = [
    "s3:CreateBucket",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:TagResource",
    "s3:UntagResource",
]


def deployer(reach: EnvironmentScope) -> list[Statement]:
    """Return the statements of a role that deploys; `protected_endpoints.policies.packing` makes policies of them."""
    return [
        *read_statements(reach, keys={}),
        *_serving(reach),
        *_roles(reach),
        *_keys(reach),
        allow("MakeBuckets", Action=_BUCKETS, Resource=reach.names.capture_bucket_arn_pattern),
        *_state(reach),
        *vpc_statements(reach),
        *_retiring(reach),
        # What only a listing finds of what a killed run left: `make recover`.
        allow("FindWhatWasLeft", Action=["kms:ListKeys", "sagemaker:ListEndpointConfigs"], Resource="*"),
        *deny_statements(reach),
    ]


def _serving(reach: EnvironmentScope) -> list[Statement]:
    alarms = sorted({reach.names.alarm_arn(name) for each in reach.deployments for name in each.alarms})
    packages = sorted({arn for each in reach.deployments for arn in each.model_packages})
    # The guide for packages of other accounts has their owner allow CreateModel on the package itself, which the
    # service reference does not list as a resource of it.
    with_packages = ["sagemaker:CreateModel", "sagemaker:DescribeModelPackage"]
    return [
        *([allow("WatchUpdates", Action="cloudwatch:DescribeAlarms", Resource=alarms)] if alarms else []),
        *([allow("MakeModelsOfPackages", Action=with_packages, Resource=packages)] if packages else []),
        allow("MakeServing", Action=_SERVING, Resource=reach.serving),
        allow("MakeLogGroups", Action=_LOGS, Resource=reach.names.log_group_arn_pattern),
        allow(
            "PassExecutionRolesToSageMaker",
            Action="iam:PassRole",
            Resource=reach.execution_roles,
            Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    ]


def _roles(reach: EnvironmentScope) -> list[Statement]:
    """Return what makes roles and lets callers in.

    A role is made and changed only with its boundary: the environment's, or for an execution role one that is made and
    for a caller its own policy. Roles for callers are named one by one and take no inline policy. A policy of ours may
    be detached from every role, and a role of ours deleted, because what has to go is no longer named; IAM does not
    delete a role that still has a policy.
    """
    boundary = reach.environment.permissions_boundary_arn
    ours = {"ArnLike": {"iam:PolicyARN": reach.names.access_policy_arn_patterns}}
    making = ["iam:CreateRole", "iam:PutRolePermissionsBoundary"]
    statements = [
        allow(
            "MakeBoundedExecutionRoles",
            Action=[*making, "iam:PutRolePolicy"],
            Resource=reach.execution_roles,
            Condition={"ArnLike": {"iam:PermissionsBoundary": boundary or reach.names.boundary_arn_pattern}},
        ),
        allow("ChangeExecutionRoles", Action="iam:DeleteRolePolicy", Resource=reach.execution_roles),
        allow(
            "ChangeRoles",
            Action=["iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy"],
            Resource=reach.managed_role_arns,
        ),
        allow(
            "DeleteRoles",
            Action=["iam:DeleteRole", "iam:ListInstanceProfilesForRole"],
            Resource=reach.names.managed_role_arn_pattern,
            Condition=reach.only_tagged("Resource"),
        ),
        allow("MakePolicies", Action=_POLICIES, Resource=reach.policies),
        allow("LetOut", Action="iam:DetachRolePolicy", Resource=reach.names.iam_arn("role/*"), Condition=ours),
    ]
    if callers := reach.managed_caller_role_arns:
        bound = {"ArnLike": {"iam:PermissionsBoundary": boundary or reach.names.access_policy_arn_patterns}}
        statements.append(allow("MakeBoundedCallers", Action=making, Resource=callers, Condition=bound))
    if let_in := [*reach.managed_caller_role_arns, *reach.existing_role_arns]:
        statements.append(allow("LetIn", Action="iam:AttachRolePolicy", Resource=let_in, Condition=ours))
    return statements


def _keys(reach: EnvironmentScope) -> list[Statement]:
    """Return what makes and changes keys, which are ours by their tags.

    KMS may take five minutes to know the tags of a key (KMS, "ABAC for AWS KMS"). What Terraform does to a new key at
    once is therefore not bound to tags: looking at it, rotating it, giving it an alias of ours. A key that has
    no project may be tagged as ours, because that is how a new one is tagged.
    """
    names = reach.names
    aliases = names.arn("kms", f"alias/{names.prefix}-*")
    asked = reach.only_tagged("Request")
    # The key of the state has no endpoint: whoever deploys uses it and does not say who else does.
    ours = {**reach.only_tagged("Resource"), "Null": {"aws:ResourceTag/endpoint": "false"}}
    without_project = {"Null": {"aws:ResourceTag/project": "true"}}
    return [
        allow("MakeKeys", Action="kms:CreateKey", Resource="*", Condition=asked),
        allow("TagNewKeys", Action="kms:TagResource", Resource=reach.keys, Condition={**asked, **without_project}),
        allow("RotateKeys", Action="kms:EnableKeyRotation", Resource=reach.keys),
        allow("NameKeys", Action=["kms:CreateAlias", "kms:DeleteAlias"], Resource=[aliases, reach.keys]),
        allow(
            "ChangeKeys",
            Action=["kms:PutKeyPolicy", "kms:TagResource", "kms:UntagResource"],
            Resource=reach.keys,
            Condition=ours,
        ),
        _grants("LetSageMakerEncrypt", reach, reach.keys, reach.tagged("Resource")),
        *([_grants("LetSageMakerUseGivenKeys", reach, reach.existing_key_arns, {})] if reach.existing_key_arns else []),
    ]


def _grants(sid: str, reach: EnvironmentScope, keys: str | list[str], equal: dict[str, str]) -> Statement:
    condition = {
        "Bool": {"kms:GrantIsForAWSResource": "true"},
        "StringEquals": {"kms:ViaService": reach.names.kms_via_service("sagemaker"), **equal},
    }
    return allow(sid, Action="kms:CreateGrant", Resource=keys, Condition=condition)


def _state(reach: EnvironmentScope) -> list[Statement]:
    if not (state := reach.environment.state):
        return []
    states = f"{reach.names.bucket_arn(state.bucket)}/{reach.states}"
    locks = f"{states}.tflock"
    return [
        allow("WriteState", Action="s3:PutObject", Resource=states),
        allow("LockState", Action=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], Resource=locks),
        *state_key_statements(reach, "EncryptState", ["kms:GenerateDataKey"]),
    ]


def _retiring(reach: EnvironmentScope) -> list[Statement]:
    """Return what destroys keys and buckets, of the retired endpoints alone."""
    if not reach.retired:
        return []
    buckets = [reach.names.bucket_arn(each.names.capture_bucket) for each in reach.retired]
    tags: dict[str, Any] = {
        **reach.tagged("Resource"),
        "aws:ResourceTag/endpoint": sorted(each.endpoint.name for each in reach.retired),
    }
    return [
        allow(
            "DestroyKeysOfTheRetired",
            Action="kms:ScheduleKeyDeletion",
            Resource=reach.keys,
            Condition={"StringEquals": tags},
        ),
        allow(
            "DestroyBucketsOfTheRetired",
            Action=["s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:ListBucketVersions"],
            Resource=buckets,
        ),
        allow(
            "EmptyBucketsOfTheRetired",
            Action=["s3:DeleteObject", "s3:DeleteObjectVersion"],
            Resource=[f"{each}/*" for each in buckets],
        ),
    ]
