"""Admit the Terraform JSON of one stack."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from protected_endpoints.review.admission import shapes
from protected_endpoints.review.admission.admitted import NEVER_ARGUMENTS, Admitted, can_be_admitted
from protected_endpoints.review.admission.composition import composition_problems
from protected_endpoints.review.admission.grammar import Shape, grammar
from protected_endpoints.review.admission.policies import policy_problems
from protected_endpoints.review.admission.policy_features import Stack
from protected_endpoints.review.markdown import code, pluralize
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.values import Json, as_dict, as_strings, first_block

_NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_MAX_NAMES = 3  # in a message
_NO_OBJECT = "must be an object, as CDKTF writes it"


def stack_problems(stack: object, admitted: Sequence[Admitted] = ()) -> list[NotAdmitted]:
    """Return what this project does not write in a stack, the same problem of several resources once."""
    if not isinstance(stack, dict):
        return [NotAdmitted("cdk.tf.json", "", _NO_OBJECT)]
    return grouped(
        [
            *_blocks(stack),
            *_resources(stack, "resource", admitted),
            *_resources(stack, "data", admitted),
            *_policies(stack, admitted),
        ]
    )


def _blocks(stack: Json) -> Iterator[NotAdmitted]:
    """Yield the problems of everything but resources and data sources."""
    others = {block: content for block, content in stack.items() if block not in ("resource", "data")}
    for problem in shapes.problems(others, grammar().block):
        block, _, argument = problem.path.partition(".")
        yield NotAdmitted(block, argument, problem.message)
    terraform = others.get("terraform")
    state = [terraform.get("backend"), terraform.get("cloud")] if isinstance(terraform, dict) else []
    places = [place for place in state if place is not None]
    if state and (len(places) != 1 or not places[0]):
        yield NotAdmitted("terraform", "backend", "must be exactly one backend, or `cloud`, with its settings")


def _policies(stack: Json, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    """Yield the problems of policies, and of resources that belong together."""
    resources = {
        f"{type_}.{name}": resource
        for type_, by_name in as_dict(stack.get("resource")).items()
        for name, resource in as_dict(by_name).items()
        if isinstance(resource, dict)
    }
    provider = first_block(as_dict(stack.get("provider")).get("aws"))
    account = next(iter(as_strings(provider.get("allowed_account_ids"))), "")
    counted = {key: resource for key, resource in resources.items() if resource.get("count") != 0}
    yield from composition_problems(counted, created=counted)
    yield from policy_problems(Stack(resources, account, str(provider.get("region"))), resources, admitted)


def _resources(stack: Json, block: str, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    by_type = stack.get(block, {})
    if not isinstance(by_type, dict):
        yield NotAdmitted(block, "", _NO_OBJECT)
        return
    prefix = "data." if block == "data" else ""
    for type_, by_name in by_type.items():
        if not isinstance(by_name, dict) or not by_name:
            yield NotAdmitted(f"{prefix}{type_}", "", _NO_OBJECT)
            continue
        full_type = f"{prefix}{type_}"
        yield from _type_problems(full_type, by_name, [entry for entry in admitted if entry.type == full_type])


def _type_problems(type_: str, by_name: Json, entries: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    if _is_unknown(type_) and all(entry.argument for entry in entries):
        message = f"this project writes no {'data source' if type_.startswith('data.') else 'resource'} of this type"
        yield NotAdmitted(type_, "", f"{message}, got {names(by_name)}", _if_possible(type_))
        return
    for name, resource in by_name.items():
        if not _NAME.fullmatch(name):
            yield NotAdmitted(type_, "", f"{code(name)} is not a valid name of a resource")
        elif not isinstance(resource, dict):
            yield NotAdmitted(f"{type_}.{name}", "", _NO_OBJECT)
        else:
            for problem in _argument_problems(resource, _shape(type_, resource), entries):
                admitting = _if_possible(type_, problem.path) if problem.is_safe else ""
                yield NotAdmitted(f"{type_}.{name}", problem.path, problem.message, admitting)


def _argument_problems(resource: Json, shape: Shape | None, entries: Sequence[Admitted]) -> Iterator[shapes.Problem]:
    if shape is not None:
        yield from shapes.problems(resource, shape, is_admitted=shapes.admitting(entries))
        return
    for key in sorted(NEVER_ARGUMENTS & resource.keys()):
        yield shapes.Problem(key, "cannot be admitted", is_safe=False)
    yield from shapes.unsafe_parts({key: item for key, item in resource.items() if key not in NEVER_ARGUMENTS}, "")


def _is_unknown(type_: str) -> bool:
    return _shape(type_, {}) is None


def _shape(type_: str, resource: Json) -> Shape | None:
    known = grammar()
    if type_.startswith("data."):
        return known.data.get(type_.removeprefix("data."))
    count = resource.get("count")
    is_guard = type(count) is int and count == 0 and type_ in known.guards
    return known.guards[type_] if is_guard else known.resources.get(type_)


def names(found: Iterable[str]) -> str:
    """Return the first names of resources, and how many others there are."""
    listed = [*found]
    more = len(listed) - _MAX_NAMES
    others = [f"and {pluralize(more, 'other')}"] if more > 0 else []
    return ", ".join([*map(code, listed[:_MAX_NAMES]), *others])


def _if_possible(type_: str, argument: str = "") -> str:
    return type_ if can_be_admitted(type_, argument) else ""


def grouped(problems: Iterable[NotAdmitted]) -> list[NotAdmitted]:
    """Return each problem once, with the addresses of the other resources that have it."""
    first: dict[tuple[str, str, str], NotAdmitted] = {}
    others: dict[tuple[str, str, str], dict[str, None]] = {}
    for problem in problems:
        key = (problem.address.rpartition(".")[0], problem.argument, problem.message)
        if first.setdefault(key, problem).address != problem.address:
            others.setdefault(key, {}).setdefault(problem.address)
    return [_with_others(problem, [*others.get(key, ())]) for key, problem in first.items()]


def _with_others(problem: NotAdmitted, others: Sequence[str]) -> NotAdmitted:
    if not others:
        return problem
    return replace(problem, message=f"{problem.message}; also at {names(others)}")
