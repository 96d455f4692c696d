"""Kinds of value that say what is served, from what and on what."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from protected_endpoints.aws.service_models import api_enum
from protected_endpoints.config.types.patterns import ARN, S3_BUCKET, S3_KEY


def _one_of(shape: str) -> Any:
    """Return a check against what botocore enumerates: a newer botocore is all that a new value needs."""

    def known(value: str) -> str:
        if value not in api_enum(shape):
            raise PydanticCustomError("enum", "not one of the values of {shape}", {"shape": shape})
        return value

    return AfterValidator(known)


def _listed(shape: str) -> Any:
    def add(schema: dict[str, Any]) -> None:
        schema["enum"] = list(api_enum(shape))

    return add


def _in_bytes(most: int) -> Any:
    """Return a check of the length that the AWS provider counts: a letter may take four bytes."""

    def short(value: str) -> str:
        if len(value.encode()) > most:
            raise PydanticCustomError("string_too_long", "more than {most} bytes", {"most": most})
        return value

    return AfterValidator(short)


InstanceType = Annotated[
    str,
    _one_of("ProductionVariantInstanceType"),
    Field(
        title="instance type that SageMaker hosts",
        examples=["ml.m5.xlarge"],
        json_schema_extra=_listed("ProductionVariantInstanceType"),
    ),
]
Image = Annotated[
    str,
    Field(
        title="image with its registry and its tag or digest, at most 255 characters",
        # That the registry is ECR, but for one in the VPC, is a rule, because it takes more than one field. It has no
        # port: models may open connections to 443 only.
        pattern=r"^([a-z0-9-]+\.)+[a-z0-9-]+/[a-z0-9]+([._/-]+[a-z0-9]+)*"
        r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$",
        max_length=255,
        examples=["174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"],
    ),
]
ModelDataUrl = Annotated[
    str,
    Field(
        title="S3 URI of one .tar.gz file, or of a prefix that ends with a slash, without wildcards",
        pattern=rf"^s3://{S3_BUCKET}/{S3_KEY}*(\.tar\.gz|/)$",
        max_length=1024,
        examples=["s3://my-bucket/model.tar.gz"],
    ),
]
S3Prefix = Annotated[
    str,
    Field(
        title="S3 URI of a prefix without wildcards, at most 512 characters",
        pattern=rf"^s3://{S3_BUCKET}/{S3_KEY}*[A-Za-z0-9_.=-]/?$",
        max_length=512,
        examples=["s3://my-bucket/data-capture"],
    ),
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
EnvVarName = Annotated[
    str,
    Field(
        title="environment variable name of letters, digits and underscores, not beginning with a digit",
        pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$",
        max_length=1024,
        examples=["LOG_LEVEL"],
    ),
]
EnvVarValue = Annotated[
    str,
    _in_bytes(1024),
    Field(
        title="environment variable value of up to 1024 bytes, none of them NUL",
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
        title="image of instances that SageMaker offers",
        examples=["al2-ami-sagemaker-inference-gpu-3-1"],
        json_schema_extra=_listed("ProductionVariantInferenceAmiVersion"),
    ),
]
ResourceName = Annotated[
    str,
    Field(
        title="name of up to 63 letters, digits and hyphens, with no hyphen at the ends",
        pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
        max_length=63,
        examples=["champion", "challenger"],
    ),
]
Hostname = Annotated[
    str,
    Field(
        title="host name of up to 63 letters, digits and hyphens, with no hyphen at the ends",
        pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
        max_length=63,
        examples=["tokenizer", "classifier"],
    ),
]
ChannelName = Annotated[
    str,
    Field(
        title="channel name of up to 64 letters, digits and ._-",
        pattern=r"^[A-Za-z0-9._-]+$",
        max_length=64,
        examples=["adapters", "drafts"],
    ),
]
S3ObjectOrPrefixUri = Annotated[
    str,
    Field(
        title="S3 URI of an object, or of a prefix that ends with a slash, without wildcards",
        pattern=rf"^s3://{S3_BUCKET}/{S3_KEY}+$",
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
        title="ARN of a Lambda function",
        pattern=rf"^{ARN}:lambda:[a-z0-9-]+:[0-9]{{12}}:function:[A-Za-z0-9_-]{{1,140}}(:[A-Za-z0-9_-]+)?$",
        max_length=2048,
        examples=["arn:aws:lambda:us-west-2:111122223333:function:registry-credentials"],
    ),
]
TopicArn = Annotated[
    str,
    Field(
        title="ARN of an SNS topic",
        pattern=rf"^{ARN}:sns:[a-z0-9-]+:[0-9]{{12}}:[A-Za-z0-9_-]{{1,256}}$",
        max_length=2048,
        examples=["arn:aws:sns:us-west-2:111122223333:fraud-answers", "arn:aws:sns:cn-north-1:444455556666:answers"],
    ),
]
AlarmName = Annotated[
    str,
    Field(
        title="name of a CloudWatch alarm, from 1 to 255 characters without : * ? and templates",
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
