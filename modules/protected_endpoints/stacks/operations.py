"""The stack of what the people who operate an environment share: the topic of its alarms and its dashboard."""

from collections.abc import Iterator

from constructs import Construct

from protected_endpoints.deployment import OperationsDeployment
from protected_endpoints.deployment.overview_dashboard import overview_dashboards
from protected_endpoints.stacks.base import AwsStack


class OperationsStack(AwsStack):
    """Define the managed SNS topic of alarms and the dashboard of all endpoints, as configured.

    Raises:
        ConfigurationError: the deployment breaks a rule.

    """

    def __init__(self, scope: Construct, id_: str, *, deployment: OperationsDeployment) -> None:
        super().__init__(scope, id_, deployment=deployment)
        environment, names = deployment.environment, deployment.names
        if environment.alarms.create_topic:
            # Each submodule of the bindings takes time, so only what is used is imported.
            from protected_endpoints.constructs.alarms_topic import AlarmsTopic

            topic = AlarmsTopic(self, "Alarms", names=names)
            self._output("alarms_topic_arn", topic.arn)
            self._output("alarms_kms_key_arn", topic.key_arn)
        if environment.create_dashboard:
            from protected_endpoints.constructs.dashboard import Dashboard

            for page, body in enumerate(overview_dashboards(deployment), 1):
                name = names.overview_dashboard(page)
                Dashboard(self, "Dashboard" if page == 1 else f"Dashboard-{page}", name=name, body=body)

    @staticmethod
    def optional_bindings(deployment: OperationsDeployment) -> Iterator[str]:
        """Yield the bindings beside the usual ones that the stack of a deployment needs."""
        if deployment.environment.alarms.create_topic:
            yield "sns"
        if deployment.environment.create_dashboard:
            yield "cloudwatch_dashboard"
