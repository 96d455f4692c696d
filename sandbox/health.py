"""Which containers do not come up, and what an endpoint says of itself until that is over.

A container whose artefact or image has `unhealthy` in its name never passes its health check. That is over before
anybody looks; with `slowly-unhealthy` it goes on each time that somebody looks, as where a rollback takes minutes.
"""

from typing import Any

Containers = list[dict[str, Any]]

CREATING = ("Creating",)
ROLLING_BACK = ("Updating", "RollingBack", "RollingBack", "RollingBack")


def is_healthy(containers: Containers) -> bool:
    """Return whether all of the containers pass their health check."""
    return "unhealthy" not in str(containers)


class Progress:
    """Keeps of each endpoint what it says of itself before it has its status."""

    def __init__(self) -> None:
        self._coming: dict[str, list[str]] = {}

    def begin(self, endpoint: str, containers: Containers, statuses: tuple[str, ...]) -> None:
        """Let the statuses be seen, one each time, where the containers take their time to fail."""
        self._coming[endpoint] = [*statuses] if "slowly-unhealthy" in str(containers) else []

    def is_under_way(self, endpoint: str) -> bool:
        """Return whether the endpoint cannot be changed yet."""
        return bool(self._coming.get(endpoint))

    def next(self, endpoint: str) -> str | None:
        """Return the status that is seen now, or None where all of it is over."""
        return self._coming[endpoint].pop(0) if self.is_under_way(endpoint) else None
