"""The rules about more than one value of a configuration, one function for each.

A rule is a function that yields a `Problem` for each violation, with its key path in endpoints.toml, and that a
decorator of `registry` registers by its ID. Its docstring begins with what AWS or Terraform requires and names the
source; `(rule N)` is the number in docs/limits.md. All files of this folder are imported here, so a new rule needs one
function only.
"""

import pkgutil
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

from protected_endpoints.deployment import (
    AuditDeployment,
    Deployment,
    EnvironmentDeployment,
    NetworkDeployment,
    OperationsDeployment,
    StateDeployment,
)
from protected_endpoints.errors import ConfigurationError, Problem
from protected_endpoints.rules import registry

for _file in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_file.name}")


def check(deployment: Deployment | EnvironmentDeployment) -> None:
    """Raise `ConfigurationError` if the input of a stack breaks a rule, with all of its errors.

    Warnings are ignored, unless the project is strict. Raises `TypeError` for another input.
    """
    if isinstance(deployment, Deployment):
        problems = errors(deployment)
    else:
        problems = [problem for problem in findings(deployment) if problem.severity == "error"]
    if problems:
        raise ConfigurationError(problems)


def findings(deployment: Deployment | EnvironmentDeployment) -> list[Problem]:
    """Return all errors and warnings about the input of a stack; raises `TypeError` for another input.

    The severity of a warning that the endpoint accepts is `acknowledged`, also in a strict project.
    """
    strict = deployment.project.strict
    match deployment:
        case Deployment():
            problems = registry.endpoint_rule.findings(deployment, strict=strict)
            return [_with_acknowledgement(problem, deployment) for problem in problems]
        case NetworkDeployment():
            return registry.network_rule.findings(deployment, strict=strict)
        case OperationsDeployment():
            return registry.operations_rule.findings(deployment, strict=strict)
        case StateDeployment():
            return registry.state_rule.findings(deployment, strict=strict)
        case AuditDeployment():
            return registry.audit_rule.findings(deployment, strict=strict)
    raise TypeError(f"no rules for {type(deployment).__name__}")


def errors(deployment: Deployment) -> list[Problem]:
    """Return the errors among `findings` of an endpoint. Rules that report warnings only are not run."""
    problems = registry.endpoint_rule.errors(deployment, strict=deployment.project.strict)
    judged = (_with_acknowledgement(problem, deployment) for problem in problems)
    return [problem for problem in judged if problem.severity == "error"]


def cross_endpoint_findings(deployments: Sequence[Deployment]) -> list[Problem]:
    """Return all errors and warnings about the endpoints of a file together, with severities as in `findings`."""
    strict = any(deployment.project.strict for deployment in deployments)
    by_name = {(deployment.environment.name, deployment.endpoint.name): deployment for deployment in deployments}
    return [
        _with_acknowledgement(problem, by_name[problem.environment, str(problem.path[1])])
        for problem in registry.cross_endpoint_rule.findings(deployments, strict=strict)
    ]


def cross_environment_findings(deployments: Sequence[Deployment]) -> list[Problem]:
    """Return all errors about the environments of a file together."""
    return registry.cross_environment_rule.findings(deployments)


def cross_state_findings(states: Sequence[StateDeployment]) -> list[Problem]:
    """Return all errors about the state stacks of a file together."""
    return registry.cross_state_rule.findings(states)


def _with_acknowledgement(problem: Problem, deployment: Deployment) -> Problem:
    rule = registry.find_rule(problem.rule) if problem.rule in deployment.endpoint.acknowledge else None
    return replace(problem, severity="acknowledged") if rule and rule.can_be_acknowledged else problem
