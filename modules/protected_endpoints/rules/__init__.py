"""The rules that need more than one value: one function a rule, registered by its id.

A rule yields a `Problem` for each place that breaks it, with the path from the top of the file. Its docstring says
what AWS or Terraform would do, and who says so (`rule N` counts as in docs/rules.md). Every file of this folder is
imported here, so that a new rule is one function.
"""

import pkgutil
from collections.abc import Sequence
from importlib import import_module

from protected_endpoints.deployment import Deployment, EnvironmentDeployment, NetworkDeployment, StateDeployment
from protected_endpoints.errors import ConfigurationError, Problem
from protected_endpoints.rules import registry

for _file in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_file.name}")


def check(deployment: Deployment | EnvironmentDeployment) -> None:
    """Raise `ConfigurationError` with every error in the input of a stack."""
    errors = [problem for problem in findings(deployment) if problem.severity == "error"]
    if errors:
        raise ConfigurationError(errors)


def findings(deployment: Deployment | EnvironmentDeployment) -> list[Problem]:
    """Return every error and every warning about the input of a stack."""
    strict = deployment.project.strict
    match deployment:
        case Deployment():
            return registry.endpoint_rule.findings(deployment, strict=strict)
        case NetworkDeployment():
            return registry.network_rule.findings(deployment, strict=strict)
        case StateDeployment():
            return registry.state_rule.findings(deployment, strict=strict)
    raise TypeError(f"no rules for {type(deployment).__name__}")


def cross_endpoint_findings(deployments: Sequence[Deployment]) -> list[Problem]:
    """Return every error and warning about the endpoints of a file beside each other."""
    strict = any(each.project.strict for each in deployments)
    return registry.cross_endpoint_rule.findings(deployments, strict=strict)


def state_findings(states: Sequence[StateDeployment]) -> list[Problem]:
    """Return every error about the state stacks of all environments beside each other."""
    return registry.states_rule.findings(states)
