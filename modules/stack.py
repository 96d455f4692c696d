"""One stack for one endpoint in one environment: one state, one plan, one owner."""

from cdktf import App, LocalBackend, S3Backend, TerraformOutput, TerraformStack
from constructs import Construct

from modules.bindings import AwsProvider, AwsProviderDefaultTags
from modules.blocks import refuse_empty_blocks
from modules.capture import CaptureBucket, NoCaptureBucket
from modules.config import Deployment, State
from modules.endpoint import EndpointConfiguration, EndpointLogs, ServingEndpoint
from modules.invokers import InvokeAccess
from modules.key import EncryptionKey
from modules.model import Model
from modules.names import Names, S3Location
from modules.role import ExecutionRole


class EndpointStack(TerraformStack):
    """Define a protected endpoint with everything that it needs and nothing that it shares."""

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id_)
        names, endpoint, environment = deployment.names, deployment.endpoint, deployment.environment
        self._provider(deployment)
        self._backend(names, environment.state)

        made_bucket = endpoint.data_capture.enable_capture and not endpoint.data_capture.destination_s3_uri
        capture = _capture_location(deployment)
        prevent_destroy = endpoint.relax.prevent_destroy is None
        key = EncryptionKey(
            self,
            "Key",
            names=names,
            settings=endpoint.kms,
            capture=capture,
            readers=endpoint.data_capture.readers,
            prevent_destroy=prevent_destroy,
        )
        role = ExecutionRole(
            self,
            "Role",
            names=names,
            endpoint=endpoint,
            key=key,
            capture=capture,
            permissions_boundary_arn=environment.permissions_boundary_arn,
        )
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
            NoCaptureBucket(self, "Capture", prevent_destroy=prevent_destroy)
        logs = EndpointLogs(self, "Logs", names=names, settings=endpoint.logs, key=key)
        model = Model(self, "Model", names=names, endpoint=endpoint, role=role)
        configuration = EndpointConfiguration(
            self,
            "Configuration",
            names=names,
            endpoint=endpoint,
            model=model,
            key=key,
            capture=capture,
            depends_on=before_configuration,
        )
        self.endpoint = ServingEndpoint(
            self, "Endpoint", names=names, configuration=configuration, logs=logs, role=role
        )
        self.access = InvokeAccess(self, "Invoke", names=names, endpoint=endpoint)

        self._output("endpoint_name", self.endpoint.name)
        self._output("endpoint_arn", self.endpoint.arn)
        self._output("invoke_policy_arn", self.access.policy_arn)
        self._output("kms_key_arn", key.arn)
        if capture:
            self._output("data_capture_s3_uri", capture.uri)
        if endpoint.relax.reasons:
            self._output("relaxed_protections", endpoint.relax.reasons)
        refuse_empty_blocks(scope if isinstance(scope, App) else App.of(self), id_)

    def _provider(self, deployment: Deployment) -> None:
        AwsProvider(
            self,
            "Aws",
            region=deployment.environment.region,
            allowed_account_ids=[deployment.environment.account_id],
            default_tags=[AwsProviderDefaultTags(tags=deployment.tags)],
        )
        # The bindings pin the exact version that they were generated from.
        self.add_override("terraform.required_providers.aws.version", deployment.project.aws_provider_version)

    def _backend(self, names: Names, state: State | None) -> None:
        if state is None:
            # Beside the project, seen from the stack's folder: cdktf.out may be deleted, the state must not be.
            LocalBackend(self, path=f"../../../terraform.{names.stack}.tfstate")
            return
        S3Backend(
            self,
            bucket=state.bucket,
            key=names.state_key,
            region=state.region or names.region,
            encrypt=True,
            kms_key_id=state.kms_key_id,
        )
        self.add_override("terraform.backend.s3.use_lockfile", True)

    def _output(self, name: str, value: object) -> None:
        TerraformOutput(self, name, value=value)


def _capture_location(deployment: Deployment) -> S3Location | None:
    capture = deployment.endpoint.data_capture
    if not capture.enable_capture:
        return None
    return S3Location.of(capture.destination_s3_uri) if capture.destination_s3_uri else deployment.names.own_capture
