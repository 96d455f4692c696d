"""A Terraform resource without a generated class."""

from collections.abc import Mapping
from typing import Any

from cdktf import TerraformResource, TerraformResourceLifecycle
from constructs import Construct


class UntypedResource(TerraformResource):
    """Define a resource by its arguments in Terraform's spelling, which only Terraform checks.

    For resources whose class costs more time than the rest of an endpoint:

    * `terraform_data`: `DataResource` of CDKTF starts `terraform version` for each one, to require Terraform 1.4;
    * `aws_appautoscaling_policy`: most of its classes, half a megabyte, describe metrics that SageMaker does not need.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        type_: str,
        arguments: Mapping[str, Any],
        lifecycle: TerraformResourceLifecycle | None = None,
    ) -> None:
        self._arguments = _without_empty_values(arguments)
        super().__init__(scope, id_, terraform_resource_type=type_, lifecycle=lifecycle)

    def _synthesize_attributes(self) -> dict[str, Any]:
        """Return the arguments. CDKTF calls this during the synth."""
        return self._arguments


def _without_empty_values(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in arguments.items() if value not in ((), {}, None)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _without_empty_values(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
