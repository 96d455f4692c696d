"""A value in the state of Terraform, whose changes can replace other resources."""

from collections.abc import Mapping

from cdktf import TerraformResource
from constructs import Construct


class TerraformData(TerraformResource):
    """Define a `terraform_data` with an input.

    CDKTF has `DataResource` for it, which starts `terraform version` for each one during a synth, to require Terraform
    1.4. That takes longer than all other resources of an endpoint together, and `make` already requires 1.10.
    """

    def __init__(self, scope: Construct, id_: str, *, input_: Mapping[str, object]) -> None:
        self._input = input_
        super().__init__(scope, id_, terraform_resource_type="terraform_data")

    def _synthesize_attributes(self) -> dict[str, object]:
        """Return the arguments in Terraform's spelling. CDKTF calls this during the synth."""
        return {"input": {**self._input}}
