"""The JSON Schema of `endpoints.toml`, generated from the models, for editors and for error messages.

`make schema` writes it to `endpoints.schema.json`.
"""

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.config.types import Slug
from protected_endpoints.errors import KeyPath

Schema = dict[str, Any]
# An endpoint without `models`, `variants` and `environments` requires one key of each.
_MODEL_KEYS, _HOSTING_KEYS = ("image", "model_package_name", "container"), ("instance_type", "serverless_config")


@cache
def file_schema() -> Schema:
    """Return the schema of the whole file, without descriptions of its keys. It is shared, so do not change it."""
    return generate_file_schema(TomlJsonSchema)


def generate_file_schema(generator: type[GenerateJsonSchema]) -> Schema:
    """Return the schema of the whole file.

    A key of a model and one of hosting are required unless the endpoint has `environments`, whose keys the loader
    merges with those of the endpoint, or `models`, `variants` or `inference_components`, which have their own.
    """
    models = [(model, "validation") for model in (Project, Environment, Endpoint)]
    _, generated = models_json_schema(models, schema_generator=generator)  # type: ignore[arg-type]  # reason: list is invariant
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
    definitions["EndpointOverride"] = {**override, "description": _OVERRIDE}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "endpoints.toml",
        "description": "Protected model serving endpoints on AWS SageMaker.",
        "type": "object",
        "additionalProperties": False,
        "required": ["project", "environments", "endpoints"],
        "properties": {
            "project": {"$ref": "#/$defs/Project"},
            "environments": _tables_by_name("Environment"),
            "endpoints": _tables_by_name("Endpoint"),
        },
        "$defs": definitions,
    }


def schema_at(schema: Schema, path: KeyPath) -> Schema:
    """Return the schema of the value at a path; an empty one where the schema does not know the path."""
    node = schema
    for key in path:
        node = deref(schema, _child(node, key))
    return node


def item_schema(array: Schema) -> Schema:
    """Return the schema of the items of a list."""
    return deref(file_schema(), array["items"])


def deref(schema: Schema, node: Schema) -> Schema:
    """Return a node merged with the definition that it refers to; the node's own keywords take precedence."""
    if "$ref" not in node:
        return node
    return {
        **schema["$defs"][node["$ref"].rsplit("/", 1)[1]],
        **{key: value for key, value in node.items() if key != "$ref"},
    }


def _child(node: Schema, key: str | int) -> Schema:
    if isinstance(key, int):
        return node.get("items") or {}
    return properties(node).get(key) or node.get("additionalProperties") or {}


def properties(node: Schema) -> dict[str, Schema]:
    """Return the keys of a table with their schemas."""
    tables = (node, *(deref(file_schema(), alternative) for alternative in node.get("anyOf", ())))
    return {key: value for table in tables for key, value in table.get("properties", {}).items()}


def string_alternative(node: Schema, value: object) -> Schema:
    """Return the schema of the string form where a value may be a string or a table, and is a string."""
    strings = [alternative for alternative in node.get("anyOf", ()) if alternative.get("type") == "string"]
    return strings[0] if strings and isinstance(value, str) else node


def _tables_by_name(definition: str) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": TypeAdapter(Slug).json_schema(),
        "additionalProperties": {"$ref": f"#/$defs/{definition}"},
    }


class TomlJsonSchema(GenerateJsonSchema):
    """Omit null, which TOML does not have, and titles that repeat a key. Write one allowed value as several are."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  reason: pydantic's signature
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        described = super().literal_schema(schema)
        return {"enum": [described.pop("const")], **described} if "const" in described else described

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        return {key: value for key, value in described.items() if key != "default" or value not in (None, (), [], {})}

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
    *({"required": [model, hosting]} for model in _MODEL_KEYS for hosting in _HOSTING_KEYS),
    *({"required": [table]} for table in ("environments", "models", "variants", "inference_components")),
]
_OVERRIDE = "Values for one environment that override those of the endpoint. Tables are merged, other values replaced."
_BY_ENVIRONMENT: Schema = {
    "only": {
        "description": "Environments in which the endpoint exists. Default: all environments.",
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "title": "environment name", "examples": ["prod"]},
    },
    "environments": {
        "description": _OVERRIDE,
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/EndpointOverride"},
    },
}
