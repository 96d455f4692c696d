"""The requests that are tried, each with what IAM has to answer."""

from tests.attacks.cases import admins, callers, captured, endpoint, guarded, key, modes, network, relaxed, role
from tests.attacks.cases.case import WORLDS, Case

CASES = [
    *endpoint.CASES,
    *callers.CASES,
    *role.CASES,
    *network.CASES,
    *captured.CASES,
    *key.CASES,
    *admins.CASES,
    *relaxed.CASES,
    *modes.CASES,
    *guarded.CASES,
]

__all__ = ["CASES", "WORLDS", "Case"]
