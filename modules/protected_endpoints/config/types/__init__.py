"""Define the kinds of value that `endpoints.toml` holds.

Each has a title, which error messages call it by, a pattern or bounds, and an example, which they tell people to
follow. Where a rule compares values there is a second example: `loading.candidates` tries both. The patterns are
AWS's own (botocore's service models) or stricter where a looser value would be dangerous. They hold no `$`, `{` or
`%`, which Terraform would read as a template.
"""

from protected_endpoints.config.types.general import (
    AccountId,
    BucketName,
    Reason,
    Region,
    Slug,
    TagKey,
    TagValue,
    VersionConstraint,
)
from protected_endpoints.config.types.hosting import (
    AlarmName,
    ChannelName,
    ContentType,
    EnvVarName,
    EnvVarValue,
    Hostname,
    Image,
    InferenceAmiVersion,
    InstanceType,
    LambdaArn,
    ModelDataUrl,
    ModelPackageArn,
    ResourceName,
    S3ObjectOrPrefixUri,
    S3Prefix,
    TargetModel,
    TopicArn,
)
from protected_endpoints.config.types.identity import (
    ExternalId,
    InvokerName,
    KeyArn,
    OrganizationId,
    PolicyArn,
    PrincipalArn,
    RoleArn,
)
from protected_endpoints.config.types.network import RouteTableId, SecurityGroupId, SubnetId, VpcEndpointId, VpcId
from protected_endpoints.config.types.organization import (
    Branch,
    GithubEnvironment,
    HcpHostname,
    HcpOrganization,
    HcpProject,
    Repository,
)

__all__ = [
    "AccountId",
    "AlarmName",
    "Branch",
    "BucketName",
    "ChannelName",
    "ContentType",
    "EnvVarName",
    "EnvVarValue",
    "ExternalId",
    "GithubEnvironment",
    "HcpHostname",
    "HcpOrganization",
    "HcpProject",
    "Hostname",
    "Image",
    "InferenceAmiVersion",
    "InstanceType",
    "InvokerName",
    "KeyArn",
    "LambdaArn",
    "ModelDataUrl",
    "ModelPackageArn",
    "OrganizationId",
    "PolicyArn",
    "PrincipalArn",
    "Reason",
    "Region",
    "Repository",
    "ResourceName",
    "RoleArn",
    "RouteTableId",
    "S3ObjectOrPrefixUri",
    "S3Prefix",
    "SecurityGroupId",
    "Slug",
    "SubnetId",
    "TagKey",
    "TagValue",
    "TargetModel",
    "TopicArn",
    "VersionConstraint",
    "VpcEndpointId",
    "VpcId",
]
