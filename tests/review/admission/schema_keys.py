"""Which keys of endpoints.toml a file has, and which optional keys its tables do not have, by the JSON Schema."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from protected_endpoints.loading.schema import Schema, deref, file_schema, properties

Key = tuple[str, str]  # the kind of a table, by the name of its schema, and a key of it


@dataclass
class Keys:
    """The keys that tables of files have, and the optional keys that tables of the same kind do not have."""

    present: set[Key] = field(default_factory=set)
    absent: set[Key] = field(default_factory=set)
    several: set[Key] = field(default_factory=set)  # lists of two items or more

    def __len__(self) -> int:
        return len(self.present) + len(self.absent) + len(self.several)

    def add(self, text: str) -> None:
        """Add the tables of a file."""
        self._add(tomllib.loads(text), file_schema())

    def _add(self, value: Any, node: Schema) -> None:
        schema = deref(file_schema(), node)
        if isinstance(value, list):
            for item in value:
                self._add(item, schema.get("items", {}))
        elif isinstance(value, dict):
            keys = properties(schema)
            # The value of an alarm is a boolean or a table.
            table: Schema = next((form for form in (node, *node.get("anyOf", ())) if "$ref" in form), {})
            kind = table.get("$ref", "").rpartition("/")[2].removesuffix("Override")
            for key, item in value.items():
                self._add(item, keys.get(key) or schema.get("additionalProperties") or {})
            if kind:
                self.present |= {(kind, key) for key in keys.keys() & value.keys()}
                self.several |= {(kind, key) for key, item in value.items() if isinstance(item, list) and len(item) > 1}
                self.absent |= {(kind, key) for key in keys.keys() - value.keys()}


def optional_keys() -> set[Key]:
    """Return the keys that a table need not have."""
    return {
        (kind, key) for kind, schema in _tables() for key in properties(schema) if key not in schema.get("required", ())
    }


def all_keys() -> set[Key]:
    """Return the keys of every table."""
    return {(kind, key) for kind, schema in _tables() for key in properties(schema)}


def list_keys() -> set[Key]:
    """Return the keys whose values are lists of any length."""
    return {
        (kind, key)
        for kind, schema in _tables()
        for key, value in properties(schema).items()
        if deref(file_schema(), value).get("type") == "array" and value.get("maxItems") != 1
    }


def _tables() -> Iterator[tuple[str, Schema]]:
    """Yield the schema of every kind of table; an override has the keys of an endpoint."""
    return ((kind, schema) for kind, schema in file_schema()["$defs"].items() if not kind.endswith("Override"))
