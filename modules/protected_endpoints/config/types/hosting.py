"""Types of models, containers and their hosting."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from protected_endpoints.aws.service_models import api_enum
from protected_endpoints.config.types.map_key import MAP_KEY
from protected_endpoints.config.types.patterns import ARN, S3_BUCKET, S3_KEY, S3_KEY_END
from protected_endpoints.config.types.token import TOKEN_MARK


def _one_of(shape: str) -> Any:
    """Return a validator for an enumeration of the SageMaker API, as the installed botocore knows it."""

    def validate(value: str) -> str:
        if value not in api_enum(shape):
            raise PydanticCustomError("enum", "must be one of the values of {shape}", {"shape": shape})
        return value

    return AfterValidator(validate)


def _enum_schema(shape: str) -> Any:
    def add(schema: dict[str, Any]) -> None:
        schema["enum"] = list(api_enum(shape))

    return add


def _max_bytes(most: int) -> Any:
    """Return a validator for the length in bytes of UTF-8, which the AWS provider counts."""

    def validate(value: str) -> str:
        if len(value.encode()) > most:
            raise PydanticCustomError("string_too_long", "must have at most {most} bytes", {"most": most})
        return value

    return AfterValidator(validate)


def _no_token(value: str) -> str:
    # Values are escaped for Terraform, so CDKTF would write "$${aws_vpc.Vpc.id}", which the container gets as a text.
    if TOKEN_MARK in value:
        raise PydanticCustomError("token", "must not contain a token of CDKTF, which a container would get as a text")
    return value


InstanceType = Annotated[
    str,
    _one_of("ProductionVariantInstanceType"),
    Field(
        title="SageMaker hosting instance type",
        examples=["ml.m5.xlarge"],
        json_schema_extra=_enum_schema("ProductionVariantInstanceType"),
    ),
]
Image = Annotated[
    str,
    Field(
        title="image URI with a registry and a tag or digest, of at most 255 characters",
        # A rule requires Amazon ECR, except for a private registry. The registry has no port: models may connect to
        # port 443 only.
        pattern=r"^([a-z0-9-]+\.)+[a-z0-9-]+/[a-z0-9]+([._/-]+[a-z0-9]+)*"
        r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$",
        max_length=255,
        examples=["174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"],
    ),
]
ModelDataUrl = Annotated[
    str,
    Field(
        title="S3 URI of a .tar.gz object, or of a prefix that ends with a slash, without wildcards",
        pattern=rf"^s3://{S3_BUCKET}(/({S3_KEY}*(\.tar\.gz|{S3_KEY_END}/+))?)?$",
        max_length=1024,
        examples=["s3://my-bucket/model.tar.gz"],
    ),
]
S3Prefix = Annotated[
    str,
    Field(
        title="S3 URI of a prefix, without wildcards, of at most 512 characters",
        pattern=rf"^s3://{S3_BUCKET}(/({S3_KEY}*[A-Za-z0-9_.=-]/?)?)?$",
        max_length=512,
        examples=["s3://my-bucket/data-capture"],
    ),
]
TargetModel = Annotated[
    str,
    Field(
        title="target model name of letters, digits and _ . / * -, starting with a letter or digit",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_./*-]*$",
        max_length=1024,
        examples=["tenant-a/*"],
    ),
]
EnvVarName = Annotated[
    str,
    Field(
        title="environment variable name of letters, digits and underscores, not starting with a digit",
        pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$",
        max_length=1024,
        examples=["LOG_LEVEL"],
    ),
    MAP_KEY,
]
EnvVarValue = Annotated[
    str,
    _max_bytes(1024),
    AfterValidator(_no_token),
    Field(
        title="environment variable value of up to 1024 bytes, without NUL or a token of CDKTF",
        # The API takes any character, but an environment ends its values at a NUL (POSIX, environ).
        pattern=r"^[^\x00]*$",
        max_length=1024,
        examples=["info"],
    ),
]
InferenceAmiVersion = Annotated[
    str,
    _one_of("ProductionVariantInferenceAmiVersion"),
    Field(
        title="SageMaker inference AMI version",
        examples=["al2-ami-sagemaker-inference-gpu-3-1"],
        json_schema_extra=_enum_schema("ProductionVariantInferenceAmiVersion"),
    ),
]
ResourceName = Annotated[
    str,
    Field(
        title="name of up to 63 letters, digits and hyphens, without a hyphen at either end",
        pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
        max_length=63,
        examples=["champion", "challenger"],
    ),
]
Hostname = Annotated[
    str,
    Field(
        title="host name of up to 63 letters, digits and hyphens, without a hyphen at either end",
        pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
        max_length=63,
        examples=["tokenizer", "classifier"],
    ),
]
ChannelName = Annotated[
    str,
    Field(
        title="channel name of up to 64 letters, digits and . _ -",
        pattern=r"^[A-Za-z0-9._-]+$",
        max_length=64,
        examples=["adapters", "drafts"],
    ),
]
S3ObjectOrPrefixUri = Annotated[
    str,
    Field(
        title="S3 URI of an object, or of a prefix that ends with a slash, without wildcards",
        pattern=rf"^s3://{S3_BUCKET}(/({S3_KEY}*{S3_KEY_END}/*)?)?$",
        max_length=1024,
        examples=["s3://my-bucket/model/", "s3://my-bucket/model.tar.gz"],
    ),
]
ModelPackageArn = Annotated[
    str,
    Field(
        title="ARN of a versioned model package",
        pattern=rf"^{ARN}:sagemaker:[a-z0-9-]{{9,16}}:[0-9]{{12}}:model-package/[A-Za-z0-9/_-]{{1,176}}$",
        max_length=2048,
        examples=["arn:aws:sagemaker:us-west-2:111122223333:model-package/fraud/7"],
    ),
]
LambdaArn = Annotated[
    str,
    Field(
        title="Lambda function ARN",
        pattern=rf"^{ARN}:lambda:[a-z0-9-]+:[0-9]{{12}}:function:[A-Za-z0-9_-]{{1,140}}(:[A-Za-z0-9_-]+)?$",
        max_length=2048,
        examples=["arn:aws:lambda:us-west-2:111122223333:function:registry-credentials"],
    ),
]
TopicArn = Annotated[
    str,
    Field(
        title="standard SNS topic ARN",
        pattern=rf"^{ARN}:sns:[a-z0-9-]+:[0-9]{{12}}:[A-Za-z0-9_-]{{1,256}}$",
        max_length=2048,
        examples=["arn:aws:sns:us-west-2:111122223333:fraud-answers", "arn:aws:sns:cn-north-1:444455556666:answers"],
    ),
]
AlarmName = Annotated[
    str,
    Field(
        title="CloudWatch alarm name of 1 to 255 characters, without $ { } % : * ?",
        pattern=r"^[^\s${}%:*?\x00-\x1f\x7f-\x9f]([^${}%:*?\x00-\x1f\x7f-\x9f]*[^\s${}%:*?\x00-\x1f\x7f-\x9f])?$",
        max_length=255,
        examples=["fraud-5xx", "fraud-latency"],
    ),
]
ContentType = Annotated[
    str,
    Field(
        title="content type of letters, digits, hyphens and dots, such as text/csv",
        pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*/[a-zA-Z0-9](-*[a-zA-Z0-9.])*$",
        max_length=256,
        examples=["text/csv", "application/json"],
    ),
]
Percentile = Annotated[
    str,
    Field(
        title="percentile from p1 to p99.99",
        pattern=r"^p[1-9][0-9]?(\.[0-9]{1,2})?$",
        max_length=6,
        examples=["p99", "p95"],
    ),
]
