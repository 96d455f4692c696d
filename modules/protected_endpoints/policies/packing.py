"""Make managed policies of statements: IAM takes 6,144 characters in each, and ten of them on a role."""

import json
from collections.abc import Iterable, Iterator

from protected_endpoints.policies import Document, Statement, document

MAX_POLICIES_PER_ROLE = 10  # managed policies on a role
MAX_POLICY_SIZE = 6144  # characters of a managed policy, which IAM counts without white space


def pack(statements: Iterable[Statement]) -> list[Document]:
    """Return as few policies as hold the statements in their order; together they say what one would."""
    policies: list[list[Statement]] = [[]]
    for each in (part for statement in statements for part in _parts(statement)):
        if policies[-1] and size(document(*policies[-1], each)) > MAX_POLICY_SIZE:
            policies.append([])
        policies[-1].append(each)
    return [document(*each) for each in policies]


def named_policies(name: str, statements: Iterable[Statement]) -> dict[str, Document]:
    """Return the policies by the names that they are to get, which are numbered where there are several."""
    policies = pack(statements)
    return {name if len(policies) == 1 else f"{name}-{number}": each for number, each in enumerate(policies, 1)}


def size(policy: Document) -> int:
    """Return the characters of a policy as IAM counts them."""
    return len(json.dumps(policy, separators=(",", ":")))


def _parts(statement: Statement) -> Iterator[Statement]:
    """Yield a statement whose list of resources fits no policy as several; a permission may be cut like that.

    A denial may not, because `NotResource` in two statements would deny everything. None is that long: what it
    leaves out is the relaxed, which are few.
    """
    resources = statement.get("Resource")
    if size(document(statement)) <= MAX_POLICY_SIZE or not isinstance(resources, list):
        yield statement
        return
    middle = len(resources) // 2
    for number, part in enumerate((resources[:middle], resources[middle:]), 1):
        yield from _parts({**statement, "Sid": f"{statement['Sid']}{number}", "Resource": part})
