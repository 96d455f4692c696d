"""The requests that are tried, each with what IAM has to answer."""

from tests.attacks.cases import captured, endpoint, key, role
from tests.attacks.cases.case import CHANGES, Case

CASES = [*endpoint.CASES, *role.CASES, *captured.CASES, *key.CASES]

__all__ = ["CASES", "CHANGES", "Case"]
