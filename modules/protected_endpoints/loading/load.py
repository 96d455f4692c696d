"""Read `endpoints.toml`: every deployment that it describes, or every mistake in it at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from protected_endpoints import rules
from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.deployment import Deployment, NetworkDeployment, StateDeployment, by_environment
from protected_endpoints.errors import ConfigurationError, KeyPath, Problem, format_path
from protected_endpoints.loading.candidates import Judged, broken_rules, mended
from protected_endpoints.loading.messages import MOST, meant, missing, problems_of, too_many, unknown_key, wrong_value
from protected_endpoints.loading.overrides import emptied
from protected_endpoints.loading.source_paths import Table, at_home, in_order
from protected_endpoints.loading.toml_file import parsed

Model = TypeVar("Model", bound=BaseModel)

_TOP_LEVEL = ("project", "environments", "endpoints")
_SCOPE = ("only", "environments")


@dataclass(frozen=True)
class Configuration:
    """Define what a file describes, in its order: one stack each, and what is allowed but perhaps not meant."""

    deployments: tuple[Deployment, ...]
    networks: tuple[NetworkDeployment, ...]
    states: tuple[StateDeployment, ...]
    warnings: tuple[Problem, ...]


def load(file: FilePath) -> Configuration:
    """Return what a file describes.

    Raises `ConfigurationError` with every problem, sorted by its place in the file.
    """
    raw = parsed(file)
    problems = list(_top_level_problems(raw, file.name))
    project = _judged(Project, raw.get("project"), ("project",), problems if "project" in raw else [])
    environments = {
        name: _judged(Environment, table, ("environments", name), problems)
        for name, table in _tables(raw, "environments")
    }
    deployments: list[Deployment] = []
    written: dict[tuple[str, str], tuple[Table, Table]] = {}
    warnings: list[Problem] = []
    for name, table in _tables(raw, "endpoints"):
        problems += _scope_problems(table, ("endpoints", name), environments)
        for in_environment, environment in _scope(table, environments).items():
            override = _override(table, in_environment)
            merged = _merged(table, override)
            found: list[Problem] = []
            endpoint = _judged(Endpoint, merged, ("endpoints", name), found)
            deployment, judged = _deployment(project, environment, endpoint)
            errors = [*found, *(problem for problem in judged if problem.severity == "error")]
            problems += [at_home(problem, merged, override, in_environment) for problem in errors]
            if deployment and not errors:
                deployments.append(deployment)
                written[in_environment, name] = merged, override
                warnings += [at_home(problem, merged, override, in_environment) for problem in judged]
    problems += _collisions(deployments)
    networks = _networks(deployments, problems)
    states = _states(deployments, problems)
    for problem in rules.cross_endpoint_findings(deployments):
        merged, override = written[problem.environment, str(problem.path[1])]
        home = at_home(problem, merged, override, problem.environment)
        (problems if problem.severity == "error" else warnings).append(home)
    if problems:
        raise ConfigurationError(in_order(problems, raw))
    return Configuration(tuple(deployments), networks, states, tuple(in_order(warnings, raw)))


def _top_level_problems(raw: Table, file: str) -> Iterator[Problem]:
    unknown = [key for key in raw if key not in _TOP_LEVEL]
    yield from too_many((file,), len(unknown) - MOST)
    del unknown[MOST:]
    for key in unknown:
        yield unknown_key((key,), raw[key], _TOP_LEVEL)
    misspelt = {meant(key, _TOP_LEVEL) for key in unknown}
    for key in _TOP_LEVEL:
        if key not in raw or (raw[key] == {} and key != "project"):
            if key not in misspelt:
                yield missing((key,))
        elif not isinstance(raw[key], dict):
            yield wrong_value((key,), raw[key])


def _tables(raw: Table, key: str) -> Iterator[tuple[str, Any]]:
    tables = raw.get(key)
    return iter(tables.items()) if isinstance(tables, dict) else iter(())


def _judged(model: type[Model], table: Any, path: KeyPath, problems: list[Problem]) -> Judged[Model]:
    """Return the table at a path as the rules can judge it, named by its own key where tables are named."""
    name = {"name": path[1]} if len(path) > 1 else {}
    whole = isinstance(table, dict)
    if not whole:
        problems.append(wrong_value(path, table))
    elif name and "name" in table:
        problems.append(unknown_key((*path, "name"), table["name"], ()))
    named = {**(table if whole else {}), **name}
    try:
        return Judged(path, (model.model_validate(named),))
    except ValidationError as error:
        problems += problems_of(error, named, path) if whole else ()
        return mended(model, named, error, path)


def _deployment(
    project: Judged[Project], environment: Judged[Environment], endpoint: Judged[Endpoint]
) -> tuple[Deployment | None, list[Problem]]:
    """Return the deployment of three valid tables, and what the rules find in them."""
    if not (project.right and environment.right and endpoint.right):
        return None, broken_rules(project, environment, endpoint)
    deployment = Deployment(project.right, environment.right, endpoint.right)
    return deployment, rules.findings(deployment)


def _scope_problems(table: Any, path: KeyPath, environments: Iterable[str]) -> Iterator[Problem]:
    """Yield what is wrong with the two keys that say where an endpoint exists and how it differs there."""
    if not isinstance(table, dict):
        yield wrong_value(path, table)
        return
    environments = [*environments]
    only, overrides = table.get("only", environments), table.get("environments", {})
    if "only" in table and (not isinstance(only, list) or not only):
        yield wrong_value((*path, "only"), only)
    for index, name in enumerate(only if isinstance(only, list) else ()):
        if name not in environments:
            yield _no_such_environment((*path, "only", index), name, environments)
    if not isinstance(overrides, dict):
        yield wrong_value((*path, "environments"), overrides)
        return
    for name, override in overrides.items():
        if name not in environments:
            yield _no_such_environment((*path, "environments", name), name, environments)
        elif not isinstance(override, dict):
            yield wrong_value((*path, "environments", name), override)
        else:
            yield from (
                unknown_key((*path, "environments", name, key), override[key], ()) for key in _SCOPE if key in override
            )
            yield from emptied((*path, "environments", name), _override(table, name), table)


def _no_such_environment(path: KeyPath, name: object, environments: Iterable[str]) -> Problem:
    names = ", ".join(format_path((each,)) for each in environments)
    fix = f"name one of {names}" if names else "add a table [environments.<name>]"
    return Problem(path, "there is no such environment", fix, value=name)


def _scope(table: Any, environments: dict[str, Judged[Environment]]) -> dict[str, Judged[Environment]]:
    """Return the environments in which an endpoint exists.

    Where none can be told, these are the ones that it has overrides for, or one without a name, so that what is
    wrong with the endpoint itself is found all the same.
    """
    if not isinstance(table, dict):
        return {}
    only, overrides = table.get("only"), table.get("environments")
    exists = {
        name: environment for name, environment in environments.items() if not isinstance(only, list) or name in only
    }
    unknown = overrides if isinstance(overrides, dict) and overrides else [""]
    return exists or {name: _judged(Environment, None, ("environments", ""), []) for name in unknown}


def _override(table: Table, environment: str) -> Table:
    overrides = table.get("environments")
    override = overrides.get(environment) if isinstance(overrides, dict) else None
    return {k: v for k, v in override.items() if k not in _SCOPE} if isinstance(override, dict) else {}


def _merged(table: Table, override: Table) -> Table:
    """Return an endpoint's table as one environment sees it: tables are merged key by key, all else is replaced."""
    base = {key: value for key, value in table.items() if key not in _SCOPE}
    return _merge(base, override)


def _merge(base: Table, override: Table) -> Table:
    merged = dict(base)
    for key, value in override.items():
        both = isinstance(base.get(key), dict) and isinstance(value, dict)
        merged[key] = _merge(base[key], value) if both else value
    return merged


def _collisions(deployments: Iterable[Deployment]) -> Iterator[Problem]:
    """Yield the endpoints whose names, joined by hyphens, are those of another endpoint or of what is shared."""
    deployments = list(deployments)
    counted = Counter(each.names.stack for each in deployments)
    counted.update({shared for each in deployments for shared in (each.names.network_stack, each.names.state_stack)})
    for each in deployments:
        if counted[each.names.stack] > 1:
            yield Problem(
                each.path(),
                f"another environment and endpoint are joined to the same name in environment {each.environment.name}",
                "rename one of them",
                value=each.names.stack,
            )


def _networks(deployments: Iterable[Deployment], problems: list[Problem]) -> tuple[NetworkDeployment, ...]:
    """Return the private endpoints of each environment that wants some."""
    made = []
    for members in by_environment(deployments).values():
        project, environment = members[0].project, members[0].environment
        if not (environment.network and environment.network.private_endpoints):
            continue
        network = NetworkDeployment(project, environment, environment.network, members)
        problems += rules.findings(network)
        made.append(network)
    return tuple(made)


def _states(deployments: Iterable[Deployment], problems: list[Problem]) -> tuple[StateDeployment, ...]:
    """Return the bucket of the state and the roles of workflows of each environment that wants some."""
    made = []
    for members in by_environment(deployments).values():
        project, environment = members[0].project, members[0].environment
        if not environment.has_state_stack:
            continue
        state = StateDeployment(project, environment, members)
        problems += rules.findings(state)
        made.append(state)
    problems += rules.state_findings(made)
    return tuple(made)
