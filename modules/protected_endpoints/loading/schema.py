"""Define the JSON Schema of `endpoints.toml`, generated from the models, for editors and for error messages.

`make schema` writes it to `endpoints.schema.json`.
"""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.config.types import Name
from protected_endpoints.errors import KeyPath

Schema = dict[str, Any]
# What an endpoint serves and what runs it: one of each in the short form.
_SERVED_BY, _RUN_BY = ("image", "model_package_name", "container"), ("instance_type", "serverless_config")


def file_schema() -> Schema:
    """Return the schema of the whole file.

    It asks for an image and what runs it only where nothing else may bring them: no tables for single environments,
    whose keys the loader judges together with the endpoint's own, and no models and variants in tables.
    """
    models = [(model, "validation") for model in (Project, Environment, Endpoint)]
    _, generated = models_json_schema(models, schema_generator=_ForToml)  # type: ignore[arg-type]  # reason: list is invariant
    definitions = generated["$defs"]
    for named_by_table in ("Environment", "Endpoint"):
        definitions[named_by_table]["properties"].pop("name")
        definitions[named_by_table]["required"].remove("name")
    override = definitions["Endpoint"]
    override.pop("required")
    definitions["Endpoint"] = {
        **override,
        "properties": {**override["properties"], **_BY_ENVIRONMENT},
        "anyOf": _COMPLETE,
    }
    definitions["EndpointOverride"] = {**override, "description": "The same keys, for one environment only."}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "endpoints.toml",
        "description": "Protected model serving endpoints on AWS SageMaker.",
        "type": "object",
        "additionalProperties": False,
        "required": ["project", "environments", "endpoints"],
        "properties": {
            "project": {"$ref": "#/$defs/Project"},
            "environments": _tables_of("Environment"),
            "endpoints": _tables_of("Endpoint"),
        },
        "$defs": definitions,
    }


def at(schema: Schema, path: KeyPath) -> Schema:
    """Return what the schema says of the value at a path; an empty schema where it says nothing."""
    node = schema
    for key in path:
        node = resolved(schema, _child(node, key))
    return node


def resolved(schema: Schema, node: Schema) -> Schema:
    """Return a node with the definition that it refers to; what the node itself says comes first."""
    if "$ref" not in node:
        return node
    return {**schema["$defs"][node["$ref"].rsplit("/", 1)[1]], **{k: v for k, v in node.items() if k != "$ref"}}


def _child(node: Schema, key: str | int) -> Schema:
    if isinstance(key, int):
        return node.get("items") or {}
    return properties(node).get(key) or node.get("additionalProperties") or {}


def properties(node: Schema) -> dict[str, Schema]:
    """Return the keys that a table may have, with what the schema says of them."""
    return {key: value for way in _ways(node) for key, value in way.get("properties", {}).items()}


def way_of(node: Schema, value: object) -> Schema:
    """Return the one way to write a value that a string is meant as, if there are several: an ARN, not a table."""
    texts = [way for way in node.get("anyOf", ()) if way.get("type") == "string"]
    return texts[0] if texts and isinstance(value, str) else node


def _ways(node: Schema) -> list[Schema]:
    """Return the ways in which a value may be written; a table is one of them."""
    return [node, *node.get("anyOf", ())]


def _tables_of(definition: str) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": TypeAdapter(Name).json_schema(),
        "additionalProperties": {"$ref": f"#/$defs/{definition}"},
    }


class _ForToml(GenerateJsonSchema):
    """Leave out what TOML cannot say (null) and titles that only repeat a key."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  reason: pydantic's signature
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        return {k: v for k, v in described.items() if k != "default" or v not in (None, (), [], {})}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        return {
            "type": "object",
            "propertyNames": self.generate_inner(schema["keys_schema"]),
            "additionalProperties": self.generate_inner(schema["values_schema"]),
        }

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        described.pop("title", None)
        return described


_COMPLETE: list[Schema] = [
    *({"required": [what, how]} for what in _SERVED_BY for how in _RUN_BY),
    *({"required": [elsewhere]} for elsewhere in ("environments", "models", "variants")),
]
_BY_ENVIRONMENT: Schema = {
    "only": {
        "description": "The environments in which the endpoint exists; all of them if left out.",
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "title": "environment name", "examples": ["prod"]},
    },
    "environments": {
        "description": "The same keys, for one environment only.",
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/EndpointOverride"},
    },
}
