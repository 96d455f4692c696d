"""Define the kinds of value that `endpoints.toml` holds.

Each has a title, which error messages call it by, a pattern or bounds, and an example, which they tell people to
follow. Where a rule compares values there is a second example: `modules.mend` tries both. The patterns are AWS's own
(botocore's service models) or stricter where a looser value would be dangerous. They hold no `$`, `{` or `%`, which
Terraform would read as a template.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from modules.catalog import hosting_instance_types, regions

_WORD = r"[a-z0-9]+(-[a-z0-9]+)*"
_ARN = r"arn:aws[a-z-]*"
# An S3 object key ends up in IAM resources and Terraform strings: wildcards and templates are left out.
_S3_KEY = r"[A-Za-z0-9!_.'()/=@:+,&-]"
_EC2_ID = r"([0-9a-f]{8}|[0-9a-f]{17})"
_TAG = r"[\p{L}\p{Z}\p{N}_.:/=+@-]"
_TEXT = r"[^${}%\x00-\x1f\x7f-\x9f]"  # one line: no control characters
_S3_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"


def _listed_in(schema: dict[str, Any], values: list[str]) -> None:
    schema["enum"] = values


def _hosted(value: str) -> str:
    if value not in hosting_instance_types():
        raise PydanticCustomError("enum", "not an instance type that SageMaker hosts")
    return value


def _existing(value: str) -> str:
    if value not in regions():
        raise PydanticCustomError("enum", "not a region")
    return value


Name = Annotated[
    str,
    Field(
        title="name of up to 36 lower-case letters, digits and single hyphens",
        pattern=rf"^{_WORD}$",
        max_length=36,
        examples=["kmeans", "fraud"],
    ),
]
AccountId = Annotated[
    str,
    Field(
        title="AWS account id (12 digits, as a string)",
        pattern=r"^[0-9]{12}$",
        examples=["111122223333", "444455556666"],
    ),
]
Region = Annotated[
    str,
    AfterValidator(_existing),
    Field(
        title="AWS region",
        examples=["us-west-2", "cn-north-1"],
        json_schema_extra=lambda schema: _listed_in(schema, sorted(regions())),
    ),
]
InstanceType = Annotated[
    str,
    AfterValidator(_hosted),
    Field(
        title="instance type that SageMaker hosts",
        examples=["ml.m5.xlarge"],
        json_schema_extra=lambda schema: _listed_in(schema, list(hosting_instance_types())),
    ),
]
Image = Annotated[
    str,
    Field(
        title="image in Amazon ECR with its tag or digest, at most 255 characters",
        pattern=r"^[0-9]{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+/[a-z0-9]+([._/-]+[a-z0-9]+)*"
        r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$",
        max_length=255,
        examples=["174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"],
    ),
]
ModelDataUrl = Annotated[
    str,
    Field(
        title="S3 URI of one .tar.gz file without wildcards, at most 1024 characters",
        pattern=rf"^s3://{_S3_BUCKET}/{_S3_KEY}+\.tar\.gz$",
        max_length=1024,
        examples=["s3://my-bucket/model.tar.gz"],
    ),
]
S3Prefix = Annotated[
    str,
    Field(
        title="S3 URI of a prefix without wildcards, at most 512 characters",
        pattern=rf"^s3://{_S3_BUCKET}/{_S3_KEY}*[A-Za-z0-9_.=-]/?$",
        max_length=512,
        examples=["s3://my-bucket/data-capture"],
    ),
]
# A service-linked role and a role of IAM Identity Center cannot take a policy, so they cannot be granted anything.
RoleArn = Annotated[
    str,
    Field(
        title="IAM role ARN",
        pattern=rf"^{_ARN}:iam::[0-9]{{12}}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{{1,64}}$",
        max_length=2048,
        examples=["arn:aws:iam::111122223333:role/checkout-api", "arn:aws:iam::111122223333:role/batch"],
    ),
]
PrincipalArn = Annotated[
    str,
    Field(
        title="ARN of an IAM role, an IAM user or an account's root",
        pattern=rf"^{_ARN}:iam::[0-9]{{12}}:(root|(role|user)/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{{1,64}})$",
        max_length=2048,
        examples=["arn:aws:iam::999988887777:role/partner-gateway"],
    ),
]
CallerName = Annotated[
    str,
    Field(
        title="name of up to 18 lower-case letters, digits and single hyphens",
        pattern=rf"^{_WORD}$",
        max_length=18,
        examples=["partner", "auditor"],
    ),
]
ExternalId = Annotated[
    str,
    Field(
        title="external id of 2 to 1224 letters, digits and +=,.@:/-",
        pattern=r"^[A-Za-z0-9_+=,.@:/-]+$",
        min_length=2,
        max_length=1224,
        examples=["acme-partner-7f3a"],
    ),
]
OrganizationId = Annotated[
    str,
    Field(title="AWS organization id", pattern=r"^o-[a-z0-9]{10,32}$", examples=["o-a1b2c3d4e5"]),
]
TargetModel = Annotated[
    str,
    Field(
        title="target model name of letters, digits and _./*-, not beginning with a sign",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_./*-]*$",
        max_length=1024,
        examples=["tenant-a/*"],
    ),
]
VpcId = Annotated[str, Field(title="VPC id", pattern=rf"^vpc-{_EC2_ID}$", examples=["vpc-0a1b2c3d4e5f60718"])]
SubnetId = Annotated[
    str, Field(title="subnet id", pattern=rf"^subnet-{_EC2_ID}$", examples=["subnet-0a1b2c3d4e5f60718"])
]
RouteTableId = Annotated[
    str, Field(title="route table id", pattern=rf"^rtb-{_EC2_ID}$", examples=["rtb-0a1b2c3d4e5f60718"])
]
SecurityGroupId = Annotated[
    str, Field(title="security group id", pattern=rf"^sg-{_EC2_ID}$", examples=["sg-0a1b2c3d4e5f60718"])
]
VpcEndpointId = Annotated[
    str, Field(title="VPC endpoint id", pattern=rf"^vpce-{_EC2_ID}$", examples=["vpce-0a1b2c3d4e5f60718"])
]
PolicyArn = Annotated[
    str,
    Field(
        title="IAM policy ARN",
        pattern=rf"^{_ARN}:iam::([0-9]{{12}}|aws):policy/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{{1,128}}$",
        max_length=2048,
        examples=["arn:aws:iam::111122223333:policy/ml-boundary"],
    ),
]
KeyArn = Annotated[
    str,
    Field(
        title="KMS key ARN (not an alias: policies and Terraform need the key itself)",
        pattern=rf"^{_ARN}:kms:[a-z0-9-]+:[0-9]{{12}}:key/[A-Za-z0-9-]+$",
        max_length=2048,
        examples=["arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
    ),
]
BucketName = Annotated[
    str,
    Field(title="S3 bucket name", pattern=rf"^{_S3_BUCKET}$", max_length=63, examples=["acme-tfstate-prod"]),
]
VersionConstraint = Annotated[
    str,
    Field(
        title="Terraform version constraint",
        pattern=r"^(=|!=|>|>=|<|<=|~>)? ?[0-9]+(\.[0-9]+){0,2}(, ?(=|!=|>|>=|<|<=|~>)? ?[0-9]+(\.[0-9]+){0,2})*$",
        examples=[">= 6.25, < 7"],
    ),
]
Reason = Annotated[
    str,
    Field(
        title="reason in words, from 10 to 200 characters",
        pattern=rf"^{_TEXT}*[^\s${{}}%\x00-\x1f\x7f-\x9f]{_TEXT}*$",
        min_length=10,
        max_length=200,
        examples=["the container calls the feature store, RISK-881"],
    ),
]
TagKey = Annotated[
    str,
    Field(
        title="tag key of 1 to 128 letters, digits, spaces and _.:/=+-@",
        pattern=rf"^{_TAG}+$",
        max_length=128,
        examples=["team"],
    ),
]
TagValue = Annotated[
    str,
    Field(
        title="tag value of up to 256 letters, digits, spaces and _.:/=+-@",
        pattern=rf"^{_TAG}*$",
        max_length=256,
        examples=["ml"],
    ),
]
VariableName = Annotated[
    str,
    Field(
        title="environment variable name of letters, digits and underscores, not beginning with a digit",
        pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$",
        max_length=1024,
        examples=["LOG_LEVEL"],
    ),
]
VariableValue = Annotated[
    str,
    Field(title="environment variable value of up to 1024 characters", max_length=1024, examples=["info"]),
]
