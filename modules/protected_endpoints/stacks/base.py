"""The base of every stack: the AWS provider for one account and region, and the backend of its state."""

from cdktf import App, CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, TerraformOutput, TerraformStack
from constructs import Construct

from protected_endpoints import rules
from protected_endpoints.bindings import AwsProvider, AwsProviderDefaultTags
from protected_endpoints.config import Environment
from protected_endpoints.deployment import Deployment, SharedDeployment
from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.stacks.empty_blocks import validate_no_empty_blocks


class AwsStack(TerraformStack):
    """Define a stack whose provider accepts one account only and tags every resource.

    The state is a local file in the project folder, an object in the environment's S3 bucket (encrypted, with a lock
    file), or a workspace of HCP Terraform.

    Raises:
        ConfigurationError: the deployment breaks a rule.

    """

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment | SharedDeployment) -> None:
        rules.check(deployment)
        super().__init__(scope, id_)
        environment = deployment.environment
        AwsProvider(
            self,
            "Aws",
            region=environment.region,
            allowed_account_ids=[environment.account_id],
            default_tags=[AwsProviderDefaultTags(tags=deployment.tags)],
        )
        # The bindings require the exact provider version that they were generated from.
        self.add_override("terraform.required_providers.aws.version", deployment.project.aws_provider_version)
        self._backend(deployment.names, environment)
        validate_no_empty_blocks(scope if isinstance(scope, App) else App.of(self), id_)

    def _backend(self, names: EnvironmentNames, environment: Environment) -> None:
        stack = self.node.id
        if cloud := environment.cloud:
            CloudBackend(
                self,
                hostname=cloud.hostname,
                organization=cloud.organization,
                workspaces=NamedCloudWorkspace(names.hcp_workspace(stack), cloud.project),
            )
            return
        if (state := environment.state) is None:
            # Relative to the folder of the stack. A state in cdktf.out would be lost when cdktf.out is deleted.
            LocalBackend(self, path=f"../../../terraform.{stack}.tfstate")
            return
        S3Backend(
            self,
            bucket=state.bucket,
            key=names.state_key(stack),
            region=state.region or environment.region,
            encrypt=True,
            # The alias of a managed key is known before the key exists.
            kms_key_id=names.arn("kms", names.state_alias) if state.create_bucket else state.kms_key_id,
        )
        self.add_override("terraform.backend.s3.use_lockfile", True)

    def _output(self, name: str, value: object) -> None:
        TerraformOutput(self, name, value=value)
