"""The JSON Schema with a description of each key, for `endpoints.schema.json` and the reference.

The descriptions are the docstrings below the attributes of the models, which are read from their source. pydantic could
add them (`use_attribute_docstrings`), but would parse the source whenever the models are imported.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.loading.schema import Schema, TomlJsonSchema, generate_file_schema


def described_schema() -> Schema:
    """Return the schema of the whole file with a description of each key."""
    return generate_file_schema(_DescribedJsonSchema)


class _DescribedJsonSchema(TomlJsonSchema):
    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        docstrings = attribute_docstrings(schema["cls"])
        for name, key in described.get("properties", {}).items():
            if name in docstrings:
                key["description"] = docstrings[name]
        return described


def attribute_docstrings(table: type) -> dict[str, str]:
    """Return the docstring of each attribute of a class and its bases."""
    tables = [class_ for class_ in reversed(table.mro()) if issubclass(class_, ConfigTable)]
    return {
        name: text
        for class_ in tables
        for name, text in _docstrings_of_module(class_.__module__)[class_.__name__].items()
    }


@cache
def _docstrings_of_module(module: str) -> dict[str, dict[str, str]]:
    """Return the docstrings of the attributes of each class of a module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {class_.name: dict(_attributes(class_)) for class_ in tree.body if isinstance(class_, ast.ClassDef)}


def _attributes(class_: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for attribute, text in pairwise(class_.body):
        match attribute, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(docstring))):
                yield name, inspect.cleandoc(docstring)
