"""The stacks of all examples, and helpers that return the statements of their policies."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.loading.load import load
from tests.examples import EXAMPLES
from tests.support import Json, policy, resources, write_stacks

CONFIGURATIONS = {name: load(file) for name, file in EXAMPLES.items()}

for_every_endpoint = pytest.mark.parametrize(
    ("name", "deployment"),
    [
        pytest.param(name, deployment, id=f"{name}-{deployment.names.stack}")
        for name, configuration in CONFIGURATIONS.items()
        for deployment in configuration.deployments
    ],
)
for_every_network = pytest.mark.parametrize(
    ("name", "deployment"),
    [
        pytest.param(name, network, id=f"{name}-{network.names.network_stack}")
        for name, configuration in CONFIGURATIONS.items()
        for network in configuration.networks
    ],
)


def stacks_of_examples(folder: Path) -> dict[str, dict[str, Json]]:
    """Return the Terraform JSON of every stack by its name, by the name of the example."""
    return {
        name: {
            stack: json.loads((directory / "cdk.tf.json").read_text())
            for stack, directory in write_stacks(file, folder / name).items()
        }
        for name, file in EXAMPLES.items()
    }


def statements(document: str) -> list[Json]:
    """Return the statements of a policy document."""
    return [*policy(document).values()]


def all_statements(stack: Json) -> list[Json]:
    """Return the statements of all policy documents of a stack: of roles, keys and buckets."""
    documents = [
        resource["policy"]
        for by_name in stack["resource"].values()
        for resource in by_name.values()
        if "policy" in resource
    ]
    return [statement for document in documents for statement in statements(document)]


def execution_role_statements(stack: Json) -> list[Json]:
    """Return the statements of the inline policies of the execution role."""
    return [
        statement for inline in resources(stack, "aws_iam_role_policy") for statement in statements(inline["policy"])
    ]


def namespaces(statement: Json) -> list[str]:
    """Return the CloudWatch namespaces that a statement is limited to."""
    return as_list(statement["Condition"]["StringEquals"]["cloudwatch:namespace"])


def as_list(value: Any) -> list[str]:
    """Return a list, where IAM also accepts a single string."""
    return [value] if isinstance(value, str) else value


def matches_any(patterns: Any, actions: tuple[str, ...]) -> bool:
    """Return whether the actions of a statement, which can contain wildcards, include one of these."""
    expressions = [re.escape(pattern).replace(r"\*", ".*") for pattern in as_list(patterns)]
    return any(re.fullmatch(expression, action, re.IGNORECASE) for expression in expressions for action in actions)
