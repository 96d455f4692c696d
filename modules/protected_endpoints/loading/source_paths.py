"""Map problems to the key paths of `endpoints.toml` as it is written, and sort them by their position in the file."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from protected_endpoints.errors import KeyPath, Problem

Table = dict[str, Any]

PYDANTIC_KEY_MARK = "[key]"  # follows an invalid key of a map in a path of pydantic


def to_source_path(path: KeyPath, table: Any) -> KeyPath:
    """Return a path of pydantic as it is written in a table: a role ARN as a string has no keys below it."""
    for depth, key in enumerate(path):
        if isinstance(table, str) and key != PYDANTIC_KEY_MARK:
            return path[:depth]
        table = get_item(table, key)
    return path


def get_item(node: Any, key: str | int) -> Any:
    """Return the value under a key or an index, or None."""
    try:
        return node[key]
    except (KeyError, IndexError, TypeError):
        return None


def with_source_path(problem: Problem, merged: Table, override: Table, environment: str) -> Problem:
    """Return a problem of an endpoint's merged table with the path at which its value is written.

    That is below `endpoints.<name>.environments.<environment>` if the override sets the value.
    """
    kind, *keys = problem.path[0], *problem.path[2:]
    if kind != "endpoints":
        return problem
    path = to_source_path((*keys,), merged)
    prefix = ("environments", environment) if is_overridden(path, override) else ()
    return replace(problem, path=(*problem.path[:2], *prefix, *path), environment="")


def sorted_by_position(problems: Iterable[Problem], raw: Table) -> list[Problem]:
    """Return the problems in the order of the file, without duplicates.

    Problems of one value that differ only in the suggestion, which may name the environment, are duplicates.
    """
    unique: dict[tuple[KeyPath, str, str], Problem] = {}
    for problem in problems:
        unique.setdefault((problem.path, problem.message, problem.value_suffix), problem)
    positions: dict[int, dict[str | int, int]] = {}
    return sorted(unique.values(), key=lambda problem: _position(problem.path, raw, positions))


def is_overridden(path: KeyPath, override: Table) -> bool:
    """Return whether an override sets the value at a path: tables are merged, other values are replaced."""
    node: Any = override
    for key in path:
        if not isinstance(node, dict):
            return True
        if key not in node:
            return False
        node = node[key]
    return bool(path)


def _position(path: KeyPath, node: Any, positions: dict[int, dict[str | int, int]]) -> list[int]:
    """Return the position of each key of a path in its table; the positions of a table are computed once."""
    position = []
    for key in path:
        if id(node) not in positions:
            keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
            positions[id(node)] = {name: number for number, name in enumerate(keys)}
        numbers = positions[id(node)]
        position.append(numbers.get(key, len(numbers)))
        node = node[key] if key in numbers else None
    return position
