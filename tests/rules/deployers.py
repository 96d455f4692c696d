"""What deployers can reach: their own roles."""

from tests.loading.support import Table
from tests.rules.pair import ROLE, Pair

_STATE: Table = {"bucket": "acme-tfstate-dev", "create_bucket": True, "administrators": [f"{ROLE}/admin"]}


def _endpoint(role: str) -> Table:
    return {
        "in_environment": {"deployers": [f"{ROLE}/platform"], "state": _STATE},
        "invokers": [f"{ROLE}/{role}"],
        "data_capture": {"capture_mode": "All", "readers": [f"{ROLE}/{role}"]},
    }


_MESSAGE = (
    f'the role is a deployer of environment dev, which may not extend itself, got "{ROLE}/ops/platform"; '
    "use a role that does not deploy, which the deployer may assume"
)
PAIRS = [
    Pair(
        "deployer-with-access",
        passes=_endpoint("platforms"),
        fails=_endpoint("ops/platform"),  # IAM compares names of roles without path
        messages=(
            f"endpoints.kmeans.invokers[0]: {_MESSAGE}",
            f"endpoints.kmeans.data_capture.readers[0]: {_MESSAGE}",
        ),
    ),
]
