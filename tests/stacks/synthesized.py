"""Every stack of every example, and its policies statement by statement."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.loading.load import load
from tests.examples import EXAMPLES
from tests.support import Json, policy, resources, write_stacks

_LOADED = {name: load(file) for name, file in EXAMPLES.items()}

each_endpoint = pytest.mark.parametrize(
    ("name", "deployment"),
    [
        pytest.param(name, each, id=f"{name}-{each.names.stack}")
        for name, configuration in _LOADED.items()
        for each in configuration.deployments
    ],
)
each_network = pytest.mark.parametrize(
    ("name", "deployment"),
    [
        pytest.param(name, each, id=f"{name}-{each.names.network_stack}")
        for name, configuration in _LOADED.items()
        for each in configuration.networks
    ],
)


def written(folder: Path) -> dict[tuple[str, str], Json]:
    """Return the Terraform JSON of every stack, by example and stack."""
    return {
        (name, stack): json.loads((directory / "cdk.tf.json").read_text())
        for name, file in EXAMPLES.items()
        for stack, directory in write_stacks(file, folder / name).items()
    }


def listed(document: str) -> list[Json]:
    return [*policy(document).values()]


def statements_of(stack: Json) -> list[Json]:
    """Return the statements of every document of a stack, those of roles, keys and buckets alike."""
    documents = [each["policy"] for type_ in stack["resource"].values() for each in type_.values() if "policy" in each]
    return [statement for document in documents for statement in listed(document)]


def of_execution_role(stack: Json) -> list[Json]:
    return [each for one in resources(stack, "aws_iam_role_policy") for each in listed(one["policy"])]


def namespaces(statement: Json) -> list[str]:
    return as_list(statement["Condition"]["StringEquals"]["cloudwatch:namespace"])


def as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def matches_any(patterns: Any, actions: tuple[str, ...]) -> bool:
    """Return whether a statement's actions, with their wildcards, contain one of these."""
    expressions = [re.escape(each).replace(r"\*", ".*") for each in as_list(patterns)]
    return any(re.fullmatch(each, action, re.IGNORECASE) for each in expressions for action in actions)
