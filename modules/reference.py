"""The reference of `endpoints.toml` in README.md, written from the JSON Schema: `make schema`."""

from collections.abc import Iterator
from pathlib import Path

from modules.problems import shown
from modules.schema import Schema, file_schema, resolved
from modules.wording import list_of

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- reference: written by `make schema` -->", "<!-- end of reference -->"
_TABLES = {
    "project": "[project]",
    "environments": "[environments.NAME]",
    "endpoints": "[endpoints.NAME]",
}
_MANY = 12


def reference() -> str:
    """Return a table of keys for each table of the file."""
    schema = file_schema()
    sections: list[str] = []
    for key, title in _TABLES.items():
        node = resolved(schema, schema["properties"][key])
        sections += _sections(schema, resolved(schema, node.get("additionalProperties") or node), title)
    return "\n\n".join(sections)


def _sections(schema: Schema, table: Schema, title: str) -> Iterator[str]:
    below = {key: resolved(schema, node) for key, node in table["properties"].items()}
    nested = {key: node for key, node in below.items() if "properties" in node and key != "environments"}
    required = table.get("required") or table.get("anyOf", [{}])[0].get("required", ())
    rows = [_row(schema, key, node, key in required) for key, node in below.items() if key not in nested]
    yield "\n".join(
        [f"`{title}`: {table['description']}", "", "| key | value | default | meaning |", "|---|---|---|---|", *rows]
    )
    prefix = title.strip("[]")
    for key, node in below.items():
        if key in nested:
            yield from _sections(schema, node, f"[{prefix}.{key}]")
        elif one := _table_of_list(schema, node):
            yield from _sections(schema, one, f"[[{prefix}.{key}]]")


def _table_of_list(schema: Schema, node: Schema) -> Schema | None:
    """Return the table that a list may hold, beside what else it may."""
    item = resolved(schema, node.get("items", {}))
    return next((way for way in item.get("anyOf", ()) if "properties" in way), None)


def _row(schema: Schema, key: str, node: Schema, required: bool) -> str:
    default = "required" if required else f"`{shown(node['default'])}`" if "default" in node else ""
    return f"| `{key}` | {_kind(schema, node)} | {default} | {node['description']} |"


def _kind(schema: Schema, node: Schema) -> str:
    if node.get("type") == "array":
        return list_of(node, resolved(schema, node["items"])["title"])
    if len(node.get("enum", ())) > _MANY or "title" in node:
        return str(node.get("title", "one of the listed values"))
    if "enum" in node:
        return ", ".join(f"`{shown(each)}`" for each in node["enum"])
    if "minimum" in node:
        return f"{node['minimum']} to {node['maximum']}" if "maximum" in node else f"{node['minimum']} or more"
    return {"boolean": "`true` or `false`", "object": "table"}[node["type"]]


def main() -> None:
    """Write the reference between its two marks in the README."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{reference()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
