"""Replace invalid values by examples, so that rules can check the rest of a table and report every error at once."""

from collections.abc import Collection, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from protected_endpoints import rules
from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.config.types.token import FROM_FILE
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.loading.examples import example_at
from protected_endpoints.loading.messages import MAX_ERRORS, normalized_errors
from protected_endpoints.loading.source_paths import PYDANTIC_KEY_MARK, get_item
from protected_endpoints.loading.unknown_keys import intended_key

TableT = TypeVar("TableT", bound=BaseModel)
# Rules about values that may be examples: what an acknowledged warning is about, what two permissions have in common,
# and whether the resources of a permission are those of its actions.
_ABOUT_EXAMPLES = (
    "acknowledgement-unused",
    "permission-duplicate",
    "permission-resource-mismatch",
    "permission-without-resource",
)
_NAMED_TABLES = {"models", "inference_components"}  # without any of them, the endpoint has another form
_TABLE_DEPTH = 2  # keys of the path to an environment or endpoint


@dataclass(frozen=True)
class Candidate(Generic[TableT]):
    """A table in the form that rules check.

    A valid table has one variant. An invalid one has two, with different examples instead of its invalid values:
    a problem that rules report for both does not depend on these values. It has none if no example fits.
    """

    path: KeyPath
    variants: tuple[TableT, ...]
    invalid_paths: tuple[KeyPath, ...] = ()

    @property
    def valid(self) -> TableT | None:
        """Return the model of a valid table, or None."""
        return None if self.invalid_paths else self.variants[0]


def with_examples(
    model: type[TableT], table: dict[str, Any], error: ValidationError, path: KeyPath
) -> Candidate[TableT]:
    """Return an invalid table with examples in it; without variants if it has too many errors."""
    if error.error_count() > MAX_ERRORS:
        return Candidate(path, (), (path,))
    replacements = _outermost(_replacements(model, error, table, path))
    invalid_paths = tuple((*path, *keys) for keys in replacements)
    if _removes_every_named_table(table, replacements):
        return Candidate(path, (), invalid_paths)
    variants = []
    for variant in (0, 1):
        copy = deepcopy(table)
        for keys, has_example in replacements.items():
            _replace(copy, keys, example_at((*path, *keys), variant) if has_example else None)
        try:
            variants.append(model.model_validate(copy, context=FROM_FILE))
        except ValidationError:
            return Candidate(path, (), invalid_paths)
    return Candidate(path, tuple(variants), invalid_paths)


def rule_errors_independent_of_examples(
    project: Candidate[Project], environment: Candidate[Environment], endpoint: Candidate[Endpoint]
) -> list[Problem]:
    """Return the errors that rules report for every variant, outside of invalid values."""
    tables = (project, environment, endpoint)
    count = max(len(table.variants) for table in tables) if all(table.variants for table in tables) else 0
    invalid = {path for table in tables for path in table.invalid_paths}
    parents = {path[:depth] for path in invalid for depth in range(_TABLE_DEPTH + 1, len(path) + 1)}

    def errors(number: int) -> dict[str, Problem]:
        problems = _rule_errors(_variant(project, number), _variant(environment, number), _variant(endpoint, number))
        located = (_with_original_key(problem, environment, endpoint) for problem in problems)
        # A message never shows a value that contains an example.
        redacted = (replace(problem, value=UNSET) if problem.path in parents else problem for problem in located)
        return {str(problem): problem for problem in redacted if not _is_in(problem.path, invalid)}

    common = errors(0) if count else {}
    for number in range(1, count):
        if common:
            common = {text: problem for text, problem in errors(number).items() if text in common}
    return [*common.values()]


def _replacements(
    model: type[TableT], error: ValidationError, table: dict[str, Any], path: KeyPath
) -> Iterator[tuple[KeyPath, bool]]:
    """Yield the invalid paths, with True where an example replaces the value and False where it is removed.

    Removals come last.
    """
    removed = []
    for kind, keys, value in normalized_errors(error, table):
        if keys[-2:] == (value, PYDANTIC_KEY_MARK):
            removed.append(keys[:-1])
        elif kind == "extra_forbidden":
            removed.append(keys)
            key = intended_key((*path, *keys))
            is_known = key in model.model_fields or (key and len(keys) > 1)
            if key and is_known and key not in _value_at(table, keys[:-1]):
                yield (*keys[:-1], key), True
        else:
            yield keys, True
    yield from ((keys, False) for keys in removed)


def _outermost(replacements: Iterable[tuple[KeyPath, bool]]) -> dict[KeyPath, bool]:
    """Return the replacements that are not inside another one."""
    by_path = dict(replacements)
    return {path: has_example for path, has_example in by_path.items() if not _is_in(path[:-1], by_path)}


def _removes_every_named_table(table: dict[str, Any], replacements: dict[KeyPath, bool]) -> bool:
    removed = [keys for keys, has_example in replacements.items() if not has_example]
    parents = {keys[:-1] for keys in removed if len(keys) > 1 and keys[-2] in _NAMED_TABLES}
    return any(
        {keys[-1] for keys in removed if keys[:-1] == parent} == {*_value_at(table, parent)} for parent in parents
    )


def _value_at(table: Any, path: KeyPath) -> Any:
    for key in path:
        table = get_item(table, key)
    return table


def _replace(table: Any, path: KeyPath, example: Any) -> None:
    table = _value_at(table, path[:-1])
    if example is None:
        table.pop(path[-1], None)
    else:
        table[path[-1]] = example


def _variant(table: Candidate[TableT], number: int) -> TableT:
    return table.variants[number % len(table.variants)]


def _rule_errors(project: Project, environment: Environment, endpoint: Endpoint) -> tuple[Problem, ...]:
    errors = rules.errors(Deployment(project, environment, endpoint))
    return tuple(problem for problem in errors if problem.rule not in _ABOUT_EXAMPLES)


def _with_original_key(problem: Problem, environment: Candidate[Environment], endpoint: Candidate[Endpoint]) -> Problem:
    """Return the problem with the table's key as it is written: an invalid name was replaced by an example."""
    paths = (table.path for table in (environment, endpoint) if table.path[0] == problem.path[0])
    return replace(problem, path=(*next(paths, problem.path[:_TABLE_DEPTH]), *problem.path[_TABLE_DEPTH:]))


def _is_in(path: KeyPath, paths: Collection[KeyPath]) -> bool:
    """Return whether a path is one of several paths, or below one of them."""
    return any(path[:depth] in paths for depth in range(len(path) + 1))
