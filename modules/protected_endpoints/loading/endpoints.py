"""Each endpoint in each of its environments: its deployment and its problems."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from protected_endpoints import rules
from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem, format_path
from protected_endpoints.loading.candidates import Candidate, rule_errors_independent_of_examples
from protected_endpoints.loading.messages import MAX_ERRORS
from protected_endpoints.loading.overrides import environment_names, merge_override, override_of
from protected_endpoints.loading.set_values import SetValue
from protected_endpoints.loading.source_paths import Table, with_source_path
from protected_endpoints.loading.tables import validate_table

_UNUSED = "cross-endpoint-acknowledgement-unused"


@dataclass(frozen=True)
class EndpointResult:
    """An endpoint in one environment, with the table that follows from its override.

    `deployment` is None if the endpoint has errors. `is_checked` is whether rules were asked about it.
    """

    environment: str
    name: str
    merged: Table
    override: Table
    deployment: Deployment | None
    problems: tuple[Problem, ...]
    is_checked: bool

    def located(self, problem: Problem) -> Problem:
        """Return a problem of the merged table with the path at which its value is written."""
        return with_source_path(problem, self.merged, self.override, self.environment)


def endpoint_results(
    tables: Mapping[str, Any],
    project: Candidate[Project],
    environments: Mapping[str, Candidate[Environment]],
    set_values: Sequence[SetValue],
) -> list[EndpointResult]:
    """Return every endpoint in each of its environments.

    After 200 endpoints with errors, rules are not asked about the other values of an endpoint with invalid ones, so
    that the errors of a generated file are printed as fast as those of a small one.
    """
    results: list[EndpointResult] = []
    with_errors = 0
    for name, table in tables.items():
        check_invalid = with_errors < MAX_ERRORS
        of_endpoint = [*_results(name, table, project, environments, set_values, check_invalid=check_invalid)]
        with_errors += any(result.deployment is None for result in of_endpoint)
        results += of_endpoint
    return results


def unchecked_problems(results: Sequence[EndpointResult]) -> Iterator[Problem]:
    """Yield the problem that stands for errors of rules about endpoints that rules were not asked about, if any."""
    if count := len({result.name for result in results if not result.is_checked}):
        message = f"rules are not checked for {count} endpoints with invalid values"
        yield Problem(("endpoints",), message, "correct the listed errors first", rule="too-many-errors")


def _results(
    name: str,
    table: Any,
    project: Candidate[Project],
    environments: Mapping[str, Candidate[Environment]],
    set_values: Sequence[SetValue],
    *,
    check_invalid: bool,
) -> Iterator[EndpointResult]:
    """Yield an endpoint in each of its environments; those that override no key share one model."""
    path = ("endpoints", name)

    @cache
    def without_override() -> tuple[Candidate[Endpoint], list[Problem]]:
        return validate_table(Endpoint, merge_override(table, {}), path)

    for environment in environment_names(table, environments):
        override = override_of(table, environment)
        merged = merge_override(table, override)
        endpoint, of_table = validate_table(Endpoint, merged, path) if override else without_override()
        candidate = environments.get(environment) or validate_table(Environment, None, ("environments", ""))[0]
        set_keys = sorted(
            format_path(value.path) for value in set_values if value.is_effective(name, environment, override)
        )
        deployment = _deployment(project, candidate, endpoint, tuple(set_keys))
        problems = [*of_table]
        if deployment:
            problems += rules.findings(deployment)
        elif check_invalid:
            problems += rule_errors_independent_of_examples(project, candidate, endpoint)
        has_errors = any(problem.severity == "error" for problem in problems)
        located = tuple(with_source_path(problem, merged, override, environment) for problem in problems)
        judged, is_checked = None if has_errors else deployment, deployment is not None or check_invalid
        yield EndpointResult(environment, name, merged, override, judged, located, is_checked)


def cross_endpoint_problems(results: Sequence[EndpointResult]) -> Iterator[Problem]:
    """Yield the problems of endpoints that conflict with each other, each at the endpoint that it names."""
    by_name = {(result.environment, result.name): result for result in results}
    deployments = [result.deployment for result in results if result.deployment]
    is_complete = len(deployments) == len(results)
    for problem in rules.cross_endpoint_findings(deployments):
        if problem.rule == _UNUSED and not is_complete:
            continue  # the warning may be about an endpoint that has errors
        yield by_name[problem.environment, str(problem.path[1])].located(problem)


def _deployment(
    project: Candidate[Project],
    environment: Candidate[Environment],
    endpoint: Candidate[Endpoint],
    set_keys: tuple[str, ...],
) -> Deployment | None:
    if not (project.valid and environment.valid and endpoint.valid):
        return None
    return Deployment(project.valid, environment.valid, endpoint.valid, set_keys)
