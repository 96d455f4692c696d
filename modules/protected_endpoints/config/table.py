"""The base of all tables of `endpoints.toml`."""

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class ConfigTable(BaseModel):
    """An immutable table with known keys only, whose values are never converted to another type."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


def strict_int(value: object) -> object:
    """Raise a validation error for `True` and `1.0`, which pydantic accepts for a `Literal[1]` even in strict mode."""
    if type(value) is not int:
        raise PydanticCustomError("int_type", "must be an integer")
    return value
