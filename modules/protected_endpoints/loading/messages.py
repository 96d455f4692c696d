"""Problems from pydantic's errors: what is expected, and what to write instead.

The expectation comes from the JSON Schema, so that messages, editors and validation agree.
"""

from typing import Any

from pydantic import ValidationError

from protected_endpoints.config.types.map_key import PROTOTYPE
from protected_endpoints.errors import UNSET, KeyPath, Problem, format_path, to_toml
from protected_endpoints.loading.conversions import converted
from protected_endpoints.loading.examples import format_example, table_name_schema
from protected_endpoints.loading.schema import Schema, file_schema, schema_at, string_alternative
from protected_endpoints.loading.schema_words import describe_expected, describe_mismatch
from protected_endpoints.loading.source_paths import PYDANTIC_KEY_MARK, to_source_path
from protected_endpoints.loading.suggestions import suggest
from protected_endpoints.loading.unknown_keys import intended_key, unknown_key
from protected_endpoints.loading.weights import suggest_weight
from protected_endpoints.secret_scan import is_secret_name

MAX_ERRORS = 200  # per table, and endpoints with errors: more are those of a generated file, and too many to read


def to_problems(error: ValidationError, table: Any, path: KeyPath) -> list[Problem]:
    """Return the problems of the table at a path. A misspelled key is reported once, not as a missing key as well."""
    errors = [(kind, (*path, *keys), value) for kind, keys, value in normalized_errors(error, table)]
    reported = errors[:MAX_ERRORS]
    misspelled = {(*keys[:-1], intended_key(keys)) for kind, keys, _ in reported if kind == "extra_forbidden"}
    problems = [
        _to_problem(kind, keys, value, suggest_weight(table, keys[len(path) :]))
        for kind, keys, value in reported
        if kind != "missing" or keys not in misspelled
    ]
    return [*problems, *omitted_errors(path, len(errors) - MAX_ERRORS)]


def omitted_errors(path: KeyPath, count: int) -> list[Problem]:
    """Return the problem that stands for the errors of a table beyond the maximum, if there are any."""
    if count <= 0:
        return []
    message = f"{count} more errors are not listed"
    return [Problem(path, message, f"correct the {MAX_ERRORS} listed errors first", rule="too-many-errors")]


def normalized_errors(error: ValidationError, table: Any) -> list[tuple[str, KeyPath, object]]:
    """Return the kind, the path in the table and the value of each error of pydantic.

    Pydantic reports a list as too short when invalid items leave it so: then only the items are returned.
    """
    errors = [
        (details["type"], to_source_path(details["loc"], table), details["input"])
        for details in error.errors(include_url=False)
    ]
    parents = {path[:depth] for _, path, _ in errors for depth in range(len(path))}
    return [(kind, path, value) for kind, path, value in errors if kind != "too_short" or path not in parents]


def invalid_value(path: KeyPath, value: object, suggestion: str | None = None) -> Problem:
    """Return the problem of a value that does not match the schema at its path."""
    if "environment" in path[2:-1]:
        return _invalid_variable(path, value)
    expected = string_alternative(schema_at(file_schema(), path), value)
    return Problem(
        path,
        describe_mismatch(expected),
        suggestion or suggest(expected, value, path),
        value=redact_environment(path, value),
        rule="invalid-value",
    )


def missing_key(path: KeyPath) -> Problem:
    """Return the problem of a required key that is missing."""
    expected = schema_at(file_schema(), path)
    if expected.get("type") == "object" and not any(isinstance(key, int) for key in path):
        table = ".".join(map(str, path)) + ("" if "properties" in expected else ".<name>")
        suggestion = f"add a table [{table}]"
    else:
        suggestion = f"add {path[-1]} = {format_example(expected)}"
    return Problem(path, "required", suggestion, rule="required-key")


def redact_environment(path: KeyPath, value: object) -> object:
    """Return a value, or `UNSET` for one of a container's environment, which may be a secret."""
    return UNSET if "environment" in path[2:] else value


def _invalid_variable(path: KeyPath, value: object) -> Problem:
    """Return the problem of a variable of a container's environment; only a number or a boolean is no secret."""
    if isinstance(value, str):
        expected = schema_at(file_schema(), path)
        return Problem(path, describe_mismatch(expected), "use a shorter value without these", rule="invalid-value")
    shown: object = UNSET
    suggestion = "put the value in quotes"
    if isinstance(value, dict | list):
        suggestion = """write JSON in a string, such as '["a", "b"]'"""
    elif not is_secret_name(str(path[-1])):
        shown = value
        suggestion = f"write {to_toml(str(value).lower())}" if isinstance(value, int) else suggestion
    return Problem(path, "must be a string", suggestion, value=shown, rule="invalid-value")


def _to_problem(kind: str, path: KeyPath, value: object, suggestion: str | None = None) -> Problem:
    if expected := table_name_schema(path):
        return _invalid_name(path[:2], value, expected)
    if path[-2:] == (value, PYDANTIC_KEY_MARK):
        return _invalid_name(path[:-1], value, schema_at(file_schema(), path[:-2])["propertyNames"])
    if kind == "missing":
        return missing_key(path)
    if kind == "extra_forbidden":
        return unknown_key(path, redact_environment(path, value))
    return invalid_value(path, value, suggestion)


def _invalid_name(path: KeyPath, name: object, expected: Schema) -> Problem:
    """Return the problem of a key that the user chooses, such as a tag key."""
    if name == PROTOTYPE:
        return Problem(path, "CDKTF does not support this name", "rename it", value=name, rule="invalid-key")
    intended = converted(expected, name)
    suggestion = f"rename it to {format_path((intended,))}" if intended else "rename it"
    return Problem(path, f"must be {describe_expected(expected)}", suggestion, value=name, rule="invalid-key")
