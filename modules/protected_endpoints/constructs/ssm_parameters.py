"""The SSM parameters in which applications find an endpoint."""

from constructs import Construct

from protected_endpoints.bindings.ssm import SsmParameter
from protected_endpoints.constructs.endpoint import Endpoint
from protected_endpoints.deployment.endpoint_names import EndpointNames


class SsmParameters(Construct):
    """Define a parameter with the name of an endpoint and one with its ARN, in the standard tier, which is free.

    They refer to the endpoint, so they exist only while it does. Neither is a secret, hence no SecureString.
    """

    def __init__(self, scope: Construct, id_: str, *, names: EndpointNames, endpoint: Endpoint) -> None:
        super().__init__(scope, id_)
        parameters = (("name", "Name", endpoint.name), ("arn", "ARN", endpoint.arn))
        for attribute, label, value in parameters:
            SsmParameter(
                self,
                attribute.capitalize(),
                name=names.ssm_parameter(attribute),
                description=f"{label} of endpoint {names.base_name}",
                type="String",
                # Not `insecure_value`: an import sets `value`, so that the next plan would change it.
                value=value,
            )
