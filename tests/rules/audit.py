"""The trail of an environment."""

from tests.loading.support import Table
from tests.rules.pair import ROLE, Pair


def _audit(**settings: object) -> Table:
    return {"in_environment": {"audit": settings}}


_TRAIL = _audit(create_trail=True)
PAIRS = [
    Pair(
        "audit-setting-unused",
        passes=_audit(create_trail=True, retention_in_days=30, readers=[f"{ROLE}/auditor"]),
        fails=_audit(retention_in_days=30, readers=[f"{ROLE}/auditor"]),
        messages=(
            f'environments.dev.audit.readers: has no effect without a trail, got ["{ROLE}/auditor"]; set '
            "create_trail = true, or remove it",
            "environments.dev.audit.retention_in_days: has no effect without a trail, got 30; set "
            "create_trail = true, or remove it",
        ),
    ),
    Pair(
        "audit-stack-name-conflict",
        passes={"name": "audit"},
        fails={"name": "audit", **_TRAIL},
        messages=(
            "endpoints.audit: the name is that of the audit stack of environment dev; rename the endpoint, or remove "
            "create_trail",
        ),
    ),
    Pair(
        "audit-counts-requests",
        passes=_audit(create_trail=False),
        fails=_TRAIL,
        messages=(
            "environments.dev.audit.create_trail: CloudTrail charges 0.10 USD per 100,000 events, which are "
            "invocations and requests for captured objects: about 260 USD a month for 100 invocations a second, got "
            "true; give a reason in acknowledge.audit-counts-requests of each endpoint, or remove it",
        ),
    ),
]
