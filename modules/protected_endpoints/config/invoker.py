"""Who may invoke an endpoint, and from where."""

from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, TypeAdapter, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import (
    CallerName,
    ExternalId,
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
    """A caller: a role of this account, or one that is made for others to assume. A string is its `role_arn`."""

    role_arn: RoleArn | None = None
    """A role of this account, which the policy is attached to. Not together with `principals`."""
    principals: Annotated[tuple[PrincipalArn, ...], Field(strict=False, min_length=1)] = ()
    """Roles, users or whole accounts, of other accounts as well, that may assume a role that is made for them."""
    name: CallerName | None = None
    """What the made role is called after the endpoint's name; required with `principals`."""
    external_id: ExternalId | None = None
    """What `principals` have to send when they assume the made role."""
    principal_org_id: OrganizationId | None = None
    """The organization that `principals` have to be in."""
    principal_tags: dict[TagKey, TagValue] = {}
    """Tags that the caller has to have: the role of `role_arn`, or who of `principals` assumes the made role."""
    require_mfa: bool = False
    """Whether `principals` have to have signed in with a second factor."""
    target_models: Annotated[tuple[TargetModel, ...], Field(strict=False, min_length=1)] = ()
    """Models of a multi-model endpoint that may be asked for, `*` standing for anything; all of them if left out."""
    source_vpc: VpcId | None = None
    """The VPC that calls have to come from, instead of the environment's."""
    source_vpc_endpoints: Annotated[tuple[VpcEndpointId, ...], Field(strict=False, min_length=1)] = ()
    """The VPC endpoints that calls have to come through, instead of the environment's VPC."""

    @model_validator(mode="before")
    @classmethod
    def _from_arn(cls, value: Any) -> Any:
        return {"role_arn": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        role = TypeAdapter(RoleArn).json_schema()
        return {
            "title": f"{role['title']} or table of a caller",
            "examples": role["examples"],
            "anyOf": [role, handler(schema)],
        }

    @property
    def invoker_name(self) -> str:
        """Return what tells the caller from the endpoint's others: its role's name, or the name that it was given."""
        return Arn.parse(self.role_arn).name if self.role_arn else str(self.name)
