"""The resources of an environment as IAM policies name them: by pattern, by ARN, or by tags.

Nearly every name begins with the project and the environment, so a pattern includes endpoints that are added later.
AWS chooses the IDs of KMS keys and EC2 resources; policies identify these by the tags of the environment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from protected_endpoints.config import Environment
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import SOURCES
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.policies.document import Condition

Tagged = Literal["Request", "Resource"]

# The condition that a request changes none of the tags that identify a resource. Tag keys in a condition are compared
# without case, so "Project" would be evaluated as "project".
OTHER_TAGS: Condition = {
    "ForAllValues:StringNotEqualsIgnoreCase": {"aws:TagKeys": ["project", "environment", "endpoint"]}
}


@dataclass(frozen=True)
class EnvironmentScope:
    """The deployments of one environment, at least one, and the resources that belong to them."""

    deployments: Sequence[Deployment]

    @property
    def names(self) -> EnvironmentNames:
        return self.deployments[0].names

    @property
    def environment(self) -> Environment:
        return self.deployments[0].environment

    @property
    def sagemaker_arns(self) -> list[str]:
        """Return patterns of the endpoints, endpoint configurations and models, and endpoints with `endpoint_name`."""
        kinds = ("endpoint", "endpoint-config", "model")
        patterns = [self.names.arn("sagemaker", f"{kind}/{self.names.prefix}-*") for kind in kinds]
        return [*patterns, *self.endpoint_name_arns]

    @property
    def endpoint_name_arns(self) -> list[str]:
        """Return the ARNs of endpoints with `endpoint_name`, which no pattern matches."""
        return [names.endpoint_arn for names in self._with_endpoint_name]

    @property
    def endpoint_arns(self) -> list[str]:
        """Return the pattern of the endpoints, and the ARNs of those with `endpoint_name`."""
        return [self.names.arn("sagemaker", f"endpoint/{self.names.prefix}-*"), *self.endpoint_name_arns]

    @property
    def endpoint_name_patterns(self) -> list[str]:
        """Return the pattern of the names of endpoints, and the names that no pattern matches."""
        return [f"{self.names.prefix}-*", *(names.endpoint_name for names in self._with_endpoint_name)]

    @property
    def log_group_arns(self) -> str | list[str]:
        """Return the pattern of the log groups, and the ARNs of those of endpoints with `endpoint_name`.

        Actions for tags compare the ARN of a log group, all others the ARN with a colon and an asterisk (CloudWatch
        Logs, "Log group ARNs").
        """
        pattern = self.names.log_group_arn_pattern
        arns = [names.log_group_arn for names in self._with_endpoint_name]
        return [pattern, *(form for arn in arns for form in (arn, f"{arn}:*"))] if arns else pattern

    @property
    def _with_endpoint_name(self) -> list[EndpointNames]:
        """Return the names of the endpoints that no pattern matches."""
        names = (deployment.names for deployment in self.deployments)
        return [endpoint for endpoint in names if endpoint.configured_endpoint_name]

    @property
    def inference_component_arns(self) -> str:
        """Return the pattern of the inference components."""
        return self.names.arn("sagemaker", f"inference-component/{self.names.prefix}-*")

    @property
    def component_log_group_arns(self) -> str:
        """Return the pattern of the log groups of inference components."""
        return self.names.arn("logs", f"log-group:/aws/sagemaker/InferenceComponents/{self.names.prefix}-*")

    @property
    def managed_invoker_role_arns(self) -> list[str]:
        """Return the managed roles of invokers, one by one: a pattern would match other roles as well."""
        existing = {invoker.role_arn for deployment in self.deployments for invoker in deployment.endpoint.invokers}
        return sorted({arn for deployment in self.deployments for arn in deployment.invoker_arns} - existing)

    @property
    def execution_role_arns(self) -> str | list[str]:
        """Return the pattern of the managed execution roles, and the ARNs of the existing ones."""
        pattern = self.names.execution_role_arn_pattern
        existing = {deployment.endpoint.execution_role_arn for deployment in self.deployments}
        return [pattern, *arns] if (arns := sorted(arn for arn in existing if arn)) else pattern

    @property
    def managed_role_arns(self) -> list[str]:
        """Return the execution roles, as a pattern, and the managed roles of invokers."""
        return [self.names.execution_role_arn_pattern, *self.managed_invoker_role_arns]

    @property
    def existing_role_arns(self) -> list[str]:
        """Return the existing roles that policies are attached to: invokers and readers."""
        invokers = {arn for deployment in self.deployments for arn in deployment.invoker_arns}
        readers = {
            arn for deployment in self.deployments for output in deployment.readable_outputs for arn in output.readers
        }
        return sorted((invokers | readers) - {*self.managed_invoker_role_arns})

    @property
    def access_policy_arns(self) -> list[str]:
        """Return patterns of the managed policies of invokers and readers."""
        kinds = sorted(kind.name for kind in SOURCES if kind.can_have_readers)
        return [*map(self.names.read_policy_arn_pattern, kinds), self.names.invoke_policy_arn_pattern]

    @property
    def boundary_arn(self) -> str | None:
        """Return the ARN of the permissions boundary of all managed roles; None if each role has its own."""
        return self.deployments[0].environment_boundary_arn

    @property
    def operator_policy_arns(self) -> list[str]:
        """Return patterns of the policies of deployers and planners, which end with a number if there are several."""
        names = (self.names.deployer, self.names.planner)
        return [self.names.iam_arn(f"policy/{name}{suffix}") for name in names for suffix in ("", "-?", "-??")]

    @property
    def policy_arns(self) -> list[str]:
        """Return patterns of every managed policy."""
        return [self.names.boundary_arn_pattern, *self.access_policy_arns]

    @property
    def state_keys(self) -> str:
        """Return the pattern of the object keys of the Terraform states of all stacks."""
        return self.names.state_key(f"{self.names.environment}-*")

    @property
    def kms_key_arns(self) -> str:
        """Return the pattern of the KMS keys of the account and region; only tags identify those of the environment."""
        return self.names.arn("kms", "key/*")

    @property
    def existing_key_arns(self) -> list[str]:
        """Return the existing KMS keys of endpoints."""
        return sorted(
            {deployment.endpoint.kms.key_arn for deployment in self.deployments if deployment.endpoint.kms.key_arn}
        )

    @property
    def alarm_arns(self) -> str:
        """Return the pattern of the managed alarms, whose names contain a slash after the name of the endpoint."""
        return self.names.alarm_arn(f"{self.names.prefix}-*/*")

    @property
    def existing_alarm_arns(self) -> list[str]:
        """Return the existing alarms that roll back updates."""
        existing = {
            alarm
            for deployment in self.deployments
            for alarm in deployment.rollback_alarms
            if alarm not in deployment.managed_rollback_alarms.values()
        }
        return sorted(map(self.names.alarm_arn, existing))

    @property
    def topic_arns(self) -> list[str]:
        """Return the SNS topics that alarms notify, existing and managed."""
        topics = {deployment.endpoint.alarms.topic_arn for deployment in self.deployments}
        topics |= {self.managed_topic_arn, self.environment.alarms.topic_arn}
        return sorted(arn for arn in topics if arn)

    @property
    def managed_topic_arn(self) -> str | None:
        """Return the managed SNS topic of the alarms, if there is one."""
        return self.names.alarm_topic_arn if self.environment.alarms.create_topic else None

    @property
    def dashboard_arns(self) -> list[str]:
        """Return patterns of the dashboards of endpoints and of the environment."""
        # The overview has the name of the environment, and of its further pages the underscore of a page number.
        return [self.names.dashboard_arn(f"{self.names.prefix}{name}") for name in ("", "-*", "_*")]

    @property
    def has_dashboard(self) -> bool:
        """Return whether an endpoint or the environment has a dashboard."""
        return self.environment.create_dashboard or any(
            deployment.endpoint.create_dashboard for deployment in self.deployments
        )

    @property
    def has_ssm_parameters(self) -> bool:
        """Return whether an endpoint has SSM parameters."""
        return any(deployment.endpoint.create_ssm_parameters for deployment in self.deployments)

    @property
    def scales(self) -> bool:
        """Return whether an endpoint scales."""
        return any(deployment.scaling_targets for deployment in self.deployments)

    @property
    def has_trail(self) -> bool:
        """Return whether the environment has a trail, which administrators manage."""
        return self.environment.audit.create_trail

    @property
    def destroyable(self) -> list[Deployment]:
        """Return the deployments whose key and bucket may be destroyed (`relax.prevent_destroy`)."""
        return [deployment for deployment in self.deployments if deployment.endpoint.relax.prevent_destroy]

    def tag_values(self, tagged: Tagged) -> dict[str, str]:
        """Return the condition keys and values of the environment's tags, on the resource or in the request."""
        return {f"aws:{tagged}Tag/project": self.names.project, f"aws:{tagged}Tag/environment": self.names.environment}

    def tag_condition(self, tagged: Tagged) -> Condition:
        """Return the condition that the resource or the request has the environment's tags."""
        return {"StringEquals": self.tag_values(tagged)}

    def ec2_arns(self, kind: str, *ids: str) -> list[str]:
        """Return the ARNs of EC2 resources of one kind."""
        return [self.names.arn("ec2", f"{kind}/{id_}") for id_ in sorted(ids)]
