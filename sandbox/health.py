"""How containers behave, by the names of their model artifacts and images, and the status of an endpoint meanwhile.

* `unhealthy`: the container never passes its health check. The failure is immediate; with `slowly-unhealthy`,
  DescribeEndpoint first returns the intermediate statuses, one per call.
* `faulty`: the container passes its health check and then fails each request.
* `sluggish`: the container takes 55 seconds for each request.
"""

from typing import Any

Containers = list[dict[str, Any]]

CREATING = ("Creating",)
ROLLING_BACK = ("Updating", "RollingBack", "RollingBack", "RollingBack")


def is_healthy(containers: Containers) -> bool:
    """Return whether all containers pass their health check."""
    return "unhealthy" not in str(containers)


def responds(containers: Containers) -> bool:
    """Return whether the containers respond to requests without an error."""
    return "faulty" not in str(containers)


def model_latency(containers: Containers) -> float:
    """Return how long the containers take for a request, in microseconds."""
    return 55_000_000 if "sluggish" in str(containers) else 20_000


class Progress:
    """The intermediate statuses of every endpoint that DescribeEndpoint has not returned yet."""

    def __init__(self) -> None:
        self._pending: dict[str, list[str]] = {}

    def begin(self, endpoint: str, containers: Containers, statuses: tuple[str, ...]) -> None:
        """Start a transition. It has intermediate statuses only if the containers fail slowly."""
        self._pending[endpoint] = [*statuses] if "slowly-unhealthy" in str(containers) else []

    def is_in_progress(self, endpoint: str) -> bool:
        """Return whether the endpoint cannot be changed yet."""
        return bool(self._pending.get(endpoint))

    def next(self, endpoint: str) -> str | None:
        """Return the next intermediate status, or None after the last one."""
        return self._pending[endpoint].pop(0) if self.is_in_progress(endpoint) else None
