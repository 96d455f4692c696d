"""Helpers of unit tests. They import neither cdktf nor Node."""

import copy
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading import load
from tests.examples import EXAMPLES

Table = dict[str, Any]

EXAMPLE = EXAMPLES["example"].read_text(encoding="utf-8")


def example() -> Table:
    """Return a copy of the example as a table that a test may change."""
    return copy.deepcopy(tomllib.loads(EXAMPLE))


def without_none(file: Table) -> Table:
    """Return a file without the keys whose value is None, which TOML does not have."""
    return {key: _without_none(value) for key, value in file.items() if value is not None}


def _without_none(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return without_none(value) if isinstance(value, dict) else value


def deployment(*, project: Table | None = None, in_environment: Table | None = None, **endpoint: Any) -> Deployment:
    """Return the deployment of the example with other keys of the project, the environment and the endpoint."""
    file = example()
    return Deployment(
        Project.model_validate(file["project"] | (project or {})),
        Environment.model_validate({"name": "dev"} | file["environments"]["dev"] | (in_environment or {})),
        Endpoint.model_validate({"name": "kmeans"} | file["endpoints"]["kmeans"] | endpoint),
    )


def load_parsed(table: Table) -> load.Configuration:
    """Return the configuration of a parsed file."""
    with patch.object(load, "read_toml", new=lambda _file: table):
        return load.load(Path("endpoints.toml"))


def messages_of(table: Table) -> list[str]:
    """Return the error messages of a parsed file; an empty list for a valid one."""
    try:
        load_parsed(table)
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems]
    return []


PROD = """
[environments.prod]
account_id = "444455556666"
region = "us-west-2"
"""
MINIMAL = """
[project]
name = "acme"
[environments.dev]
account_id = "111122223333"
region = "us-west-2"
[endpoints.kmeans]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
instance_type = "ml.m4.xlarge"
"""


def write_file(folder: Path, text: str) -> Path:
    """Write the text to `endpoints.toml` in a folder."""
    file = folder / "endpoints.toml"
    file.write_text(text, encoding="utf-8")
    return file


def load_text(folder: Path, text: str) -> load.Configuration:
    """Return the configuration of a text."""
    return load.load(write_file(folder, text))


def messages_of_file(file: Path) -> list[str]:
    """Return the error messages of an invalid file."""
    with pytest.raises(ConfigurationError) as raised:
        load.load(file)
    assert str(raised.value) == "\n".join(map(str, raised.value.problems))
    return [str(problem) for problem in raised.value.problems]


def error_messages(folder: Path, text: str) -> list[str]:
    """Return the error messages of an invalid text."""
    return messages_of_file(write_file(folder, text))
