"""The reference of `endpoints.toml` in docs/reference.md, written from the JSON Schema: `make schema`."""

from collections.abc import Iterator
from pathlib import Path

from protected_endpoints.errors import to_toml
from protected_endpoints.loading.schema import Schema, file_schema, resolved
from protected_endpoints.loading.schema_words import list_of, noun_of

PAGE = Path("docs") / "reference.md"
BEGIN, END = "<!-- reference: written by `make schema` -->", "<!-- end of reference -->"
_MANY = 12
_FEWEST_REPEATED = 3


class _Reference:
    """Write each kind of table once, where it is first met; a table that repeats its parent's keys only names them."""

    def __init__(self) -> None:
        self._schema = file_schema()
        self._written: dict[str, str] = {}

    def sections(self) -> Iterator[str]:
        for key, name in {"project": "", "environments": ".NAME", "endpoints": ".NAME"}.items():
            node = resolved(self._schema, self._schema["properties"][key])
            table = resolved(self._schema, node.get("additionalProperties") or node)
            yield from self._sections(table, f"[{key}{name}]", {})

    def _sections(self, table: Schema, title: str, above: dict[str, str]) -> Iterator[str]:
        self._written[repr(table["properties"])] = title
        nodes = {key: resolved(self._schema, node) for key, node in table["properties"].items()}
        rows = {key: self._row(key, node, key in table.get("required", ())) for key, node in nodes.items()}
        repeated = [key for key, row in rows.items() if above.get(key) == row]
        repeated = repeated if len(repeated) >= _FEWEST_REPEATED else []
        own = [key for key in rows if key not in repeated]
        yield "\n".join(
            [
                f"`{title}`: {table['description']}",
                *([f"Its keys as above: {', '.join(f'`{key}`' for key in repeated)}."] if repeated else []),
                *_table_of([rows[key] for key in own if "properties" not in nodes[key] or key == "environments"]),
            ]
        )
        for key in own:
            place, below = self._table_in(key, nodes[key], title)
            if not below:
                continue
            if first := self._written.get(repr(below["properties"])):
                yield f"`{place}`: {nodes[key]['description']} The keys are those of `{first}`."
            else:
                yield from self._sections(below, place, rows)

    def _table_in(self, key: str, node: Schema, title: str) -> tuple[str, Schema | None]:
        """Return how the table begins that stands under a key, alone, by names or in a list, and the table."""
        place = f"{title.strip('[]')}.{key}"
        item, named = (resolved(self._schema, node.get(each) or {}) for each in ("items", "additionalProperties"))
        of_list = next((way for way in (item, *item.get("anyOf", ())) if "properties" in way), None)
        if key == "environments":
            return place, None
        if "properties" in node:
            return f"[{place}]", node
        return (f"[{place}.NAME]", named) if "properties" in named else (f"[[{place}]]", of_list)

    def _row(self, key: str, node: Schema, required: bool) -> str:
        default = "required" if required else f"`{to_toml(node['default'])}`" if "default" in node else ""
        return f"| `{key}` | {self._kind(node)} | {default} | {node['description']} |"

    def _kind(self, node: Schema) -> str:
        if node.get("type") == "array":
            items = resolved(self._schema, node["items"])
            return list_of(node, noun_of(items)) + (f": {self._kind(items)}" if "enum" in items else "")
        if len(node.get("enum", ())) > _MANY or "title" in node:
            return noun_of({"title": "one of the listed values", **node})
        if "enum" in node:
            return ", ".join(f"`{to_toml(each)}`" for each in node["enum"])
        if "minimum" in node:
            return f"{node['minimum']} to {node['maximum']}" if "maximum" in node else f"{node['minimum']} or more"
        return {"boolean": "`true` or `false`", "object": "table"}[node["type"]]


def _table_of(rows: list[str]) -> list[str]:
    return ["", "| key | value | default | meaning |", "|---|---|---|---|", *rows] if rows else []


def reference() -> str:
    """Return a table of keys for each table of the file."""
    return "\n\n".join(_Reference().sections())


def main() -> None:
    """Write the reference between its two marks in the PAGE."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{reference()}\n{END}{after}", encoding="utf-8")
