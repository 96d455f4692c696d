"""The JSON Schema is the generated one, is valid, and says of everything what it is."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema

from protected_endpoints.loading.schema import Schema, at, file_schema, properties, resolved
from tests.examples import EXAMPLES, ROOT
from tests.loading.support import EXAMPLE
from tests.loading.validator import SCHEMA, Validator


def test_the_schema_in_the_repository_is_the_generated_one() -> None:
    stored = (ROOT / "endpoints.schema.json").read_text(encoding="utf-8")
    assert json.loads(stored) == file_schema(), "run `make schema` and commit endpoints.schema.json"
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


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def _nodes(node: Any, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield every part of the schema that describes a value, with where it stands."""
    if isinstance(node, dict):
        if "type" in node or "enum" in node:
            yield path, node
        for key, child in node.items():
            yield from _nodes(child, f"{path}/{key}")


_NODES = dict(_nodes(SCHEMA))


def test_every_value_that_a_message_tells_people_to_write_is_right() -> None:
    told = {
        path: [*node.get("examples", []), *([node["default"]] if "default" in node else [])]
        for path, node in _NODES.items()
    }
    assert sum(map(len, told.values())) > 20
    wrong = [
        (path, value)
        for path, values in told.items()
        for value in values
        if not Validator(_NODES[path]).is_valid(value)
    ]
    assert wrong == []


def test_every_key_says_what_it_is_for() -> None:
    silent = [
        f"{name}.{key}"
        for name, table in SCHEMA["$defs"].items()
        for key, node in properties(table).items()
        if not resolved(SCHEMA, node).get("description", "").endswith(".")
    ]
    assert silent == []


def test_every_pattern_can_be_named_in_a_message() -> None:
    assert [path for path, node in _NODES.items() if "pattern" in node and not node.get("title")] == []


def test_a_path_leads_to_what_the_schema_says_of_it() -> None:
    invoker = ("endpoints", "kmeans", "environments", "dev", "invokers", 0)
    assert at(SCHEMA, invoker)["title"] == "IAM role ARN or table of a caller"
    assert at(SCHEMA, (*invoker, "role_arn"))["title"] == "IAM role ARN"
    assert at(SCHEMA, (*invoker, "principals", 1))["title"].startswith("ARN of an IAM role")
    assert at(SCHEMA, (*invoker, "principal_tags", "team"))["maxLength"] == 256
    assert at(SCHEMA, ("environments", "dev", "network", "subnet_ids"))["maxItems"] == 16
    assert at(SCHEMA, ("endpoints", "kmeans", "kms", "rotation_period_in_days"))["minimum"] == 90
    assert at(SCHEMA, ("project", "tags", "team"))["maxLength"] == 256
    assert at(SCHEMA, ("nowhere", "at", 1, "all")) == {}


def test_what_a_key_says_comes_before_what_its_definition_says() -> None:
    kms = SCHEMA["$defs"]["Endpoint"]["properties"]["kms"]
    described = resolved(SCHEMA, kms)
    assert described["description"] == kms["description"] != SCHEMA["$defs"]["Kms"]["description"]
    assert described["properties"] == SCHEMA["$defs"]["Kms"]["properties"]
