"""Split statements into managed policies within the quotas of IAM."""

import json
from collections.abc import Iterable, Iterator

from protected_endpoints.policies.document import Document, Statement, document

MAX_POLICIES_PER_ROLE = 10  # managed policies
MAX_POLICY_SIZE = 6144  # characters of a managed policy, without white space


def pack(statements: Iterable[Statement]) -> list[Document]:
    """Pack the statements, in order, into the fewest policies IAM accepts."""
    policies: list[list[Statement]] = [[]]
    for part in (part for statement in statements for part in _split(statement)):
        if policies[-1] and size(document(*policies[-1], part)) > MAX_POLICY_SIZE:
            policies.append([])
        policies[-1].append(part)
    return [document(*policy) for policy in policies]


def named_policies(name: str, statements: Iterable[Statement]) -> dict[str, Document]:
    """Return the packed policies by their names: the name, with a number if there are several."""
    policies = pack(statements)
    return {name if len(policies) == 1 else f"{name}-{number}": policy for number, policy in enumerate(policies, 1)}


def size(policy: Document) -> int:
    """Return the size of a policy in characters, as IAM counts them."""
    return len(json.dumps(policy, separators=(",", ":")))


def _split(statement: Statement) -> Iterator[Statement]:
    """Yield the statement, or its resources in several statements if it is longer than a policy may be.

    Only an Allow statement with `Resource` can be split: the `NotResource` lists of two Deny statements would deny
    everything. These lists are short, because they contain the endpoints with relaxations only.
    """
    resources = statement.get("Resource")
    if size(document(statement)) <= MAX_POLICY_SIZE or not isinstance(resources, list) or len(resources) == 1:
        yield statement
        return
    middle = len(resources) // 2
    for number, part in enumerate((resources[:middle], resources[middle:]), 1):
        yield from _split({**statement, "Sid": f"{statement['Sid']}{number}", "Resource": part})
