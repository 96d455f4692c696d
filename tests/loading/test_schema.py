"""The JSON Schema in the repository is the generated one, is valid, and describes every key."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Literal

import jsonschema
from pydantic import TypeAdapter

from protected_endpoints.loading.described_schema import described_schema
from protected_endpoints.loading.schema import Schema, TomlJsonSchema, deref, properties, schema_at
from tests.examples import EXAMPLES, ROOT
from tests.loading.support import EXAMPLE
from tests.loading.validator import SCHEMA, Validator


def test_the_schema_in_the_repository_is_the_generated_one() -> None:
    stored = (ROOT / "endpoints.schema.json").read_text(encoding="utf-8")
    assert json.loads(stored) == described_schema(), "run `make schema` and commit endpoints.schema.json"
    printed = subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "schema"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == stored


def test_the_example_names_the_schema_for_editors() -> None:
    named = EXAMPLE.splitlines()[0].removeprefix("#:schema ")
    assert (EXAMPLES["example"].parent / named).resolve() == (ROOT / "endpoints.schema.json").resolve()


def test_the_schema_is_valid() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def _nodes(node: Any, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield every node of the schema that describes a value, with its path."""
    if isinstance(node, dict):
        if "type" in node or "enum" in node:
            yield path, node
        for key, child in node.items():
            yield from _nodes(child, f"{path}/{key}")


_NODES = dict(_nodes(SCHEMA))


def test_every_example_and_default_is_valid() -> None:
    values_by_path = {
        path: [*node.get("examples", []), *([node["default"]] if "default" in node else [])]
        for path, node in _NODES.items()
    }
    assert sum(map(len, values_by_path.values())) > 20
    invalid = [
        (path, value)
        for path, values in values_by_path.items()
        for value in values
        if not Validator(_NODES[path]).is_valid(value)
    ]
    assert invalid == []


def test_every_key_has_a_description() -> None:
    undescribed = [
        f"{name}.{key}"
        for name, table in SCHEMA["$defs"].items()
        for key, node in properties(table).items()
        if not deref(SCHEMA, node).get("description", "").endswith(".")
    ]
    assert undescribed == []


def test_every_pattern_has_a_title() -> None:
    assert [path for path, node in _NODES.items() if "pattern" in node and not node.get("title")] == []


def test_a_key_with_one_allowed_value_has_an_enumeration_as_well() -> None:
    described = TypeAdapter(Literal["only"]).json_schema(schema_generator=TomlJsonSchema)
    assert described == {"enum": ["only"], "type": "string"}


def test_a_path_leads_to_the_schema_of_its_value() -> None:
    invoker = ("endpoints", "kmeans", "environments", "dev", "invokers", 0)
    assert schema_at(SCHEMA, invoker)["title"] == "IAM role ARN or invoker table"
    assert schema_at(SCHEMA, (*invoker, "role_arn"))["title"] == "IAM role ARN"
    assert schema_at(SCHEMA, (*invoker, "principals", 1))["title"].startswith("ARN of an IAM role")
    assert schema_at(SCHEMA, (*invoker, "principal_tags", "team"))["maxLength"] == 256
    assert schema_at(SCHEMA, ("environments", "dev", "network", "subnet_ids"))["maxItems"] == 16
    assert schema_at(SCHEMA, ("endpoints", "kmeans", "kms", "rotation_period_in_days"))["minimum"] == 90
    assert schema_at(SCHEMA, ("project", "tags", "team"))["maxLength"] == 256
    assert schema_at(SCHEMA, ("nowhere", "at", 1, "all")) == {}


def test_keywords_of_a_key_take_precedence_over_its_definition() -> None:
    kms = SCHEMA["$defs"]["Endpoint"]["properties"]["kms"]
    described = deref(SCHEMA, kms)
    assert described["description"] == kms["description"] != SCHEMA["$defs"]["Kms"]["description"]
    assert described["properties"] == SCHEMA["$defs"]["Kms"]["properties"]
