"""One stack for one endpoint in one environment: one state, one plan, one owner."""

from constructs import Construct

from protected_endpoints import rules
from protected_endpoints.config.endpoint import DEFAULT_MODEL_NAME
from protected_endpoints.constructs.capture_bucket import CaptureBucket, CaptureBucketDestroyGuard
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.constructs.endpoint import EndpointConfiguration, EndpointLogs, ServingEndpoint
from protected_endpoints.constructs.execution_role import ExclusivePolicies, ExecutionRole
from protected_endpoints.constructs.invoke_access import InvokeAccess
from protected_endpoints.constructs.model import Model
from protected_endpoints.constructs.model_network import ModelNetwork
from protected_endpoints.constructs.read_access import ReadAccess
from protected_endpoints.deployment import Deployment
from protected_endpoints.stacks.base import AwsStack


class EndpointStack(AwsStack):
    """Define a protected endpoint with everything that it needs and nothing that it shares."""

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment) -> None:
        rules.check(deployment)
        names, endpoint, environment = deployment.names, deployment.endpoint, deployment.environment
        super().__init__(
            scope, id_, project=deployment.project, environment=environment, names=names, tags=deployment.tags
        )
        capture = deployment.capture_location
        made_bucket = capture and not endpoint.data_capture.destination_s3_uri
        prevent_destroy = endpoint.relax.prevent_destroy is None
        key = EncryptionKey(self, "Key", deployment=deployment, prevent_destroy=prevent_destroy)
        role = ExecutionRole(self, "Role", deployment=deployment, key=key)
        before_configuration = [*role.policies]
        if made_bucket:
            bucket = CaptureBucket(
                self,
                "Capture",
                names=names,
                settings=endpoint.data_capture,
                key=key,
                prevent_destroy=prevent_destroy,
            )
            before_configuration += bucket.protections
        else:
            CaptureBucketDestroyGuard(self, "Capture", prevent_destroy=prevent_destroy)
        logs = EndpointLogs(self, "Logs", names=names, settings=endpoint.logs, key=key)
        vpc = environment.network
        network = ModelNetwork(self, "Network", names=names, network=vpc) if vpc else None
        # Serverless inference runs in no VPC.
        models = {
            name: Model(
                self,
                "Model" if name == DEFAULT_MODEL_NAME and not endpoint.models else f"Model-{name}",
                names=names,
                endpoint=endpoint,
                model=model,
                role=role,
                network=None if endpoint.is_serverless else network,
            )
            for name, model in endpoint.models_by_name.items()
        }
        configuration = EndpointConfiguration(
            self,
            "Configuration",
            names=names,
            endpoint=endpoint,
            models=models,
            role=role,
            key=key,
            capture=capture,
            depends_on=before_configuration,
        )
        self.endpoint = ServingEndpoint(
            self, "Endpoint", names=names, endpoint=endpoint, configuration=configuration, logs=logs, role=role
        )
        ExclusivePolicies(self, "RolePolicies", role=role, endpoint=self.endpoint)
        for output in deployment.readable_outputs:
            ReadAccess(self, f"Read-{output.kind.name}", names=names, output=output, key=key)
        self.access = InvokeAccess(self, "Invoke", deployment=deployment)

        self._output("endpoint_name", self.endpoint.name)
        self._output("endpoint_arn", self.endpoint.arn)
        self._output("invoke_policy_arn", self.access.policy_arn)
        self._output("kms_key_arn", key.arn)
        if capture:
            self._output("data_capture_s3_uri", capture.uri)
        if endpoint.relax.reasons:
            self._output("relaxed_protections", endpoint.relax.reasons)
