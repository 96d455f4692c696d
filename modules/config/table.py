"""What all tables of `endpoints.toml` have in common."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """Define a table whose keys are all known, of exactly the types that are said, and never change."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", use_attribute_docstrings=True)
