"""Say where a mistake stands in `endpoints.toml`, as people wrote it, and put mistakes in the order of the file."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from protected_endpoints.errors import KeyPath, Problem

Table = dict[str, Any]

PYDANTIC_KEY_MARK = "[key]"  # pydantic's mark of a key that is wrong, after the key


def to_source_path(place: KeyPath, table: Any) -> KeyPath:
    """Return a place in a table as people wrote it: an ARN alone stands for a table with the ARN in it."""
    for depth, key in enumerate(place):
        if isinstance(table, str) and key != PYDANTIC_KEY_MARK:
            return place[:depth]
        table = get_item(table, key)
    return place


def get_item(node: Any, key: str | int) -> Any:
    """Return what stands under a key or an index, or None."""
    try:
        return node[key]
    except (KeyError, IndexError, TypeError):
        return None


def with_source_path(problem: Problem, table: Table, override: Table, environment: str) -> Problem:
    """Return a problem of an endpoint's merged table with the path at which the value at fault was written."""
    kind, *keys = problem.path[0], *problem.path[2:]
    if kind != "endpoints":
        return problem
    place = to_source_path((*keys,), table)
    where = ("environments", environment) if _comes_from(place, override) else ()
    return replace(problem, path=(*problem.path[:2], *where, *place), environment="")


def sorted_by_position(problems: Iterable[Problem], raw: Table) -> list[Problem]:
    """Return the problems in the order of the file, each once.

    What is wrong with one value in several environments is one problem, although each names its own in the fix.
    """
    once: dict[tuple[KeyPath, str, str], Problem] = {}
    for each in problems:
        once.setdefault((each.path, each.message, each.value_suffix), each)
    counted: dict[int, dict[str | int, int]] = {}
    return sorted(once.values(), key=lambda each: _rank(each.path, raw, counted))


def _comes_from(place: KeyPath, override: Table) -> bool:
    """Return whether an override decides what stands at a place: tables are merged, all else is replaced."""
    node: Any = override
    for key in place:
        if not isinstance(node, dict):
            return True
        if key not in node:
            return False
        node = node[key]
    return bool(place)


def _rank(path: KeyPath, node: Any, counted: dict[int, dict[str | int, int]]) -> list[int]:
    """Return at which key of each table, or item of each list, a path goes on; a table's keys are counted once."""
    rank = []
    for key in path:
        if id(node) not in counted:
            keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
            counted[id(node)] = {each: number for number, each in enumerate(keys)}
        order = counted[id(node)]
        rank.append(order.get(key, len(order)))
        node = node[key] if key in order else None
    return rank
