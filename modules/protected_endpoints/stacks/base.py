"""What every stack has: the AWS provider for one account and region, and a place for its state."""

from cdktf import App, CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, TerraformOutput, TerraformStack
from constructs import Construct

from protected_endpoints.bindings import AwsProvider, AwsProviderDefaultTags
from protected_endpoints.config import Environment, Project
from protected_endpoints.deployment.names import EnvironmentNames
from protected_endpoints.stacks.empty_blocks import refuse_empty_blocks


class AwsStack(TerraformStack):
    """Define a stack whose provider refuses every account but one and tags everything that it makes.

    The state is a file beside the project, or an object in the environment's bucket, encrypted and with a lock file, or
    a workspace of HCP Terraform.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        project: Project,
        environment: Environment,
        names: EnvironmentNames,
        tags: dict[str, str],
    ) -> None:
        super().__init__(scope, id_)
        AwsProvider(
            self,
            "Aws",
            region=environment.region,
            allowed_account_ids=[environment.account_id],
            default_tags=[AwsProviderDefaultTags(tags=tags)],
        )
        # The bindings pin the exact version that they were generated from.
        self.add_override("terraform.required_providers.aws.version", project.aws_provider_version)
        self._backend(names, environment)
        refuse_empty_blocks(scope if isinstance(scope, App) else App.of(self), id_)

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
            # Beside the project, seen from the stack's folder: cdktf.out may be deleted, the state must not be.
            LocalBackend(self, path=f"../../../terraform.{stack}.tfstate")
            return
        S3Backend(
            self,
            bucket=state.bucket,
            key=names.state_key(stack),
            region=state.region or environment.region,
            encrypt=True,
            # A key that is made is named by its alias, which is known before the key is.
            kms_key_id=names.arn("kms", names.state_alias) if state.create_bucket else state.kms_key_id,
        )
        self.add_override("terraform.backend.s3.use_lockfile", True)

    def _output(self, name: str, value: object) -> None:
        TerraformOutput(self, name, value=value)
