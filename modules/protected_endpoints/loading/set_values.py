"""Values that `--set` gives keys of endpoints for one run, while `endpoints.toml` stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from protected_endpoints.errors import UNSET, ConfigurationError, KeyPath, Problem, format_path, to_toml
from protected_endpoints.loading.messages import redact_environment
from protected_endpoints.loading.source_paths import Table, get_item, is_overridden
from protected_endpoints.loading.suggestions import suggest_key
from protected_endpoints.secret_scan import HIDDEN, looks_secret

OPTION = "--set"
OVERRIDES = "environments"
_NAMED_TABLES = ("models", "inference_components")


@dataclass(frozen=True)
class SetValue:
    """A key of an endpoint with the value that replaces that of the file, or is added to it."""

    path: KeyPath
    value: object
    file_value: object = UNSET

    def is_effective(self, endpoint: str, environment: str, override: Table) -> bool:
        """Return whether an endpoint has the value in one of its environments, where no override replaces it."""
        if self.path[1] != endpoint:
            return False
        keys = self.path[2:]
        return keys[1] == environment if keys[0] == OVERRIDES else not is_overridden(keys, override)

    @property
    def shown_value(self) -> str:
        """Return the value and that of the file as text, without what may be a secret."""
        name, values = str(self.path[-1]), (str(self.value), str(self.file_value))
        if redact_environment(self.path, "") is UNSET or any(looks_secret(name, value) for value in values):
            return HIDDEN
        instead = "" if self.file_value is UNSET else f" instead of {to_toml(self.file_value)}"
        return f"{to_toml(self.value)}{instead}"


def set_in(raw: Table, values: Iterable[SetValue]) -> tuple[list[SetValue], list[KeyPath]]:
    """Set values in the tables of a file; return them with the values of the file, and the path that each adds.

    That path is the key itself, or the first table that the file does not have. Raises `ConfigurationError` with each
    value whose place the file does not have.
    """
    placed: list[SetValue] = []
    added: list[KeyPath] = []
    problems: list[Problem] = []
    for value in values:
        try:
            table, path = _table_of(raw, value.path)
        except ConfigurationError as error:
            problems += error.problems
            continue
        key: Any = value.path[-1]  # of a table, or the index of a list
        item = get_item(table, key)
        placed.append(value if item is None else replace(value, file_value=item))
        added.append(path)
        table[key] = value.value
    if problems:
        raise ConfigurationError(problems)
    return placed, added


def with_option(problem: Problem, added: Iterable[KeyPath]) -> Problem:
    """Return a problem with the option as its place where the option adds the value."""
    is_set = any(problem.path[: len(path)] == path for path in added)
    return replace(problem, option=OPTION) if is_set else problem


def ineffective(value: SetValue) -> Problem:
    """Return the problem of a value that no environment of the endpoint has."""
    if value.path[2] == OVERRIDES:
        suggestion = "set another environment, or add this one to `only` in endpoints.toml"
        return set_problem(value.path, "the endpoint does not exist in this environment", suggestion)
    overrides, key = format_path((*value.path[:2], OVERRIDES)), format_path(value.path[2:])
    message = "has no effect, because every environment overrides it"
    return set_problem(value.path, message, f"set {overrides}.<environment>.{key}")


def set_problem(path: KeyPath, message: str, suggestion: str) -> Problem:
    """Return a problem of the option itself."""
    return Problem(path, message, suggestion, rule="set-value", option=OPTION)


def table_problem(path: KeyPath) -> Problem:
    """Return the problem of a table in place of a value."""
    return set_problem(path, "must not be a table", f"set its keys, such as {format_path(path)}.<key>=<value>")


def _table_of(raw: Table, path: KeyPath) -> tuple[Any, KeyPath]:
    """Return the table or list that has the last key of a path, and the path that the value adds.

    Tables that the file does not have are added, except for those with a name of their own.
    """
    names = raw.get("endpoints")
    if not isinstance(names, dict) or path[1] not in names:
        raise ConfigurationError([_unknown_endpoint(path, [*names] if isinstance(names, dict) else [])])
    node: Any = raw
    added: KeyPath = ()
    for depth, key in enumerate(path, start=1):
        item = get_item(node, key)
        if item is None and (problem := _missing(node, path[:depth], path)):
            raise ConfigurationError([problem])
        added = added or (path[:depth] if item is None else ())
        if depth == len(path):
            break
        node = node.setdefault(key, {}) if isinstance(node, dict) else item
    if isinstance(item, dict):
        raise ConfigurationError([table_problem(path)])
    return node, added or path


def _missing(node: Any, path: KeyPath, whole: KeyPath) -> Problem | None:
    """Return the problem of a path that the file does not have and that cannot be added."""
    key = path[-1]
    if isinstance(key, int) or not isinstance(node, dict):
        kind = f"item {key}" if isinstance(key, int) else "keys"
        return set_problem(whole, f"{format_path(path[:-1])} has no {kind}", "set a key that endpoints.toml has")
    if path[2:3] and path[2] in _NAMED_TABLES and len(path) <= 4:  # endpoints.<name>.models.<name>
        intended = suggest_key(str(key), tuple(node))
        suggestion = f"did you mean {intended}?" if intended else "add it to endpoints.toml"
        return set_problem(whole, f"{format_path(path)} does not exist", suggestion)
    return None


def _unknown_endpoint(path: KeyPath, names: Sequence[str]) -> Problem:
    intended = suggest_key(str(path[1]), tuple(names))
    one_of = "one of " if len(names) > 1 else ""
    suggestion = f"did you mean {intended}?" if intended else f"use {one_of}{', '.join(names)}"
    return set_problem(path, "unknown endpoint", suggestion if names else "add it to endpoints.toml")
