"""Whether a stack has the resources that this project always writes together, by `composition.json`.

A bucket without its public access block has no argument that is wrong: what is wrong is missing. And the boundary of
a role that refers to another policy of the stack is a reference like any other. By kind of resource, such as
`aws_s3_bucket.Capture`, the file has the protections that are always beside it, and the kinds to which its arguments
refer. tests/review/admission/make_policies.py makes it.
"""

import json
import re
from collections.abc import Container, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from protected_endpoints.review.admission.policies import ATTRIBUTES, kind_of
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.plan import resource_type
from protected_endpoints.review.plan.values import Json

_REFERENCE = re.compile(r"\$\{(aws_[a-z0-9_]+\.[\w-]+)\.")


@dataclass(frozen=True)
class Composition:
    """What belongs to one kind of resource."""

    beside: frozenset[str]  # types of protections
    references: Mapping[str, frozenset[str]]  # kinds by argument, without the indices of lists


@cache
def composition() -> Mapping[str, Composition]:
    """Return what this version of the project writes together, by kind of resource."""
    text = files("protected_endpoints.review.admission").joinpath("composition.json").read_text(encoding="utf-8")
    return {
        kind: Composition(frozenset(raw["beside"]), {key: frozenset(kinds) for key, kinds in raw["references"].items()})
        for kind, raw in json.loads(text).items()
    }


def composition_problems(
    resources: Mapping[str, Json], created: Container[str], deployed: Set[str] = frozenset()
) -> Iterator[NotAdmitted]:
    """Yield what is missing beside new resources, and what any refers to although this project does not write so.

    `resources` are the arguments as they are written, by address; `created` has the addresses of new ones, and
    `deployed` the types that exist as well.
    """
    yield from _missing(resources, created, deployed)
    for address, arguments in resources.items():
        if known := composition().get(kind_of(address)):
            for argument, reference in references(arguments):
                kinds = known.references.get(argument, frozenset())
                if kind_of(reference) not in kinds:
                    expected = (
                        f"must refer to {' or '.join(map(code, sorted(kinds)))}" if kinds else "must be a literal"
                    )
                    yield NotAdmitted(address, argument, f"{expected}, got a reference to {code(reference)}")


def _missing(resources: Mapping[str, Json], created: Container[str], deployed: Set[str]) -> Iterator[NotAdmitted]:
    present = {*deployed, *map(resource_type, resources)}
    for address in resources:
        known = composition().get(kind_of(address)) if address in created else None
        if known and (missing := sorted(known.beside - present)):
            present |= known.beside  # reported once
            types = ", ".join(map(code, missing))
            yield NotAdmitted(address, "", f"has no {types}, which this project always writes with it")


def references(value: Any, argument: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path of each argument with a reference, and the address of the resource, except for policies."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in ATTRIBUTES and key != "lifecycle":
                yield from references(item, f"{argument}.{key}".removeprefix("."))
    elif isinstance(value, list):
        for item in value:
            yield from references(item, argument)
    elif isinstance(value, str):
        yield from ((argument, address) for address in _REFERENCE.findall(value))
