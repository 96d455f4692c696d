"""Put examples in the place of what is wrong, so that the rules can judge the rest and every mistake shows at once."""

from collections.abc import Collection, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from protected_endpoints import rules
from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.loading.messages import MAX_ERRORS, allowed_keys, example_at, normalized_errors, suggest_key
from protected_endpoints.loading.source_paths import PYDANTIC_KEY_MARK, get_item

Model = TypeVar("Model", bound=BaseModel)
_WHOLE = 2  # so many keys lead to a whole environment or endpoint


@dataclass(frozen=True)
class Candidate(Generic[Model]):
    """Define a table as the rules can judge it.

    A table that is right is one model. One that is wrong is two, with different examples in the wrong places: what
    the rules find in both does not depend on what will stand there. It is none where no example fits.
    """

    path: KeyPath
    ways: tuple[Model, ...]
    invalid_paths: tuple[KeyPath, ...] = ()

    @property
    def right(self) -> Model | None:
        """Return the model of a table that is right."""
        return None if self.invalid_paths else self.ways[0]


def with_examples(model: type[Model], table: dict[str, Any], error: ValidationError, path: KeyPath) -> Candidate[Model]:
    """Return a wrong table, which stands at a path, as the rules can judge it: not at all where too much is wrong."""
    if error.error_count() > MAX_ERRORS:
        return Candidate(path, (), (path,))
    places = _outermost(_places(model, error, table, path))
    wrong = tuple((*path, *keys) for keys in places)
    ways = []
    for which in (0, 1):
        copy = deepcopy(table)
        for keys, has_example in places.items():
            _replace(copy, keys, example_at((*path, *keys), which) if has_example else None)
        try:
            ways.append(model.model_validate(copy))
        except ValidationError:
            return Candidate(path, (), wrong)
    return Candidate(path, tuple(ways), wrong)


def rule_errors_independent_of_examples(
    project: Candidate[Project], environment: Candidate[Environment], endpoint: Candidate[Endpoint]
) -> list[Problem]:
    """Return what the rules find, as far as it does not depend on anything that is itself wrong."""
    tables = (project, environment, endpoint)
    count = max(len(each.ways) for each in tables) if all(each.ways for each in tables) else 0
    wrong = {place for each in tables for place in each.invalid_paths}
    around = {place[:depth] for place in wrong for depth in range(_WHOLE + 1, len(place) + 1)}

    def found(which: int) -> dict[str, Problem]:
        problems = _errors(_way(project, which), _way(environment, which), _way(endpoint, which))
        under_keys = (_under_its_key(problem, environment, endpoint) for problem in problems)
        # A value that holds an example is not told.
        told = (replace(each, value=UNSET) if each.path in around else each for each in under_keys)
        return {str(problem): problem for problem in told if not _is_in(problem.path, wrong)}

    problems = found(0) if count else {}
    for which in range(1, count):
        problems = {text: problem for text, problem in found(which).items() if text in problems} if problems else {}
    return [*problems.values()]


def _places(
    model: type[Model], error: ValidationError, table: dict[str, Any], path: KeyPath
) -> Iterator[tuple[KeyPath, bool]]:
    """Yield the places that are wrong, and whether an example is to stand there; those that are taken out come last."""
    taken_out = []
    for kind, place, value in normalized_errors(error, table):
        if place[-2:] == (value, PYDANTIC_KEY_MARK):
            taken_out.append(place[:-1])
        elif kind == "extra_forbidden":
            taken_out.append(place)
            key = suggest_key(str(place[-1]), allowed_keys((*path, *place[:-1])))
            is_known = key in model.model_fields or (key and len(place) > 1)
            if key and is_known and key not in _at(table, place[:-1]):
                yield (*place[:-1], key), True
        else:
            yield place, True
    yield from ((place, False) for place in taken_out)


def _outermost(places: Iterable[tuple[KeyPath, bool]]) -> dict[KeyPath, bool]:
    """Return the places that are not inside another, which will be no more or hold an example."""
    found = dict(places)
    return {place: has_example for place, has_example in found.items() if not _is_in(place[:-1], found)}


def _at(table: Any, keys: KeyPath) -> Any:
    for key in keys:
        table = get_item(table, key)
    return table


def _replace(table: Any, keys: KeyPath, example: Any) -> None:
    table = _at(table, keys[:-1])
    if example is None:
        table.pop(keys[-1], None)
    else:
        table[keys[-1]] = example


def _way(table: Candidate[Model], which: int) -> Model:
    return table.ways[which % len(table.ways)]


def _errors(project: Project, environment: Environment, endpoint: Endpoint) -> tuple[Problem, ...]:
    findings = rules.findings(Deployment(project, environment, endpoint))
    return tuple(problem for problem in findings if problem.severity == "error")


def _under_its_key(problem: Problem, environment: Candidate[Environment], endpoint: Candidate[Endpoint]) -> Problem:
    """Return the problem with its table's own key in the path: where the key is wrong, an example took its place."""
    whole = next((each.path for each in (environment, endpoint) if each.path[0] == problem.path[0]), problem.path[:2])
    return replace(problem, path=(*whole, *problem.path[2:]))


def _is_in(path: KeyPath, places: Collection[KeyPath]) -> bool:
    """Return whether a path is one of some places, or inside one."""
    return any(path[:depth] in places for depth in range(len(path) + 1))
