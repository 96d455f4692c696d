"""Example values from the JSON Schema, for messages and instead of invalid values."""

from typing import Any

from protected_endpoints.errors import KeyPath, to_toml
from protected_endpoints.loading.schema import Schema, deref, file_schema, item_schema, schema_at


def example_at(path: KeyPath, variant: int = 0) -> Any:
    """Return a valid value for a path, or None where the schema has no example.

    `variant` 1 is another example than `variant` 0 where the schema has two.
    """
    return _example(table_name_schema(path) or schema_at(file_schema(), path), variant)


def table_name_schema(path: KeyPath) -> Schema:
    """Return the schema of an environment's or endpoint's name, which is the key of its table; else an empty one."""
    is_name = path[0] in ("environments", "endpoints") and path[2:] == ("name",)
    return schema_at(file_schema(), path[:1])["propertyNames"] if is_name else {}


def format_example(schema: Schema) -> str:
    """Return an example as TOML, or an empty string where the schema has none."""
    if schema.get("type") == "array":
        return f"[{format_example(item_schema(schema))}]"
    if is_map(schema) and "examples" not in schema:
        return f"{{ {_example(schema['propertyNames'])} = {format_example(schema['additionalProperties'])} }}"
    value = _example(schema)
    return "" if value is None else to_toml(value)


def is_map(schema: Schema) -> bool:
    """Return whether a table has keys of the user's choice with one value each, such as tags."""
    values = schema.get("additionalProperties")
    return isinstance(values, dict) and "examples" in values


def _example(schema: Schema, variant: int = 0) -> Any:
    if schema.get("type") == "array":
        return [_example(item_schema(schema), variant)]
    if schema.get("type") == "boolean":
        return variant == 0
    if schema.get("properties"):
        required = {key: deref(file_schema(), schema["properties"][key]) for key in schema.get("required", ())}
        return {key: _example(node, variant) for key, node in required.items()}
    values = [
        *schema.get("examples", []),
        *([schema["default"]] if "default" in schema else []),
        *schema.get("enum", []),
    ]
    return values[: variant + 1][-1] if values else None
