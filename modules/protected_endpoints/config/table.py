"""What all tables of `endpoints.toml` have in common."""

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class ConfigTable(BaseModel):
    """Define a table whose keys are all known, of exactly the types that are said, and never change."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", use_attribute_docstrings=True)


def strict_int(value: object) -> object:
    """Refuse what Python takes for 1: pydantic compares a Literal even in strict mode."""
    if type(value) is not int:
        raise PydanticCustomError("int_type", "not a whole number")
    return value
