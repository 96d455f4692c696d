"""Updates of endpoints with deployment guardrails: traffic moves in steps, and alarms roll the update back.

Each DescribeEndpoint lets one step pass, with all of its simulated minutes. An alarm that is in ALARM in one of them
ends the update: the endpoint is rolling back, and then in service as before (SageMaker developer guide, "Deployment
guardrails" and "Auto-Rollback Configuration and Monitoring").
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from moto.cloudwatch.models import CloudWatchBackend

from sandbox.authorization import identity_policies, is_allowed
from sandbox.health import ROLLING_BACK
from sandbox.sagemaker_records import ApiError, Record

_MINUTE = 60
_LARGEST_STEP = 0.5


@dataclass
class Step:
    """A time during which a share of the requests goes to the new instances."""

    share: float
    seconds: int


@dataclass
class Rollout:
    """An update in progress."""

    configuration: str
    alarms: list[str]
    steps: list[Step]
    requests: int = 0
    statuses: list[str] = field(default_factory=list)
    """What DescribeEndpoint returns while the update is rolled back."""


class Rollouts:
    """The updates in progress of all endpoints of one region."""

    def __init__(self, cloudwatch: CloudWatchBackend, end_minute: Callable[[], None]) -> None:
        self._cloudwatch, self.end_minute = cloudwatch, end_minute
        self._active: dict[str, Rollout] = {}

    def begin(self, endpoint: str, configuration: str, deployment: Record, instances: int) -> None:
        """Begin an update to a configuration, whose smallest variant has a number of instances.

        Raises:
            ApiError: a step moves more than half of the instances.

        """
        steps = [*_steps(deployment, instances)]
        self._active[endpoint] = Rollout(configuration, alarm_names(deployment), steps)

    def check_alarms(self, deployment: Record, roles: Iterable[str]) -> None:
        """Check that the rollback alarms exist, and that execution roles can read their states.

        AWS does not document what it does about an alarm that does not exist.

        Raises:
            ApiError: an alarm does not exist, or a role is not authorized.

        """
        for name in alarm_names(deployment):
            if name not in self._cloudwatch.alarms:
                raise ApiError(f"The alarm {name} of AutoRollbackConfiguration does not exist.")
            arn, action = self._cloudwatch.alarms[name].alarm_arn, "cloudwatch:DescribeAlarms"
            for role in roles:
                if not is_allowed(identity_policies(role), action, arn, {}):
                    raise ApiError(f"The role {role} is not authorized to perform: {action} on resource: {arn}")

    def is_in_progress(self, endpoint: str) -> bool:
        """Return whether an update of an endpoint is in progress."""
        return endpoint in self._active

    def serving_configuration(self, endpoint: str) -> str | None:
        """Return the new configuration if the next request goes to its instances, else None."""
        rollout = self._active.get(endpoint)
        if rollout is None or not rollout.steps:
            return None
        rollout.requests += 1
        share = rollout.steps[0].share
        is_new = math.floor(rollout.requests * share) > math.floor((rollout.requests - 1) * share)
        return rollout.configuration if is_new else None

    def advance(self, endpoint: str) -> tuple[str | None, str | None]:
        """Let a step pass. Return the status if the endpoint is not in service, and a configuration that took over."""
        rollout = self._active.get(endpoint)
        if rollout is None:
            return None, None
        if rollout.statuses:
            status = rollout.statuses.pop(0)
            self.end_minute()
            if not rollout.statuses:
                del self._active[endpoint]
            return status, None
        if not rollout.steps:
            del self._active[endpoint]
            return None, rollout.configuration
        if self._trips(rollout):
            rollout.steps, rollout.statuses = [], [*ROLLING_BACK[1:]]
        else:
            rollout.steps.pop(0)
        return ROLLING_BACK[0], None

    def _trips(self, rollout: Rollout) -> bool:
        """Let the minutes of a step pass; return whether an alarm is in ALARM before or after any of them."""
        for _ in range(math.ceil(rollout.steps[0].seconds / _MINUTE)):
            if self._is_in_alarm(rollout.alarms):
                return True
            self.end_minute()
        return self._is_in_alarm(rollout.alarms)

    def _is_in_alarm(self, names: list[str]) -> bool:
        return any(alarm.state_value == "ALARM" for alarm in self._cloudwatch.get_alarms_by_alarm_names(names))


def alarm_names(deployment: Record) -> list[str]:
    """Return the names of the rollback alarms of a DeploymentConfig."""
    return [alarm["AlarmName"] for alarm in deployment.get("AutoRollbackConfiguration", {}).get("Alarms", [])]


def _steps(deployment: Record, instances: int) -> Iterator[Step]:
    rolling, blue_green = deployment.get("RollingUpdatePolicy"), deployment.get("BlueGreenUpdatePolicy", {})
    if rolling:
        yield from _moving(_share(rolling["MaximumBatchSize"], instances), rolling["WaitIntervalInSeconds"])
        return
    routing = blue_green.get("TrafficRoutingConfiguration", {"Type": "ALL_AT_ONCE"})
    wait = routing.get("WaitIntervalInSeconds", 0)
    if routing["Type"] == "CANARY":
        yield Step(_share(routing["CanarySize"], instances), wait)
    if routing["Type"] == "LINEAR":
        yield from [*_moving(_share(routing["LinearStepSize"], instances), wait)][:-1]
    if routing["Type"] == "ALL_AT_ONCE":
        yield Step(1, wait)
    yield Step(1, blue_green.get("TerminationWaitInSeconds", 0))


def _moving(size: float, wait: int) -> Iterator[Step]:
    """Yield steps of equal size until all traffic has moved."""
    for number in range(1, math.ceil(1 / size) + 1):
        yield Step(min(number * size, 1), wait)


def _share(size: Record, instances: int) -> float:
    """Return a step as a share (SageMaker API Reference, TrafficRoutingConfig and RollingUpdatePolicy)."""
    share: float = size["Value"] / (100 if size["Type"] == "CAPACITY_PERCENT" else instances)
    if share > _LARGEST_STEP:
        raise ApiError("The size of a step must not exceed 50 percent of the total instance count of a variant.")
    return share
