"""The table of a principal that may invoke an endpoint."""

from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, TypeAdapter, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import (
    ExternalId,
    InvokerName,
    OrganizationId,
    PrincipalArn,
    RoleArn,
    TagKey,
    TagValue,
    TargetModel,
    VpcEndpointId,
    VpcId,
)


class Invoker(ConfigTable):
    """An existing role of this account, or a managed role that `principals` assume. A string is a `role_arn`."""

    role_arn: RoleArn | None = None
    """ARN of an existing role of this account, to which the invoke policy is attached. Conflicts with `principals`."""
    principals: Annotated[tuple[PrincipalArn, ...], Field(strict=False, min_length=1)] = ()
    """ARNs of roles, users or accounts, also other accounts, that may assume the managed role of this invoker."""
    name: InvokerName | None = None
    """Suffix of the name of the managed role. Required with `principals`."""
    external_id: ExternalId | None = None
    """External ID that `principals` must send to assume the managed role."""
    principal_org_id: OrganizationId | None = None
    """ID of the AWS organization that `principals` must belong to."""
    principal_tags: dict[TagKey, TagValue] = {}
    """Tags that the principal must have: the role of `role_arn`, or the principal that assumes the managed role."""
    require_mfa: bool = False
    """Whether `principals` must have signed in with multi-factor authentication (MFA)."""
    target_models: Annotated[tuple[TargetModel, ...], Field(strict=False, min_length=1)] = ()
    """Models of a multi-model endpoint that may be invoked, with `*` as a wildcard. Default: all models."""
    source_vpc: VpcId | None = None
    """ID of the VPC that requests must come from. Default: the VPC of the environment, if it has one."""
    source_vpc_endpoints: Annotated[tuple[VpcEndpointId, ...], Field(strict=False, min_length=1)] = ()
    """IDs of the VPC endpoints that requests must come through. Default: any in the VPC of the environment."""

    @model_validator(mode="before")
    @classmethod
    def _from_arn(cls, value: Any) -> Any:
        return {"role_arn": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        role = TypeAdapter(RoleArn).json_schema()
        return {
            "title": f"{role['title']} or invoker table",
            "examples": role["examples"],
            "anyOf": [role, handler(schema)],
        }

    @property
    def invoker_name(self) -> str:
        """Return the name of the invoker, which is unique in the endpoint: the name of its role, or `name`."""
        return Arn.parse(self.role_arn).name if self.role_arn else str(self.name)
