"""Validate the tables of the file against the models: the sections, and each project, environment and endpoint."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from protected_endpoints.config.types.token import FROM_FILE
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.loading.candidates import Candidate, TableT, with_examples
from protected_endpoints.loading.known_keys import NAMED_BY_TABLE
from protected_endpoints.loading.messages import (
    MAX_ERRORS,
    invalid_value,
    missing_key,
    omitted_errors,
    to_problems,
)
from protected_endpoints.loading.source_paths import Table
from protected_endpoints.loading.suggestions import suggest_key
from protected_endpoints.loading.unknown_keys import misplaced_key, unknown_key

_SECTIONS = ("project", "environments", "endpoints")


def section_problems(raw: Table, file: str) -> Iterator[Problem]:
    """Yield the problems of the keys `project`, `environments` and `endpoints` themselves."""
    unknown = [key for key in raw if key not in _SECTIONS]
    yield from omitted_errors((file,), len(unknown) - MAX_ERRORS)
    for key in unknown[:MAX_ERRORS]:
        yield unknown_key((key,), raw[key])
    misspelled = {suggest_key(key, _SECTIONS) for key in unknown[:MAX_ERRORS]}
    for key in _SECTIONS:
        if key not in raw or (raw[key] == {} and key != "project"):
            if key not in misspelled:
                yield missing_key((key,))
        elif not isinstance(raw[key], dict):
            yield invalid_value((key,), raw[key])


def tables_of(raw: Table, section: str) -> dict[str, Any]:
    """Return the tables of a section by name; none if the section is missing or not a table."""
    tables = raw.get(section)
    return tables if isinstance(tables, dict) else {}


def validate_table(model: type[TableT], table: Any, path: KeyPath) -> tuple[Candidate[TableT], list[Problem]]:
    """Return the table at a path in the form that rules check, and its problems.

    The key of an environment or endpoint is its `name`, which is not a key of the table.
    """
    name = {"name": path[1]} if len(path) > 1 else {}
    is_table = isinstance(table, dict)
    problems = []
    if not is_table:
        problems.append(invalid_value(path, table))
    elif name and "name" in table:
        problems.append(misplaced_key((*path, "name"), table["name"], NAMED_BY_TABLE[str(path[0])]))
    values = {**(table if is_table else {}), **name}
    try:
        return Candidate(path, (model.model_validate(values, context=FROM_FILE),)), problems
    except ValidationError as error:
        problems += to_problems(error, values, path) if is_table else ()
        return with_examples(model, values, error, path), problems
