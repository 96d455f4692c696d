"""Simulated time: in each minute, endpoints receive simulated traffic, publish metrics and are scaled.

Nothing happens by itself. Minutes pass when a test or a demonstration asks for it, or while an endpoint with deployment
guardrails is updated (`sandbox/rollouts.py`).
"""

from contextlib import suppress

from moto.cloudwatch.models import Alarm

from sandbox.alarm_states import evaluate_alarm, latest_value
from sandbox.async_runtime import process_backlog
from sandbox.metrics import dimensions
from sandbox.sagemaker_hosting import Hosting
from sandbox.scaling_activities import ScalingActivities
from sandbox.serving import ModelError, serve


class Simulation:
    """The simulated time of one region."""

    def __init__(self, region: str) -> None:
        self.hosting = Hosting(region)
        self._metrics = self.hosting.metrics
        self._scaling = ScalingActivities(self.hosting)
        self._requests_per_minute: dict[str, int] = {}
        self.hosting.rollouts.end_minute = self.end_minute

    def set_traffic(self, endpoint: str, requests_per_minute: int) -> None:
        """Send this number of requests to an endpoint in each minute."""
        self._requests_per_minute[endpoint] = requests_per_minute

    def end_minute(self) -> None:
        """End a minute: send the traffic, publish the metrics, evaluate all alarms and scale."""
        for endpoint, number in self._requests_per_minute.items():
            for _ in range(number if endpoint in self.hosting.endpoints else 0):
                with suppress(ModelError):
                    serve(self.hosting, endpoint)
        self._publish()
        self._metrics.end_minute()
        for alarm in [*self.hosting.cloudwatch.describe_alarms()]:
            evaluate_alarm(alarm, self._metrics)
            self._scale(alarm)
        for endpoint in self.hosting.endpoints:
            process_backlog(self.hosting, endpoint)

    def _scale(self, alarm: Alarm) -> None:
        """Invoke the scaling policies of an alarm, in each minute in which it is in ALARM."""
        value = latest_value(alarm, self._metrics)
        if alarm.state_value == "ALARM" and alarm.actions_enabled and value is not None:
            for action in alarm.alarm_actions:
                self._scaling.invoke(action, value=value, threshold=alarm.threshold, minute=self._metrics.minutes)

    def _publish(self) -> None:
        """Record what endpoints publish in each minute, also without requests.

        Without requests, instances publish zeros (SageMaker developer guide, "Instructions for editing a scaling
        policy").
        """
        for endpoint in self.hosting.endpoints:
            if "AsyncInferenceConfig" in self.hosting.configuration_of(endpoint):
                self._publish_backlog(endpoint)
            else:
                self._publish_invocations(endpoint)
        for name, component in self.hosting.inference_components.items():
            copies = component.get("RuntimeConfig", {}).get("DesiredCopyCount", 0)
            of = dimensions(InferenceComponentName=name)
            if copies:
                self._metrics.record("InvocationsPerCopy", self._metrics.recorded("Invocations", of) / copies, of)

    def _publish_invocations(self, endpoint: str) -> None:
        for summary in self.hosting.fleets.summaries(endpoint):
            of = dimensions(EndpointName=endpoint, VariantName=summary["VariantName"])
            if instances := summary.get("DesiredInstanceCount"):
                requests = self._metrics.recorded("Invocations", of)
                if not requests:
                    self._metrics.record("Invocations", 0, of)
                self._metrics.record("InvocationsPerInstance", requests / instances, of)

    def _publish_backlog(self, endpoint: str) -> None:
        size, of = len(self.hosting.backlogs.get(endpoint, ())), dimensions(EndpointName=endpoint)
        instances = sum(summary["DesiredInstanceCount"] for summary in self.hosting.fleets.summaries(endpoint))
        self._metrics.record("ApproximateBacklogSize", size, of)
        self._metrics.record("HasBacklogWithoutCapacity", float(size > 0 and not instances), of)
        if instances:
            self._metrics.record("ApproximateBacklogSizePerInstance", size / instances, of)
