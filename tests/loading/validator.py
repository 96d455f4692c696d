"""Check files against the JSON Schema as editors do."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated

import jsonschema
from jsonschema.validators import extend
from pydantic import Field, TypeAdapter, ValidationError

from protected_endpoints.loading.described_schema import described_schema
from tests.loading.support import Table

SCHEMA = described_schema()


@cache
def _adapter(pattern: str) -> TypeAdapter[str]:
    return TypeAdapter(Annotated[str, Field(pattern=pattern)])


def _pattern(_: object, pattern: str, value: object, __: object) -> Iterator[jsonschema.ValidationError]:
    """Match as editors do, in whose expressions `\\p{L}` is a letter; Python's know no such thing."""
    try:
        if isinstance(value, str):
            _adapter(pattern).validate_python(value)
    except ValidationError:
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


Validator = extend(jsonschema.Draft7Validator, {"pattern": _pattern})


def findings(table: Table) -> list[str]:
    return sorted({error.json_path for error in Validator(SCHEMA).iter_errors(table)})
