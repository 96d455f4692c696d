"""Types of IAM principals, policies and KMS keys."""

from typing import Annotated

from pydantic import Field

from protected_endpoints.config.types.patterns import ARN, WORD

RoleArn = Annotated[
    str,
    Field(
        title="IAM role ARN",
        pattern=rf"^{ARN}:iam::[0-9]{{12}}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{{1,64}}$",
        max_length=2048,
        examples=["arn:aws:iam::111122223333:role/checkout-api", "arn:aws:iam::111122223333:role/batch"],
    ),
]
PrincipalArn = Annotated[
    str,
    Field(
        title="ARN of an IAM role, an IAM user or an account root",
        pattern=rf"^{ARN}:iam::[0-9]{{12}}:(root|(role|user)/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{{1,64}})$",
        max_length=2048,
        examples=["arn:aws:iam::999988887777:role/partner-gateway"],
    ),
]
InvokerName = Annotated[
    str,
    Field(
        title="name of up to 18 lowercase letters, digits and single hyphens",
        pattern=rf"^{WORD}$",
        max_length=18,
        examples=["partner", "auditor"],
    ),
]
ExternalId = Annotated[
    str,
    Field(
        title="external ID of 2 to 1224 letters, digits and _ + = , . @ : / -",
        pattern=r"^[A-Za-z0-9_+=,.@:/-]+$",
        min_length=2,
        max_length=1224,
        examples=["acme-partner-7f3a"],
    ),
]
OrganizationId = Annotated[
    str,
    Field(title="AWS organization ID", pattern=r"^o-[a-z0-9]{10,32}$", examples=["o-a1b2c3d4e5"]),
]
PolicyArn = Annotated[
    str,
    Field(
        title="IAM policy ARN",
        pattern=rf"^{ARN}:iam::([0-9]{{12}}|aws):policy/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{{1,128}}$",
        max_length=2048,
        examples=["arn:aws:iam::111122223333:policy/ml-boundary"],
    ),
]
KeyArn = Annotated[
    str,
    Field(
        title="KMS key ARN, not an alias",
        pattern=rf"^{ARN}:kms:[a-z0-9-]+:[0-9]{{12}}:key/[A-Za-z0-9-]+$",
        max_length=2048,
        examples=["arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
    ),
]
IamAction = Annotated[
    str,
    Field(
        title="IAM action without wildcards, with the lowercase prefix of its service",
        pattern=r"^[a-z0-9-]+:[A-Za-z0-9]+$",
        max_length=128,
        examples=["sagemaker:GetRecord", "secretsmanager:GetSecretValue"],
    ),
]
IamResource = Annotated[
    str,
    Field(
        title="ARN of a resource with the wildcards * and ? in its last part only, or *",
        pattern=rf"^(\*|{ARN}:[a-z0-9-]+:[a-z0-9-]*:([0-9]{{12}}|aws)?:[^\s${{}}%\x00-\x1f\x7f-\x9f]+)$",
        max_length=2048,
        examples=["arn:aws:sagemaker:us-west-2:111122223333:feature-group/risk"],
    ),
]
# The condition operators of IAM policies (IAM, "IAM JSON policy elements: Condition operators").
_OPERATOR = (
    "String(Not)?(Equals(IgnoreCase)?|Like)"
    "|(Numeric|Date)((Not)?Equals|(LessThan|GreaterThan)(Equals)?)"
    "|Arn(Not)?(Equals|Like)"
    "|(Not)?IpAddress|Bool|BinaryEquals"
)
ConditionOperator = Annotated[
    str,
    Field(
        title="IAM condition operator, such as StringEquals, ArnLike, IpAddress or ForAnyValue:StringLike",
        pattern=rf"^((For(AllValues|AnyValue):)?({_OPERATOR})(IfExists)?|Null)$",
        max_length=64,
        examples=["StringEquals"],
    ),
]
ConditionKey = Annotated[
    str,
    Field(
        title="IAM condition key with its prefix, such as aws:ResourceAccount",
        pattern=r"^[a-z0-9-]+:[A-Za-z0-9:/_.@+=-]+$",
        max_length=256,
        examples=["aws:ResourceAccount"],
    ),
]
ConditionValue = Annotated[
    str,
    Field(
        title="value of an IAM condition without $ { } %",
        pattern=r"^[^${}%\x00-\x1f\x7f-\x9f]*$",
        max_length=1024,
        examples=["111122223333"],
    ),
]
