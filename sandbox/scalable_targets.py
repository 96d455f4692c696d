"""The scalable targets of Application Auto Scaling, with their policies, scheduled actions and tags."""

from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends

from sandbox.authorization import ACCOUNT_ID
from sandbox.sagemaker_records import ApiError, Record

# Resource ID and scalable dimension.
Target = tuple[str, str]


class ScalableTargets:
    """What one account has registered in one region."""

    def __init__(self, region: str) -> None:
        self._region = region
        self.targets: dict[Target, Record] = {}
        self.policies: dict[tuple[Target, str], Record] = {}
        self.scheduled: dict[tuple[Target, str], Record] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def of_endpoint(self, endpoint: str) -> list[Target]:
        """Return the targets that are variants of an endpoint."""
        return [target for target in self.targets if target[0].startswith(f"endpoint/{endpoint}/variant/")]

    def check_update(self, endpoint: str, before: dict[str, Record], after: dict[str, Record]) -> None:
        """Check an update of an endpoint, given its variants by name.

        Raises:
            ApiError: a variant that is a target gets another instance type, or is removed (SageMaker developer guide,
                "Update endpoints that use auto scaling").

        """
        scaled = [resource_id.rsplit("/", 1)[1] for resource_id, _ in self.of_endpoint(endpoint)]
        changed = [
            name
            for name in scaled
            if name not in after or before[name].get("InstanceType") != after[name].get("InstanceType")
        ]
        if changed:
            raise ApiError(
                f"The variant(s) {changed} must be deregistered as scalable targets with AWS Auto Scaling before they "
                "can be removed or have their instance type updated."
            )

    def bounded(self, target: Target, capacity: int) -> int:
        """Return a capacity, or the bound of a target that it exceeds."""
        bounds = self.targets[target]
        return min(max(capacity, int(bounds["MinCapacity"])), int(bounds["MaxCapacity"]))

    def remove(self, target: Target) -> None:
        """Remove a target, with its policies and scheduled actions (DeregisterScalableTarget)."""
        self.tags.pop(self.targets.pop(target)["ScalableTargetARN"], None)
        for key in [key for key in self.policies if key[0] == target]:
            self.remove_policy(key)
        for key in [key for key in self.scheduled if key[0] == target]:
            del self.scheduled[key]

    def remove_policy(self, key: tuple[Target, str]) -> None:
        """Remove a policy, with the alarms that it created."""
        alarms = [alarm["AlarmName"] for alarm in self.policies.pop(key)["Alarms"]]
        self.cloudwatch.delete_alarms(alarms)

    @property
    def cloudwatch(self) -> CloudWatchBackend:
        """Return the alarms of the region."""
        return cloudwatch_backends[ACCOUNT_ID][self._region]
