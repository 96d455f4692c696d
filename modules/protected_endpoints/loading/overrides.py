"""The keys `only` and `environments` of an endpoint: in which environments it exists, and with which values."""

from collections.abc import Iterable, Iterator
from typing import Any

from protected_endpoints.errors import KeyPath, Problem, format_path, to_toml
from protected_endpoints.loading.messages import invalid_value
from protected_endpoints.loading.source_paths import Table
from protected_endpoints.loading.unknown_keys import misplaced_key

_SCOPE_KEYS = ("only", "environments")


def environment_names(table: Any, defined: Iterable[str]) -> list[str]:
    """Return the environments in which an endpoint exists.

    If it exists in none of those that the file defines, these are the environments of its overrides, or one without a
    name, so that the errors of the endpoint itself are reported as well.
    """
    if not isinstance(table, dict):
        return []
    only, overrides = table.get("only"), table.get("environments")
    names = [name for name in defined if not isinstance(only, list) or name in only]
    return names or [*(overrides if isinstance(overrides, dict) and overrides else [""])]


def override_of(table: Table, environment: str) -> Table:
    """Return the keys of an endpoint that are set for one environment."""
    overrides = table.get("environments")
    override = overrides.get(environment) if isinstance(overrides, dict) else None
    return _without_scope_keys(override) if isinstance(override, dict) else {}


def merge_override(table: Table, override: Table) -> Table:
    """Return an endpoint's table for one environment: tables are merged key by key, other values are replaced."""
    return _merge(_without_scope_keys(table), override)


def scope_problems(table: Any, path: KeyPath, environments: Iterable[str]) -> Iterator[Problem]:
    """Yield the problems of `only` and `environments` in an endpoint's table."""
    if not isinstance(table, dict):
        yield invalid_value(path, table)
        return
    environments = [*environments]
    only, overrides = table.get("only", environments), table.get("environments", {})
    if "only" in table and (not isinstance(only, list) or not only):
        yield invalid_value((*path, "only"), only)
    for index, name in enumerate(only if isinstance(only, list) else ()):
        if name not in environments:
            yield _unknown_environment((*path, "only", index), name, environments)
    if not isinstance(overrides, dict):
        yield invalid_value((*path, "environments"), overrides)
        return
    for name in overrides:
        yield from _override_problems(table, (*path, "environments", name), environments)


def _override_problems(table: Table, path: KeyPath, environments: list[str]) -> Iterator[Problem]:
    name = str(path[-1])
    override = table["environments"][name]
    if name not in environments:
        yield _unknown_environment(path, name, environments)
    elif not isinstance(override, dict):
        yield invalid_value(path, override)
    else:
        yield from (misplaced_key((*path, key), override[key]) for key in _SCOPE_KEYS if key in override)
        yield from _ineffective_empty_tables(path, override_of(table, name), table)


def _ineffective_empty_tables(path: KeyPath, override: Table, table: Table) -> Iterator[Problem]:
    """Yield the empty tables of an override where the endpoint's table has keys: a merge removes none of them."""
    for key, value in override.items():
        base = table.get(key)
        if not isinstance(value, dict) or not isinstance(base, dict):
            continue
        if base and not value:
            yield Problem(
                (*path, key),
                f"an empty table has no effect, because it is merged with {key} of the endpoint",
                "add the keys that differ, or remove the table",
                rule="override-without-effect",
            )
        yield from _ineffective_empty_tables((*path, key), value, base)


def _unknown_environment(path: KeyPath, name: object, environments: list[str]) -> Problem:
    is_value = isinstance(path[-1], int)  # an entry of `only`; otherwise the key of a table
    names = ", ".join(to_toml(environment) if is_value else format_path((environment,)) for environment in environments)
    one_of = "one of " if len(environments) > 1 else ""
    suggestion = f"use {one_of}{names}" if names else "add a table [environments.<name>]"
    return Problem(path, "unknown environment", suggestion, value=name, rule="unknown-environment")


def _without_scope_keys(table: Table) -> Table:
    return {key: value for key, value in table.items() if key not in _SCOPE_KEYS}


def _merge(base: Table, override: Table) -> Table:
    merged = dict(base)
    for key, value in override.items():
        are_tables = isinstance(base.get(key), dict) and isinstance(value, dict)
        merged[key] = _merge(base[key], value) if are_tables else value
    return merged
