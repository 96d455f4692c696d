"""Rules about the topic of an environment's alarms and about dashboards."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment, OperationsDeployment
from protected_endpoints.deployment.dashboard import endpoint_dashboard
from protected_endpoints.deployment.dashboard_widgets import MAX_METRICS, MAX_WIDGETS, count_metrics
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import environment_path
from protected_endpoints.rules.registry import endpoint_rule, operations_rule


@endpoint_rule("operations-stack-name-conflict")
def operations_stack_name_conflict(deployment: Deployment) -> Iterator[Problem]:
    """The operations stack of an environment is named `<environment>-operations`, as is the alias of its key."""
    if deployment.endpoint.name == "operations" and deployment.environment.has_operations_stack:
        yield Problem(
            deployment.path(),
            f"the name is that of the operations stack of environment {deployment.environment.name}",
            "rename the endpoint, or remove create_topic and create_dashboard from the environment",
        )


@endpoint_rule("dashboard-too-large")
def dashboard_too_large(deployment: Deployment) -> Iterator[Problem]:
    """A dashboard has at most 500 widgets and 2,500 metrics (CloudWatch, service quotas)."""
    if not deployment.endpoint.create_dashboard:
        return
    widgets = endpoint_dashboard(deployment)["widgets"]
    metrics = count_metrics(widgets)
    if len(widgets) > MAX_WIDGETS or metrics > MAX_METRICS:
        yield Problem(
            deployment.path("create_dashboard"),
            f"the dashboard would have {len(widgets)} widgets and {metrics} metrics, but CloudWatch accepts "
            f"{MAX_WIDGETS} and {MAX_METRICS}",
            "remove it, or split the inference components into several endpoints",
            value=True,
        )


@operations_rule("alarm-topic-unused", "warning")
def alarm_topic_unused(operations: OperationsDeployment) -> Iterator[Problem]:
    """A topic that no alarm notifies sends nothing, and its key is billed each month."""
    if not operations.environment.alarms.create_topic:
        return
    notifying = [deployment for deployment in operations.deployments if _has_alarms(deployment)]
    if all(deployment.alarm_topic_arn != operations.names.alarm_topic_arn for deployment in notifying):
        yield Problem(
            environment_path(operations.environment, "alarms", "create_topic"),
            "no alarm notifies the topic, because every endpoint has no alarms or another topic",
            "remove it, or remove enable_alarms = false or topic_arn from an endpoint",
            value=True,
        )


def _has_alarms(deployment: Deployment) -> bool:
    return bool(deployment.metric_alarms or deployment.managed_rollback_alarms)
