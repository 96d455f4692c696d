"""The permissions of planners: they read the resources and the Terraform state of an environment, and write nothing.

A planner plans with `-lock=false`, so that the plan of a pull request cannot block a deployment.
"""

from protected_endpoints.policies.document import Condition, Statement, allow
from protected_endpoints.policies.operators.alarms import read_alarm_statements
from protected_endpoints.policies.operators.audit import read_audit_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.inference_components import read_component_statements
from protected_endpoints.policies.operators.scaling import read_scaling_statements
from protected_endpoints.policies.operators.ssm_parameters import read_parameter_statements
from protected_endpoints.policies.s3_data import ENCRYPTION_CONTEXT

_BUCKET = [
    "s3:GetAccelerateConfiguration",
    "s3:GetBucketAcl",
    "s3:GetBucketCORS",
    "s3:GetBucketLogging",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketRequestPayment",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "s3:ListTagsForResource",
]
_CAPTURE_BUCKET = sorted([*_BUCKET, "s3:GetBucketNotification"])
_KEY = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"]
_ROLE = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies"]
_SAGEMAKER = [
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeModel",
    "sagemaker:GetEndpointPolicy",  # not called by Terraform, but by `commands.endpoint_policies`
    "sagemaker:ListTags",
]
_LIST = ["kms:ListAliases", "logs:DescribeLogGroups"]
_DESCRIBE_MODEL_NETWORK = ["ec2:DescribeManagedPrefixLists", "ec2:DescribeSecurityGroups"]
_DESCRIBE_VPC_ENDPOINTS = [
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeRouteTables",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
]


def planner_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the statements of a role that can plan the stacks of an environment and cannot change them."""
    return read_statements(scope, key_condition=scope.tag_condition("Resource"))


def read_statements(scope: EnvironmentScope, *, key_condition: Condition | None) -> list[Statement]:
    """Return the permissions to read an environment's resources; KMS keys only if the condition, if any, holds."""
    names = scope.names
    keys = {"Condition": key_condition} if key_condition else {}
    return [
        allow("ReadServing", Action=_SAGEMAKER, Resource=scope.sagemaker_arns),
        allow("ReadLogGroups", Action="logs:ListTagsForResource", Resource=scope.log_group_arns),
        allow("ReadRoles", Action=_ROLE, Resource=names.managed_role_arn_pattern),
        # Of every role: a plan also reads the attachments of roles that were removed from the configuration.
        allow("ReadWhoIsLetIn", Action="iam:ListAttachedRolePolicies", Resource=names.iam_arn("role/*")),
        allow("ReadPolicies", Action=["iam:GetPolicy", "iam:GetPolicyVersion"], Resource=scope.policy_arns),
        allow("ReadBuckets", Action=_CAPTURE_BUCKET, Resource=names.capture_bucket_arn_pattern),
        allow("ReadKeys", Action=_KEY, Resource=scope.kms_key_arns, **keys),
        *read_component_statements(scope),
        *read_alarm_statements(scope),
        *read_scaling_statements(scope),
        *read_parameter_statements(scope),
        *read_audit_statements(scope, bucket_actions=_BUCKET),
        *_list_statements(scope),
        *_state_statements(scope),
        *_state_stack_statements(scope),
    ]


def _list_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions for List and Describe actions, most of which have no resource-level permissions."""
    network = scope.environment.network
    actions, statements = [*_LIST], []
    if network:
        actions += _DESCRIBE_MODEL_NETWORK
        lists = scope.names.arn("ec2", "prefix-list/*", "*")  # of AWS, not of the account
        statements.append(allow("ReadAddressesOfS3", Action="ec2:GetManagedPrefixListEntries", Resource=lists))
    if network and network.private_endpoints:
        actions += _DESCRIBE_VPC_ENDPOINTS
        vpc = scope.ec2_arns("vpc", network.vpc_id)
        statements.append(allow("ReadThisVpc", Action="ec2:DescribeVpcAttribute", Resource=vpc))
    return [allow("ListingHasNoResource", Action=actions, Resource="*"), *statements]


def state_key_statements(scope: EnvironmentScope, sid: str, actions: list[str]) -> list[Statement]:
    """Return the permission to use the key of the state through S3, in the region of the bucket.

    AWS chooses the ID of a managed key, so the statement identifies it by its tags and its encryption context.
    """
    state = scope.environment.state
    if not state or not (state.create_bucket or state.kms_key_id):
        return []
    via = {"kms:ViaService": scope.names.kms_via_service("s3", state.region)}
    if state.kms_key_id:
        return [allow(sid, Action=actions, Resource=state.kms_key_id, Condition={"StringEquals": via})]
    bucket = scope.names.bucket_arn(state.bucket)
    condition = {
        "StringEquals": {**via, **scope.tag_values("Resource")},
        "StringLike": {ENCRYPTION_CONTEXT: [bucket, f"{bucket}/*"]},
    }
    return [allow(sid, Action=actions, Resource=scope.kms_key_arns, Condition=condition)]


def _state_statements(scope: EnvironmentScope) -> list[Statement]:
    state = scope.environment.state
    if not state:
        return []
    bucket = scope.names.bucket_arn(state.bucket)
    return [
        # Without this permission, S3 reports a missing object as access denied.
        allow("ListState", Action="s3:ListBucket", Resource=bucket),
        allow("ReadState", Action="s3:GetObject", Resource=f"{bucket}/{scope.state_keys}"),
        *state_key_statements(scope, "DecryptState", ["kms:Decrypt"]),
    ]


def _state_stack_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to read the state bucket, the boundary and the roles of workflows, of administrators."""
    names, state = scope.names, scope.environment.state
    statements = []
    if scope.environment.has_state_stack and not scope.environment.permissions_boundary_arn:
        boundary = names.iam_arn(f"policy/{names.environment_boundary}")
        actions = ["iam:GetPolicy", "iam:GetPolicyVersion"]
        statements.append(allow("ReadBoundary", Action=actions, Resource=boundary))
    if state and state.create_bucket:
        statements.append(allow("ReadBucketOfState", Action=_BUCKET, Resource=names.bucket_arn(state.bucket)))
    if github := scope.environment.github_actions:
        roles = [names.iam_arn(f"role/{name}") for name in (names.deployer, names.planner)]
        policies = [names.iam_arn(f"policy/{name}*") for name in (names.deployer, names.planner)]
        statements += [
            allow("ReadRolesOfWorkflows", Action=_ROLE, Resource=roles),
            allow("ReadPoliciesOfWorkflows", Action=["iam:GetPolicy", "iam:GetPolicyVersion"], Resource=policies),
        ]
        if github.create_openid_connect_provider:
            provider = names.github_provider_arn
            statements.append(allow("ReadProvider", Action="iam:GetOpenIDConnectProvider", Resource=provider))
    return statements
