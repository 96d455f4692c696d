"""Whether a stack has the resources that this project always writes together, by `composition.json`.

A bucket without its public access block, or a role without the list of its policies, has no argument that is wrong: what
is wrong is missing. The file has by kind of resource, such as `aws_s3_bucket.Capture`, the kinds that are always beside
it; tests/review/admission/make_policies.py makes it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from protected_endpoints.review.admission.policies import kind_of
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.not_admitted import NotAdmitted


@cache
def composition() -> Mapping[str, frozenset[str]]:
    """Return by kind of resource the kinds that this version of the project always writes beside it."""
    text = files("protected_endpoints.review.admission").joinpath("composition.json").read_text(encoding="utf-8")
    return {kind: frozenset(beside) for kind, beside in json.loads(text).items()}


def missing_resources(addresses: Iterable[str]) -> Iterator[NotAdmitted]:
    """Yield the kinds of resources that a stack lacks, although this project writes them beside the others."""
    kinds = {kind_of(address): address for address in addresses}
    present = frozenset(kinds)
    for kind, address in kinds.items():
        for missing in sorted(composition().get(kind, frozenset()) - present):
            type_ = missing.partition(".")[0]
            message = f"this project always writes {code(type_)} ({code(missing.partition('.')[2])}) beside it"
            yield NotAdmitted(address, "", f"{message}, and it is missing")
