"""The scalable targets of Application Auto Scaling, with their policies, scheduled actions and tags."""

from sandbox.sagemaker_records import Record

# Resource ID and scalable dimension.
Target = tuple[str, str]


class ScalableTargets:
    """What one account has registered in one region."""

    def __init__(self) -> None:
        self.targets: dict[Target, Record] = {}
        self.policies: dict[tuple[Target, str], Record] = {}
        self.scheduled: dict[tuple[Target, str], Record] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def of_endpoint(self, endpoint: str) -> list[Target]:
        """Return the targets that are variants of an endpoint."""
        return [target for target in self.targets if target[0].startswith(f"endpoint/{endpoint}/variant/")]

    def bounded(self, target: Target, capacity: int) -> int:
        """Return a capacity, or the bound of a target that it exceeds."""
        bounds = self.targets[target]
        return min(max(capacity, int(bounds["MinCapacity"])), int(bounds["MaxCapacity"]))

    def remove(self, target: Target) -> None:
        """Remove a target, with its policies and scheduled actions (DeregisterScalableTarget)."""
        self.tags.pop(self.targets.pop(target)["ScalableTargetARN"], None)
        for records in (self.policies, self.scheduled):
            for key in [key for key in records if key[0] == target]:
                del records[key]
