"""The warnings about an endpoint, and those that it accepts with a reason."""

from collections.abc import Iterator

from protected_endpoints import rules
from protected_endpoints.commands.explain.pages import Table
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem, format_path, to_toml
from protected_endpoints.loading.load import Configuration


def warning_tables(configuration: Configuration, deployment: Deployment) -> Iterator[Table]:
    """Yield a table of warnings, and one of acknowledged warnings if there are any.

    Relaxations are not listed: their protections are listed as off.
    """
    problems = [problem for problem in _problems(configuration, deployment) if "relax" not in problem.path]
    warnings = [_row(problem, problem.suggestion) for problem in problems if problem.severity == "warning"]
    yield Table("Warnings", warnings or [("none", "no rule reports a warning")])
    reasons = deployment.endpoint.acknowledge
    acknowledged = [
        _row(problem, f"acknowledged: {to_toml(reasons[problem.rule])}")
        for problem in problems
        if problem.severity == "acknowledged"
    ]
    if acknowledged:
        yield Table("Acknowledged warnings", acknowledged)


def _problems(configuration: Configuration, deployment: Deployment) -> list[Problem]:
    cross_endpoint = [
        problem
        for problem in rules.cross_endpoint_findings(configuration.deployments)
        if (problem.environment, problem.path[1]) == (deployment.environment.name, deployment.endpoint.name)
    ]
    return [*rules.findings(deployment), *cross_endpoint]


def _row(problem: Problem, end: str) -> tuple[str, str]:
    return format_path(problem.path[2:]), f"{problem.message}{problem.value_suffix}; {end}{problem.rule_suffix}"
