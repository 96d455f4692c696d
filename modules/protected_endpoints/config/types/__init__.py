"""Define the kinds of value that `endpoints.toml` holds.

Each has a title, which error messages call it by, a pattern or bounds, and an example, which they tell people to
follow. Where a rule compares values there is a second example: `loading.candidates` tries both. The patterns are
AWS's own (botocore's service models) or stricter where a looser value would be dangerous. They hold no `$`, `{` or
`%`, which Terraform would read as a template.
"""

from protected_endpoints.config.types.general import (
    AccountId,
    BucketName,
    Name,
    Reason,
    Region,
    TagKey,
    TagValue,
    VersionConstraint,
)
from protected_endpoints.config.types.hosting import (
    AlarmName,
    ChannelName,
    ContentType,
    Hostname,
    Image,
    InferenceAmiVersion,
    InstanceType,
    LambdaArn,
    ModelDataUrl,
    ModelPackageArn,
    ResourceName,
    S3Data,
    S3Prefix,
    TargetModel,
    TopicArn,
    VariableName,
    VariableValue,
)
from protected_endpoints.config.types.identity import (
    CallerName,
    ExternalId,
    KeyArn,
    OrganizationId,
    PolicyArn,
    PrincipalArn,
    RoleArn,
)
from protected_endpoints.config.types.network import RouteTableId, SecurityGroupId, SubnetId, VpcEndpointId, VpcId
from protected_endpoints.config.types.organization import (
    Branch,
    CloudHostname,
    CloudProject,
    GithubEnvironment,
    Organization,
    Repository,
)

__all__ = [
    "AccountId",
    "AlarmName",
    "Branch",
    "BucketName",
    "CallerName",
    "ChannelName",
    "CloudHostname",
    "CloudProject",
    "ContentType",
    "ExternalId",
    "GithubEnvironment",
    "Hostname",
    "Image",
    "InferenceAmiVersion",
    "InstanceType",
    "KeyArn",
    "LambdaArn",
    "ModelDataUrl",
    "ModelPackageArn",
    "Name",
    "Organization",
    "OrganizationId",
    "PolicyArn",
    "PrincipalArn",
    "Reason",
    "Region",
    "Repository",
    "ResourceName",
    "RoleArn",
    "RouteTableId",
    "S3Data",
    "S3Prefix",
    "SecurityGroupId",
    "SubnetId",
    "TagKey",
    "TagValue",
    "TargetModel",
    "TopicArn",
    "VariableName",
    "VariableValue",
    "VersionConstraint",
    "VpcEndpointId",
    "VpcId",
]
