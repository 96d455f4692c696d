"""General types: names, accounts, regions, tags, reasons."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from protected_endpoints.aws.provider_versions import DEFAULT_CONSTRAINT, is_usable
from protected_endpoints.aws.service_models import regions
from protected_endpoints.config.types.map_key import MAP_KEY
from protected_endpoints.config.types.patterns import S3_BUCKET, TEXT, WORD

_TAG = r"[\p{L}\p{Z}\p{N}_.:/=+@-]"


def _set_enum(schema: dict[str, Any], values: list[str]) -> None:
    schema["enum"] = values


def _known_region(value: str) -> str:
    if value not in regions():
        raise PydanticCustomError("enum", "must be an AWS region")
    return value


def _usable_constraint(value: str) -> str:
    if not is_usable(value):
        raise PydanticCustomError("version", "must allow a supported AWS provider")
    return value


Slug = Annotated[
    str,
    Field(
        title="name of up to 36 lowercase letters, digits and single hyphens",
        pattern=rf"^{WORD}$",
        max_length=36,
        examples=["kmeans", "fraud"],
    ),
]
AccountId = Annotated[
    str,
    Field(
        title="AWS account ID (12 digits, as a string)",
        pattern=r"^[0-9]{12}$",
        examples=["111122223333", "444455556666"],
    ),
]
Region = Annotated[
    str,
    AfterValidator(_known_region),
    Field(
        title="AWS region",
        examples=["us-west-2", "cn-north-1"],
        json_schema_extra=lambda schema: _set_enum(schema, sorted(regions())),
    ),
]
VersionConstraint = Annotated[
    str,
    AfterValidator(_usable_constraint),
    Field(
        title="Terraform version constraint that allows an AWS provider >= 5.100, < 7",
        pattern=r"^(=|!=|>|>=|<|<=|~>)? ?[0-9]+(\.[0-9]+){0,2}(, ?(=|!=|>|>=|<|<=|~>)? ?[0-9]+(\.[0-9]+){0,2})*$",
        max_length=100,
        examples=[DEFAULT_CONSTRAINT],
    ),
]
Reason = Annotated[
    str,
    Field(
        title="reason of 10 to 200 characters, on one line and without $ { } %",
        pattern=rf"^{TEXT}*[^\s${{}}%\x00-\x1f\x7f-\x9f]{TEXT}*$",
        min_length=10,
        max_length=200,
        examples=["the container calls the feature store, RISK-881"],
    ),
]
RuleId = Annotated[
    str,
    Field(
        title="ID of a rule",
        pattern=rf"^{WORD}$",
        max_length=64,
        examples=["local-storage-not-under-key"],
    ),
]
TagKey = Annotated[
    str,
    Field(
        title="tag key of 1 to 128 letters, digits, spaces and _ . : / = + - @",
        pattern=rf"^{_TAG}+$",
        max_length=128,
        examples=["team"],
    ),
    MAP_KEY,
]
TagValue = Annotated[
    str,
    Field(
        title="tag value of up to 256 letters, digits, spaces and _ . : / = + - @",
        pattern=rf"^{_TAG}*$",
        max_length=256,
        examples=["ml"],
    ),
]
BucketName = Annotated[
    str,
    Field(title="S3 bucket name", pattern=rf"^{S3_BUCKET}$", max_length=63, examples=["acme-tfstate-prod"]),
]
