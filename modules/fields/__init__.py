"""Define the kinds of value that `endpoints.toml` holds.

Each has a title, which error messages call it by, a pattern or bounds, and an example, which they tell people to
follow. Where a rule compares values there is a second example: `modules.mend` tries both. The patterns are AWS's own
(botocore's service models) or stricter where a looser value would be dangerous. They hold no `$`, `{` or `%`, which
Terraform would read as a template.
"""

from modules.fields.general import (
    AccountId,
    BucketName,
    Name,
    Reason,
    Region,
    TagKey,
    TagValue,
    VersionConstraint,
)
from modules.fields.hosting import (
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
from modules.fields.identity import (
    CallerName,
    ExternalId,
    KeyArn,
    OrganizationId,
    PolicyArn,
    PrincipalArn,
    RoleArn,
)
from modules.fields.network import (
    RouteTableId,
    SecurityGroupId,
    SubnetId,
    VpcEndpointId,
    VpcId,
)
from modules.fields.team import (
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
