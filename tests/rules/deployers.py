"""What deployers can reach: their own roles."""

from tests.loading.support import Table
from tests.rules.pair import ROLE, Pair

_STATE: Table = {"bucket": "acme-tfstate-dev", "create_bucket": True, "administrators": [f"{ROLE}/admin"]}


def _endpoint(role: str, **boundary: object) -> Table:
    return {
        "in_environment": {"deployers": [f"{ROLE}/platform"], **boundary},
        "invokers": [f"{ROLE}/{role}"],
        "data_capture": {"capture_mode": "All", "readers": [f"{ROLE}/{role}"]},
    }


def _audit_reader(role: str) -> Table:
    audit = {"create_trail": True, "readers": [f"{ROLE}/{role}"]}
    return {"in_environment": {"deployers": [f"{ROLE}/platform"], "audit": audit, **_BOUNDARY}}


# What the messages suggest: a managed role within the boundary, which the deployer assumes.
_SUGGESTED: Table = {
    **_endpoint("platforms", state=_STATE),
    "invokers": [{"name": "deployer", "principals": [f"{ROLE}/ops/platform"]}],
}


_MESSAGE = (
    f'the role is a deployer of environment dev, which may not extend itself, got "{ROLE}/ops/platform"; '
    "use a role that deployers cannot assume"
)
_MESSAGES = (
    f"endpoints.kmeans.invokers[0]: {_MESSAGE}, or a managed role within the boundary: "
    f'{{ name = "deployer", principals = ["{ROLE}/ops/platform"] }}',
    f"endpoints.kmeans.data_capture.readers[0]: {_MESSAGE}",
)
_BOUNDARY = {"permissions_boundary_arn": "arn:aws:iam::111122223333:policy/ml-boundary"}
PAIRS = [
    Pair(
        "deployer-with-access",
        passes=_SUGGESTED,
        fails=_endpoint("ops/platform", state=_STATE),  # IAM compares names of roles without path
        messages=_MESSAGES,
    ),
    # With an existing boundary, a deployer could still attach a policy of its own to itself.
    Pair(
        "deployer-with-access",
        passes=_endpoint("platforms", **_BOUNDARY),
        fails=_endpoint("ops/platform", **_BOUNDARY),
        messages=_MESSAGES,
    ),
    Pair(
        "deployer-with-access",
        passes=_audit_reader("auditor"),
        fails=_audit_reader("ops/platform"),
        messages=(f"environments.dev.audit.readers[0]: {_MESSAGE}",),
    ),
    # Each role has a boundary that deployers write.
    Pair(
        "deployer-with-access",
        passes=_endpoint("ops/platform"),
        fails=_endpoint("ops/platform", state=_STATE),
        messages=_MESSAGES,
    ),
]
