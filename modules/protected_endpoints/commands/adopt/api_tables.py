"""Turn an answer of AWS into a table of `endpoints.toml`, whose keys are the names of the API in snake case."""

from collections.abc import Iterator
from typing import Any, get_args

from botocore import xform_name

from protected_endpoints.config.table import ConfigTable

# Terraform names this list in the singular.
_RENAMED = {"additional_model_data_sources": "additional_model_data_source"}


def to_table(table: type[ConfigTable], answer: dict[str, Any], left_out: list[str], path: str = "") -> dict[str, Any]:
    """Return the values of an answer for the keys of a table, without defaults.

    Values that the table has no key for are added to `left_out` by their names in the API.
    """
    values = {}
    for name, value in answer.items():
        key = _RENAMED.get(xform_name(name), xform_name(name))
        if value in (None, "", [], {}):
            continue
        if key not in table.model_fields:
            left_out.append(f"{path}{name}")
            continue
        field = table.model_fields[key]
        nested = next(_tables(field.annotation), None)
        converted = _converted(nested, value, left_out, f"{path}{name}.") if nested else value
        if converted != field.default:
            values[key] = converted
    return values


def _converted(table: type[ConfigTable], value: Any, left_out: list[str], path: str) -> Any:
    if isinstance(value, list):
        return [to_table(table, item, left_out, path) for item in value]
    return to_table(table, value, left_out, path)


def _tables(annotation: Any) -> Iterator[type[ConfigTable]]:
    """Yield the tables in an annotation such as `tuple[Table, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, ConfigTable):
        yield annotation
    for argument in get_args(annotation):
        yield from _tables(argument)
