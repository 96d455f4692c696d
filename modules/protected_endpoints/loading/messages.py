"""Problems from pydantic's errors: what is expected, and what to write instead.

The expectation comes from the JSON Schema, so that messages, editors and validation agree.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from protected_endpoints.errors import UNSET, KeyPath, Problem, format_path, to_toml
from protected_endpoints.loading.conversions import converted
from protected_endpoints.loading.examples import format_example, table_name_schema
from protected_endpoints.loading.known_keys import INSTEAD, UNSUPPORTED
from protected_endpoints.loading.schema import file_schema, properties, schema_at, string_alternative
from protected_endpoints.loading.schema_words import describe_expected, describe_mismatch
from protected_endpoints.loading.source_paths import PYDANTIC_KEY_MARK, to_source_path
from protected_endpoints.loading.suggestions import snake_case, suggest, suggest_key, suggest_keys
from protected_endpoints.loading.weights import suggest_weight
from protected_endpoints.secret_scan import is_secret_name, looks_secret

MAX_ERRORS = 200  # per table: more errors are those of a generated file, and too many to read
_MODEL_OR_HOSTING = frozenset({"image", "instance_type"})  # keys of the tables of a model and of its hosting


def to_problems(error: ValidationError, table: Any, path: KeyPath) -> list[Problem]:
    """Return the problems of the table at a path. A misspelled key is reported once, not as a missing key as well."""
    errors = [(kind, (*path, *keys), value) for kind, keys, value in normalized_errors(error, table)]
    reported = errors[:MAX_ERRORS]
    misspelled = {
        (*keys[:-1], suggest_key(str(keys[-1]), allowed_keys(keys[:-1])))
        for kind, keys, _ in reported
        if kind == "extra_forbidden"
    }
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


def allowed_keys(path: KeyPath) -> list[str]:
    """Return the keys that the table at a path may have."""
    return [*properties(schema_at(file_schema(), path))]


def unknown_key(path: KeyPath, value: object, allowed: Iterable[str], suggestion: str | None = None) -> Problem:
    """Return the problem of a key that the table does not have."""
    keys, key = list(allowed), str(path[-1])
    similar = suggest_key(key, keys)
    # The value of an unknown key may be a secret, and so may the values of a table.
    is_hidden = isinstance(value, dict | list) or looks_secret(key, str(value))
    shown = UNSET if is_hidden else value
    # In a table of a model or its hosting, people expect what SageMaker offers; in another one, they misspell a key.
    if not suggestion and (not similar or not _MODEL_OR_HOSTING.isdisjoint(keys)):
        section, known = str(path[0]) if len(path) > 1 else "", snake_case(key)
        if section in ("", "endpoints") and known in UNSUPPORTED:
            return Problem(path, *UNSUPPORTED[known], value=shown, rule="unsupported-key")
        suggestion = INSTEAD.get(section, {}).get(known, "").replace(f"{section}.NAME", format_path(path[:2]))
    suggestion = suggestion or (f"did you mean {similar}?" if similar else suggest_keys(key, keys))
    return Problem(path, "unknown key", suggestion, value=shown, rule="unknown-key")


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
        return Problem(path, describe_mismatch(expected), "use a shorter value", rule="invalid-value")
    shown: object = UNSET
    suggestion = "put the value in quotes"
    if isinstance(value, dict | list):
        suggestion = """write JSON in a string, such as '["a", "b"]'"""
    elif not is_secret_name(str(path[-1])):
        shown = value
        # The text of a float is lost: 1.10 is read as 1.1.
        suggestion = f"write {to_toml(str(value).lower())}" if isinstance(value, int) else suggestion
    return Problem(path, "must be a string", suggestion, value=shown, rule="invalid-value")


def _to_problem(kind: str, path: KeyPath, value: object, suggestion: str | None = None) -> Problem:
    if expected := table_name_schema(path):
        message, name = f"must be {describe_expected(expected)}", converted(expected, value)
        suggestion = f"rename it to {name}" if name else "rename it"
        return Problem(path[:2], message, suggestion, value=value, rule="invalid-key")
    if path[-2:] == (value, PYDANTIC_KEY_MARK):
        expected = schema_at(file_schema(), path[:-2])["propertyNames"]
        message, name = f"must be {describe_expected(expected)}", converted(expected, path[-2])
        suggestion = f"rename it to {name}" if name else "rename it"
        return Problem(path[:-1], message, suggestion, value=path[-2], rule="invalid-key")
    if kind == "missing":
        return missing_key(path)
    if kind == "extra_forbidden":
        return unknown_key(path, redact_environment(path, value), allowed_keys(path[:-1]))
    return invalid_value(path, value, suggestion)
