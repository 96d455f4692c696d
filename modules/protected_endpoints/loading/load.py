"""Load `endpoints.toml` and check it: return every deployment, or report every error at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from protected_endpoints import rules
from protected_endpoints.config import Environment, Project
from protected_endpoints.deployment import (
    AuditDeployment,
    Deployment,
    NetworkDeployment,
    OperationsDeployment,
    SharedDeployment,
    StateDeployment,
)
from protected_endpoints.errors import ConfigurationError, Problem
from protected_endpoints.loading.endpoints import (
    EndpointResult,
    cross_endpoint_problems,
    endpoint_results,
    unchecked_problems,
)
from protected_endpoints.loading.overrides import scope_problems
from protected_endpoints.loading.set_values import SetValue, ineffective, set_in, with_option
from protected_endpoints.loading.shared_stacks import (
    audit_deployments,
    audits_without_endpoints,
    network_deployments,
    operations_deployments,
    stack_name_conflicts,
    state_deployments,
)
from protected_endpoints.loading.source_paths import sorted_by_position
from protected_endpoints.loading.tables import section_problems, tables_of, validate_table
from protected_endpoints.loading.toml_file import read_toml


@dataclass(frozen=True)
class Configuration:
    """The input of every stack, in the order of the file, and the warnings of rules."""

    deployments: tuple[Deployment, ...]
    """One for each endpoint in each of its environments."""
    networks: tuple[NetworkDeployment, ...]
    """One for each environment with private endpoints."""
    states: tuple[StateDeployment, ...]
    """One for each environment with a managed state bucket or roles for GitHub Actions."""
    warnings: tuple[Problem, ...]
    acknowledged: tuple[Problem, ...] = ()
    """The warnings that endpoints accept, each with a reason in `acknowledge`."""
    audits: tuple[AuditDeployment, ...] = ()
    """One for each environment with a trail."""
    operations: tuple[OperationsDeployment, ...] = ()
    """One for each environment with a managed topic of alarms or a dashboard."""
    set_values: tuple[SetValue, ...] = ()
    """The values that are not in the file, with those that they replace."""

    @property
    def shared(self) -> tuple[SharedDeployment, ...]:
        """Return the inputs of all stacks that the endpoints of an environment share."""
        return (*self.states, *self.networks, *self.operations, *self.audits)


def load(file: Path, set_values: Sequence[SetValue] = ()) -> Configuration:
    """Return the configuration of an `endpoints.toml`, with values that replace those of the file.

    Raises `ConfigurationError` if the file cannot be read or has errors, with all of them in the order of the file.
    """
    raw = read_toml(file)
    values, added = set_in(raw, set_values)
    problems = [*section_problems(raw, file.name)]
    project, project_problems = validate_table(Project, raw.get("project"), ("project",))
    problems += project_problems if "project" in raw else ()
    environments = {}
    for name, table in tables_of(raw, "environments").items():
        environments[name], environment_problems = validate_table(Environment, table, ("environments", name))
        problems += environment_problems
    endpoints = tables_of(raw, "endpoints")
    for name, table in endpoints.items():
        problems += scope_problems(table, ("endpoints", name), environments)
    results = endpoint_results(endpoints, project, environments, values)

    deployments = tuple(result.deployment for result in results if result.deployment)
    networks, states = network_deployments(deployments), state_deployments(deployments)
    audits = audit_deployments(deployments)
    operations = operations_deployments(deployments)
    shared: tuple[SharedDeployment, ...] = (*networks, *operations, *states, *audits)
    problems += unchecked_problems(results)
    problems += [problem for result in results for problem in result.problems]
    problems += stack_name_conflicts(deployments, shared)
    if all(result.deployment for result in results):
        valid = [environment for candidate in environments.values() if (environment := candidate.valid)]
        problems += audits_without_endpoints(valid, deployments)
    problems += [problem for deployment in shared for problem in rules.findings(deployment)]
    problems += rules.cross_environment_findings(deployments)
    problems += rules.cross_state_findings(states)
    problems += cross_endpoint_problems(results)

    problems = [with_option(problem, added) for problem in problems]
    if not any(problem.severity == "error" for problem in problems):
        problems += [ineffective(value) for value in values if not _is_effective(value, results)]

    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ConfigurationError(sorted_by_position(errors, raw))
    # Endpoints of an environment share a warning about it, which is acknowledged only where all of them accept it.
    warnings = sorted_by_position((problem for problem in problems if problem.severity == "warning"), raw)
    acknowledged = sorted_by_position((problem for problem in problems if problem.severity == "acknowledged"), raw)
    return Configuration(
        deployments,
        networks,
        states,
        tuple(warnings),
        tuple(acknowledged),
        audits=audits,
        operations=operations,
        set_values=tuple(values),
    )


def _is_effective(value: SetValue, results: Iterable[EndpointResult]) -> bool:
    return any(value.is_effective(result.name, result.environment, result.override) for result in results)
