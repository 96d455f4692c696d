"""The reference of `endpoints.toml` in docs/reference.md, written from the JSON Schema: `make schema`."""

from collections.abc import Iterator

from protected_endpoints.errors import to_toml
from protected_endpoints.loading.described_schema import described_schema
from protected_endpoints.loading.schema import Schema, deref, item_schema
from protected_endpoints.loading.schema_words import describe_list, schema_noun

_MIN_REPEATED = 3


class _Reference:
    """Write each kind of table once, where it first occurs; a table that repeats keys of its parent only lists them."""

    def __init__(self) -> None:
        self._schema = described_schema()
        self._titles: dict[str, str] = {}

    def sections(self) -> Iterator[str]:
        for key, name in {"project": "", "environments": ".NAME", "endpoints": ".NAME"}.items():
            node = deref(self._schema, self._schema["properties"][key])
            table = deref(self._schema, node.get("additionalProperties") or node)
            yield from self._sections(table, f"[{key}{name}]", {})

    def _sections(self, table: Schema, title: str, parent_rows: dict[str, str]) -> Iterator[str]:
        self._titles[repr(table["properties"])] = title
        nodes = {key: deref(self._schema, node) for key, node in table["properties"].items()}
        rows = {key: _row(key, node, key in table.get("required", ())) for key, node in nodes.items()}
        repeated = [key for key, row in rows.items() if parent_rows.get(key) == row]
        repeated = repeated if len(repeated) >= _MIN_REPEATED else []
        unique_keys = [key for key in rows if key not in repeated]
        yield "\n".join(
            [
                f"`{title}`: {table['description']}",
                *([f"Same keys as above: {', '.join(f'`{key}`' for key in repeated)}."] if repeated else []),
                *_table_of(
                    [rows[key] for key in unique_keys if "properties" not in nodes[key] or key == "environments"]
                ),
            ]
        )
        for key in unique_keys:
            heading, below = self._table_in(key, nodes[key], title)
            if not below:
                continue
            if first := self._titles.get(repr(below["properties"])):
                yield f"`{heading}`: {nodes[key]['description']} Same keys as `{first}`."
            else:
                yield from self._sections(below, heading, rows)

    def _table_in(self, key: str, node: Schema, title: str) -> tuple[str, Schema | None]:
        """Return the header and the schema of the table under a key: one table, tables by name, or a list of tables."""
        path = f"{title.strip('[]')}.{key}"
        item, by_name = (deref(self._schema, node.get(keyword) or {}) for keyword in ("items", "additionalProperties"))
        of_list, table = self._form_with_keys(item), self._form_with_keys(node)
        if key == "environments":
            return path, None
        if table:
            return f"[{path}]", table
        return (f"[{path}.NAME]", by_name) if "properties" in by_name else (f"[[{path}]]", of_list)

    def _form_with_keys(self, node: Schema) -> Schema | None:
        """Return the schema of a table, also where the value may be something else instead."""
        forms = (node, *(deref(self._schema, form) for form in node.get("anyOf", ())))
        return next((form for form in forms if "properties" in form), None)


def _row(key: str, node: Schema, required: bool) -> str:
    default = "required" if required else f"`{to_toml(node['default'])}`" if "default" in node else ""
    description = " ".join(node["description"].split())
    return f"| `{key}` | {_kind(node)} | {default} | {description} |"


def _kind(node: Schema) -> str:
    if node.get("type") == "array":
        items = item_schema(node)
        return describe_list(node) + (f": {_kind(items)}" if "enum" in items else "")
    if "title" in node:
        return schema_noun(node)
    if "enum" in node:
        return ", ".join(f"`{to_toml(value)}`" for value in node["enum"])
    if "minimum" in node:
        return f"{node['minimum']} to {node['maximum']}" if "maximum" in node else f"{node['minimum']} or greater"
    kind = str(node["type"])
    return {"boolean": "`true` or `false`", "object": "table"}.get(kind, kind)


def _table_of(rows: list[str]) -> list[str]:
    return ["", "| key | value | default | description |", "|---|---|---|---|", *rows] if rows else []


def reference() -> str:
    """Return one section for each kind of table, with a row for each key."""
    return "\n\n".join(_Reference().sections())
