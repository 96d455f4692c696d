"""What a role needs that only plans: it reads what Terraform made, and the state. It writes nothing at all.

Not even the lock of the state, so that a plan of a pull request cannot keep a deployment from starting: it plans with
`-lock=false`.
"""

from typing import Any

from protected_endpoints.policies import Statement, allow
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope

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
_KEY = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"]
_ROLE = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies"]
_SERVING = [
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeModel",
    "sagemaker:GetEndpointPolicy",  # not for Terraform: `commands.endpoint_policies` reads it
    "sagemaker:ListTags",
]
_LISTING = ["kms:ListAliases", "logs:DescribeLogGroups"]
_OF_MODELS = ["ec2:DescribeManagedPrefixLists", "ec2:DescribeSecurityGroups"]
_OF_PRIVATE_ENDPOINTS = [
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeRouteTables",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
]


def planner(reach: EnvironmentScope) -> list[Statement]:
    """Return the statements of a role that plans the stacks of an environment and cannot change them."""
    return read_statements(reach, keys={"Condition": reach.only_tagged("Resource")})


def read_statements(reach: EnvironmentScope, *, keys: dict[str, Any]) -> list[Statement]:
    """Return what a plan reads of an environment; `keys` says which keys of the account it may look at."""
    names = reach.names
    return [
        allow("ReadServing", Action=_SERVING, Resource=reach.serving),
        allow("ReadLogGroups", Action="logs:ListTagsForResource", Resource=names.log_group_arn_pattern),
        allow("ReadRoles", Action=_ROLE, Resource=names.managed_role_arn_pattern),
        # Of any role, because a plan also looks at those that are no longer named.
        allow("ReadWhoIsLetIn", Action="iam:ListAttachedRolePolicies", Resource=names.iam_arn("role/*")),
        allow("ReadPolicies", Action=["iam:GetPolicy", "iam:GetPolicyVersion"], Resource=reach.policies),
        allow("ReadBuckets", Action=_BUCKET, Resource=names.capture_bucket_arn_pattern),
        allow("ReadKeys", Action=_KEY, Resource=reach.keys, **keys),
        *_listing(reach),
        *_state(reach),
        *_state_stack(reach),
    ]


def _listing(reach: EnvironmentScope) -> list[Statement]:
    """Return what lists, which mostly has no resource, and what a network's models and private endpoints look up."""
    network = reach.environment.network
    actions, statements = [*_LISTING], []
    if network:
        actions += _OF_MODELS
        lists = f"arn:{reach.names.partition}:ec2:{reach.names.region}:*:prefix-list/*"  # AWS's own, not the account's
        statements.append(allow("ReadAddressesOfS3", Action="ec2:GetManagedPrefixListEntries", Resource=lists))
    if network and network.private_endpoints:
        actions += _OF_PRIVATE_ENDPOINTS
        vpc = reach.ec2("vpc", network.vpc_id)
        statements.append(allow("ReadThisVpc", Action="ec2:DescribeVpcAttribute", Resource=vpc))
    return [allow("ListingHasNoResource", Action=actions, Resource="*"), *statements]


def state_key_statements(reach: EnvironmentScope, sid: str, actions: list[str]) -> list[Statement]:
    """Return the use of the state's own key through S3; an existing bucket may be in another region.

    AWS chooses the id of a key that is made, so that is told by its tags and by what it encrypts.
    """
    state = reach.environment.state
    if not state or not (state.create_bucket or state.kms_key_id):
        return []
    via = {"kms:ViaService": f"s3.{state.region or reach.names.region}.{reach.names.dns_suffix}"}
    if state.kms_key_id:
        return [allow(sid, Action=actions, Resource=state.kms_key_id, Condition={"StringEquals": via})]
    bucket = reach.names.bucket_arn(state.bucket)
    condition = {
        "StringEquals": {**via, **reach.tagged("Resource")},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
    }
    return [allow(sid, Action=actions, Resource=reach.keys, Condition=condition)]


def _state(reach: EnvironmentScope) -> list[Statement]:
    state = reach.environment.state
    if not state:
        return []
    bucket = reach.names.bucket_arn(state.bucket)
    return [
        # S3 tells who may not list that an object is missing in the same words as that it is forbidden.
        allow("ListState", Action="s3:ListBucket", Resource=bucket),
        allow("ReadState", Action="s3:GetObject", Resource=f"{bucket}/{reach.states}"),
        *state_key_statements(reach, "DecryptState", ["kms:Decrypt"]),
    ]


def _state_stack(reach: EnvironmentScope) -> list[Statement]:
    """Return what a plan reads of the state's bucket and of the roles of workflows, which administrators change."""
    names, state = reach.names, reach.environment.state
    statements = []
    if state and state.create_bucket:
        statements.append(allow("ReadBucketOfState", Action=_BUCKET, Resource=names.bucket_arn(state.bucket)))
    if github := reach.environment.github_actions:
        made = (names.deployer, names.planner)
        roles, policies = (
            [names.iam_arn(f"{kind}/{each}{end}") for each in made] for kind, end in (("role", ""), ("policy", "*"))
        )
        statements += [
            allow("ReadRolesOfWorkflows", Action=_ROLE, Resource=roles),
            allow("ReadPoliciesOfWorkflows", Action=["iam:GetPolicy", "iam:GetPolicyVersion"], Resource=policies),
        ]
        if github.create_openid_connect_provider:
            provider = names.github_provider_arn
            statements.append(allow("ReadProvider", Action="iam:GetOpenIDConnectProvider", Resource=provider))
    return statements
