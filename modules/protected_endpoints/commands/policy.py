"""Print a policy of those who deploy, plan or keep a key: `make deployer-policy ENVIRONMENT=prod`.

`deployer` and `planner` take an environment and print policy documents by the names that they are to get: one, or as
many as it takes to keep each as short as IAM demands, and then the role needs all of them. `key` takes the id of a
stack and prints a list of statements for the policy of a key that Terraform does not own, or such lists by the ARNs of
the keys where the endpoint names others than `kms.key_arn`.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from protected_endpoints.deployment import by_environment
from protected_endpoints.errors import ConfigurationError, Problem
from protected_endpoints.loading.load import Configuration, load
from protected_endpoints.policies import Document, Statement, kms_key
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.policies.packing import named_policies

Found = TypeVar("Found")


def _deployer(configuration: Configuration, environment: str) -> dict[str, Document]:
    scope = _scope(configuration, environment)
    return named_policies(scope.names.deployer, deployer_statements(scope))


def _planner(configuration: Configuration, environment: str) -> dict[str, Document]:
    scope = _scope(configuration, environment)
    return named_policies(scope.names.planner, planner_statements(scope))


def _key(configuration: Configuration, stack: str) -> list[Statement] | dict[str, list[Statement]]:
    """Return what the policy of the endpoint's key needs where it is an existing one, or of each that is named."""
    deployments = {each.names.stack: each for each in configuration.deployments}
    deployment = _one("stack", stack, deployments)
    by_key = kms_key.existing_key_statements(deployment.names, deployment)
    if len(by_key) == 1:
        return by_key[deployment.endpoint.kms.key_arn]
    return {arn: statements for arn, statements in by_key.items() if arn}


def _scope(configuration: Configuration, environment: str) -> EnvironmentScope:
    return EnvironmentScope(_one("environment", environment, by_environment(configuration.deployments)))


def _one(kind: str, name: str, known: Mapping[str, Found]) -> Found:
    if name not in known:
        raise ConfigurationError(
            [Problem((kind,), "has no endpoint in endpoints.toml", f"name one of {', '.join(known)}", value=name)]
        )
    return known[name]


_PRINTED: dict[str, Callable[[Configuration, str], Any]] = {"deployer": _deployer, "planner": _planner, "key": _key}


def main() -> None:
    """Print what is asked for, or every mistake of the file and of the question, and exit code 1."""
    match sys.argv[1:]:
        case [what, name] if what in _PRINTED:
            try:
                print(json.dumps(_PRINTED[what](load(Path("endpoints.toml")), name), indent=2))
            except ConfigurationError as error:
                sys.exit(str(error))
        case _:
            sys.exit(f"usage: python -m protected_endpoints.commands.policy {'|'.join(_PRINTED)} NAME")


if __name__ == "__main__":
    main()
