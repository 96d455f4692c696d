"""The permissions of deployers: create, change and delete the resources of an environment with Terraform.

A deployer can pass execution roles to SageMaker and no other roles, and attach policies only to invokers and readers in
`endpoints.toml`. It can delete a key or a bucket only if the endpoint has `relax.prevent_destroy`: otherwise Terraform
refuses to delete it anyway.
"""

from typing import Any

from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.operators.alarms import alarm_statements
from protected_endpoints.policies.operators.deny_statements import deny_statements
from protected_endpoints.policies.operators.environment_scope import OTHER_TAGS, EnvironmentScope
from protected_endpoints.policies.operators.inference_components import component_statements
from protected_endpoints.policies.operators.planner import read_statements, state_key_statements
from protected_endpoints.policies.operators.scaling import scaling_statements
from protected_endpoints.policies.operators.ssm_parameters import parameter_statements
from protected_endpoints.policies.operators.vpc import vpc_statements

_SAGEMAKER = [
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
    "s3:PutBucketNotification",  # also removes `eventbridge`
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


def deployer_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the statements of a role that deploys; `packing.pack` splits them into policies."""
    return [
        *read_statements(scope, key_condition=None),
        *_sagemaker_statements(scope),
        *component_statements(scope, log_actions=_LOGS),
        *alarm_statements(scope),
        *scaling_statements(scope),
        *parameter_statements(scope),
        *_role_statements(scope),
        *_key_statements(scope),
        allow("MakeBuckets", Action=_BUCKETS, Resource=scope.names.capture_bucket_arn_pattern),
        *_state_statements(scope),
        *vpc_statements(scope),
        *_destroy_statements(scope),
        # `make recover` lists what an interrupted run created.
        allow("FindWhatWasLeft", Action=["kms:ListKeys", "sagemaker:ListEndpointConfigs"], Resource="*"),
        *deny_statements(scope),
    ]


def _sagemaker_statements(scope: EnvironmentScope) -> list[Statement]:
    packages = sorted({arn for deployment in scope.deployments for arn in deployment.model_packages})
    # For packages of other accounts, the guide has their owner allow CreateModel on the package, although the service
    # authorization reference does not list a package as a resource of the action.
    with_packages = ["sagemaker:CreateModel", "sagemaker:DescribeModelPackage"]
    return [
        *([allow("MakeModelsOfPackages", Action=with_packages, Resource=packages)] if packages else []),
        allow("MakeServing", Action=_SAGEMAKER, Resource=scope.sagemaker_arns),
        allow("MakeLogGroups", Action=_LOGS, Resource=scope.log_group_arns),
        allow(
            "PassExecutionRolesToSageMaker",
            Action="iam:PassRole",
            Resource=scope.execution_role_arns,
            Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    ]


def _role_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions for roles, policies and their attachments.

    Roles can only be created and changed with a permissions boundary: the environment's, which deployers cannot change,
    or else the managed boundary of an execution role, or the invoke policy of an invoker. Managed roles of invokers
    have no inline policies. Managed policies can be detached from every role, and every managed role can be deleted,
    because a removed invoker or reader is no longer in `endpoints.toml`. IAM does not delete a role that has policies.
    """
    boundary = scope.boundary_arn
    bounded_by_environment = {"Condition": {"ArnLike": {"iam:PermissionsBoundary": boundary}}} if boundary else {}
    managed_policies = {"ArnLike": {"iam:PolicyARN": scope.access_policy_arns}}
    create = ["iam:CreateRole", "iam:PutRolePermissionsBoundary"]
    statements = [
        allow(
            "MakeBoundedExecutionRoles",
            Action=[*create, "iam:PutRolePolicy"],
            Resource=scope.names.execution_role_arn_pattern,
            Condition={"ArnLike": {"iam:PermissionsBoundary": boundary or scope.names.boundary_arn_pattern}},
        ),
        allow("ChangeExecutionRoles", Action="iam:DeleteRolePolicy", Resource=scope.names.execution_role_arn_pattern),
        allow("TagRoles", Action=["iam:TagRole", "iam:UntagRole"], Resource=scope.managed_role_arns),
        allow(
            "ChangeTrust",
            Action="iam:UpdateAssumeRolePolicy",
            Resource=scope.managed_role_arns,
            **bounded_by_environment,
        ),
        allow(
            "DeleteRoles",
            Action=["iam:DeleteRole", "iam:ListInstanceProfilesForRole"],
            Resource=scope.names.managed_role_arn_pattern,
            Condition=scope.tag_condition("Resource"),
        ),
        *_policy_statements(scope),
        allow(
            "LetOut", Action="iam:DetachRolePolicy", Resource=scope.names.iam_arn("role/*"), Condition=managed_policies
        ),
    ]
    if invokers := scope.managed_invoker_role_arns:
        bounded = {"ArnLike": {"iam:PermissionsBoundary": boundary or scope.access_policy_arns}}
        statements.append(allow("MakeBoundedCallers", Action=create, Resource=invokers, Condition=bounded))
    if roles := [*scope.managed_invoker_role_arns, *scope.existing_role_arns]:
        statements.append(allow("LetIn", Action="iam:AttachRolePolicy", Resource=roles, Condition=managed_policies))
    return statements


def _policy_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions for managed policies.

    With a boundary of the environment, those of roles that are no longer used can only be deleted, so that a role that
    still has one is not extended by it.
    """
    if not scope.boundary_arn:
        return [allow("MakePolicies", Action=_POLICIES, Resource=scope.policy_arns)]
    delete = ["iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:ListPolicyVersions"]
    return [
        allow("MakePolicies", Action=_POLICIES, Resource=scope.access_policy_arns),
        allow("DeleteBoundariesOfRoles", Action=delete, Resource=scope.names.boundary_arn_pattern),
    ]


def _key_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions for KMS keys, which their tags identify.

    KMS can take five minutes to evaluate new tags and aliases (KMS, "ABAC for AWS KMS"). The actions that Terraform
    calls on a new key at once are therefore allowed for a key without alias and without tags of another project or
    environment. The tags that identify a key cannot be changed later.
    """
    names = scope.names
    aliases = names.arn("kms", f"alias/{names.prefix}-*")
    on_request = scope.tag_condition("Request")
    # Excludes the key of the state, which has no tag `endpoint`: deployers use it and cannot change its policy.
    of_endpoints = {**scope.tag_condition("Resource"), "Null": {"aws:ResourceTag/endpoint": "false"}}
    without_alias = {"kms:ResourceAliases": "true"}
    new = {"StringEqualsIfExists": scope.tag_values("Resource"), "Null": without_alias}
    return [
        allow("MakeKeys", Action="kms:CreateKey", Resource="*", Condition=on_request),
        allow(
            "TagNewKeys",
            Action="kms:TagResource",
            Resource=scope.kms_key_arns,
            Condition={**on_request, "Null": {"aws:ResourceTag/project": "true", **without_alias}},
        ),
        allow(
            "SetUpNewKeys",
            Action=["kms:CreateAlias", "kms:EnableKeyRotation"],
            Resource=scope.kms_key_arns,
            Condition=new,
        ),
        allow("NameKeys", Action=["kms:CreateAlias", "kms:DeleteAlias"], Resource=aliases),
        allow(
            "ChangeKeys",
            Action=["kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy"],
            Resource=scope.kms_key_arns,
            Condition=of_endpoints,
        ),
        allow(
            "TagKeys",
            Action=["kms:TagResource", "kms:UntagResource"],
            Resource=scope.kms_key_arns,
            Condition={**of_endpoints, **OTHER_TAGS},
        ),
        _grant_statement("LetSageMakerEncrypt", scope, scope.kms_key_arns, scope.tag_values("Resource")),
        *(
            [_grant_statement("LetSageMakerUseGivenKeys", scope, scope.existing_key_arns, {})]
            if scope.existing_key_arns
            else []
        ),
    ]


def _grant_statement(sid: str, scope: EnvironmentScope, keys: str | list[str], equal: dict[str, str]) -> Statement:
    condition = {
        "Bool": {"kms:GrantIsForAWSResource": "true"},
        "StringEquals": {"kms:ViaService": scope.names.kms_via_service("sagemaker"), **equal},
    }
    return allow(sid, Action="kms:CreateGrant", Resource=keys, Condition=condition)


def _state_statements(scope: EnvironmentScope) -> list[Statement]:
    if not (state := scope.environment.state):
        return []
    states = f"{scope.names.bucket_arn(state.bucket)}/{scope.state_keys}"
    locks = f"{states}.tflock"
    return [
        allow("WriteState", Action="s3:PutObject", Resource=states),
        allow("LockState", Action=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], Resource=locks),
        *state_key_statements(scope, "EncryptState", ["kms:GenerateDataKey"]),
    ]


def _destroy_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to delete the keys and buckets of endpoints with `relax.prevent_destroy`."""
    if not scope.destroyable:
        return []
    buckets = [scope.names.bucket_arn(deployment.names.capture_bucket) for deployment in scope.destroyable]
    tags: dict[str, Any] = {
        **scope.tag_values("Resource"),
        "aws:ResourceTag/endpoint": sorted(deployment.endpoint.name for deployment in scope.destroyable),
    }
    return [
        allow(
            "DestroyKeysOfTheRetired",
            Action="kms:ScheduleKeyDeletion",
            Resource=scope.kms_key_arns,
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
            Resource=[f"{bucket}/*" for bucket in buckets],
        ),
    ]
