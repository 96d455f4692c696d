"""The stack of one endpoint in one environment, with its own state and plan."""

from collections.abc import Iterator

from constructs import Construct

from protected_endpoints.constructs.endpoint_resources import EndpointResources
from protected_endpoints.constructs.tokens import with_expressions
from protected_endpoints.constructs.warnings import annotate_warnings
from protected_endpoints.deployment import Deployment
from protected_endpoints.stacks.base import AwsStack


class EndpointStack(AwsStack):
    """Define a protected endpoint with all of its resources. None of them is shared with another endpoint.

    Its warnings are annotations, which `cdktf` prints. `warn=False` omits them, for a deployment that `load` returned
    together with its warnings.

    Attributes:
        endpoint: the SageMaker endpoint.
        access: the policies to invoke it; its method `grant_invoke` adds an invoker.

    Raises:
        ConfigurationError: the deployment breaks a rule.

    """

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment, warn: bool = True) -> None:
        super().__init__(scope, id_, deployment=deployment)
        resources = EndpointResources(self, deployment=with_expressions(self, deployment))
        self.endpoint, self.access = resources.endpoint, resources.access
        if warn:
            annotate_warnings(self, deployment)

        self._output("endpoint_name", self.endpoint.name)
        self._output("endpoint_arn", self.endpoint.arn)
        self._output("invoke_policy_arn", self.access.policy_arn)
        self._output("kms_key_arn", resources.key.arn)
        endpoint = deployment.endpoint
        if capture := deployment.capture_location:
            self._output("data_capture_s3_uri", capture.uri)
        if endpoint.relax.reasons:
            self._output("relaxed_protections", endpoint.relax.reasons)
        if endpoint.acknowledge:
            self._output("acknowledged_warnings", endpoint.acknowledge)
        if deployment.set_keys:
            self._output("set_keys", dict.fromkeys(deployment.set_keys, "--set"))

    @staticmethod
    def optional_bindings(deployment: Deployment) -> Iterator[str]:
        """Yield the bindings beside the usual ones that the stack of a deployment needs."""
        if deployment.scaling_targets:
            yield "appautoscaling"
        if deployment.endpoint.create_dashboard:
            yield "cloudwatch_dashboard"
        if deployment.endpoint.create_ssm_parameters:
            yield "ssm"
        if deployment.endpoint.data_capture.eventbridge:
            yield "s3_bucket_notification"
