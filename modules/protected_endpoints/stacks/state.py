"""The stack that an environment needs before its endpoints: state bucket, permissions boundary, workflow roles.

An administrator applies it, because it decides who may deploy: `make bootstrap`.
"""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import IamPolicy, KmsAlias, KmsKey
from protected_endpoints.constructs.github_actions_roles import GithubActionsRoles
from protected_endpoints.constructs.protected_bucket import ProtectedBucket, lifecycle_rule
from protected_endpoints.deployment import StateDeployment
from protected_endpoints.policies import state_bucket as state_policies
from protected_endpoints.policies.operators.environment_boundary import environment_boundary
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.stacks.base import AwsStack

_NONCURRENT_VERSION_DAYS = 365


class StateStack(AwsStack):
    """Define the managed state bucket with its key, and the roles of GitHub Actions workflows, as configured.

    It also defines the permissions boundary of all managed roles of the environment, unless there is an existing one.

    Raises:
        ConfigurationError: the deployment breaks a rule.

    """

    def __init__(self, scope: Construct, id_: str, *, deployment: StateDeployment) -> None:
        super().__init__(scope, id_, deployment=deployment)
        environment = deployment.environment
        if environment.state and environment.state.create_bucket:
            self._bucket(deployment, environment.state.bucket)
        if not environment.permissions_boundary_arn:
            self._boundary(deployment)
        if environment.github_actions:
            roles = GithubActionsRoles(self, "Workflows", deployment=deployment, settings=environment.github_actions)
            self._output("deployer_role_arn", roles.deployer_arn)
            self._output("planner_role_arn", roles.planner_arn)

    def _boundary(self, deployment: StateDeployment) -> None:
        """Define the boundary. Its description never changes, because IAM would replace the policy."""
        names = deployment.names
        boundary = IamPolicy(
            self,
            "Boundary",
            name=names.environment_boundary,
            description=f"The most that the roles of the endpoints of {names.prefix} can be given",
            policy=policies.to_json(environment_boundary(EnvironmentScope(deployment.deployments))),
        )
        self._output("permissions_boundary_arn", boundary.arn)

    def _bucket(self, deployment: StateDeployment, name: str) -> None:
        """Define the bucket and its key, which Terraform refuses to destroy. S3 keeps previous versions for a year."""
        key = KmsKey(
            self,
            "Key",
            description=f"Terraform state of {deployment.names.prefix}",
            enable_key_rotation=True,
            rotation_period_in_days=365,
            deletion_window_in_days=30,
            policy=policies.to_json(state_policies.key_policy(deployment, name)),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        KmsAlias(self, "Alias", name=deployment.names.state_alias, target_key_id=key.key_id)
        ProtectedBucket(
            self,
            "Bucket",
            name=name,
            policy=state_policies.bucket_policy(deployment, name, key_arn=key.arn),
            key_arn=key.arn,
            lifecycle_rule=lifecycle_rule("expire-earlier-versions", noncurrent_version_days=_NONCURRENT_VERSION_DAYS),
            prevent_destroy=True,
        )
        self._output("state_bucket", name)
        self._output("state_kms_key_arn", key.arn)
