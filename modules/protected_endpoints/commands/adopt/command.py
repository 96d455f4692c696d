"""Print a running endpoint as a table of endpoints.toml, to manage it with this project.

Reads with the credentials of the AWS command line and changes nothing. The output is a whole endpoints.toml, or the
tables that the present one lacks. Comments say what it does not express and what to do next.

Examples:
  protected-endpoints adopt --name fraud-v2 --region us-west-2 --project acme --environment prod > endpoints.toml
  protected-endpoints adopt --name fraud-v2 --region us-west-2 --environment prod >> endpoints.toml

Exit code: 1 if something of the endpoint is left out, or the tables need a correction.

"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from protected_endpoints.commands.adopt.adopted import Adopted
from protected_endpoints.commands.adopt.endpoint_table import endpoint_table
from protected_endpoints.commands.adopt.next_steps import next_steps
from protected_endpoints.commands.adopt.running_endpoint import AwsReader, RunningEndpoint
from protected_endpoints.commands.adopt.slug import slug
from protected_endpoints.commands.adopt.toml_tables import toml_tables
from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import CommandError, ConfigurationError, Problem, inline_toml
from protected_endpoints.loading.load import load
from protected_endpoints.loading.toml_file import read_toml


def run(arguments: Sequence[str]) -> int:
    """Print the tables of an endpoint; return 1 if they do not describe all of it."""
    parser = CommandParser("adopt", __doc__)
    parser.add_argument("--name", required=True, help="the name of the endpoint in AWS")
    parser.add_argument("--region", required=True, help="the region of the endpoint")
    parser.add_argument("--environment", required=True, help="the environment, a new one or one of the file")
    parser.add_argument("--project", help="the name of the project, where the file has none")
    parser.add_argument("--profile", help="the profile of the AWS command line")
    parser.add_file()
    options = parser.parse_args(arguments)
    # A shell creates the file of "> endpoints.toml" before this runs.
    present = read_toml(options.file) if options.file.is_file() and options.file.stat().st_size else {}
    text = options.file.read_text(encoding="utf-8") if present else ""
    if "project" not in present and not options.project:
        raise CommandError("project: required; add --project NAME")
    running = AwsReader(options.region, options.profile).running_endpoint(options.name)
    _refuse_conflicts(present, options.environment, running)
    adopted = endpoint_table(running)
    lines = [*_tables(present, options.environment, options.project, running, adopted)]
    deployments, mistakes = _load(text, lines, options.environment)
    if options.environment not in _table(present, "environments"):
        adopted.notes += _others(deployments, running)
    deployment = next((deployment for deployment in deployments if _is_of(deployment, running)), None)
    print("\n".join([*lines, "", *_comments(running, adopted, deployment, mistakes)]))
    return 1 if adopted.left_out or mistakes else 0


def _refuse_conflicts(present: dict[str, Any], environment: str, running: RunningEndpoint) -> None:
    table = _table(_table(present, "environments"), environment)
    path = ("environments", environment)
    for key, actual in (("account_id", running.account_id), ("region", running.region)):
        if table and table.get(key) != actual:
            raise CommandError(
                str(
                    Problem(
                        (*path, key), f"the endpoint is in {actual}", "name another environment", value=table.get(key)
                    )
                )
            )
    if table and _subnets(_environment(running)) != _subnets(table):
        raise CommandError(
            f"environments.{environment}.network: the models of {running.name} are in other subnets; name a new "
            "--environment"
        )
    if slug(running.name) in _table(present, "endpoints"):
        raise CommandError(f"endpoints.{slug(running.name)}: exists already; rename that table, or use another --file")


def _table(parent: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a table of a file; an empty one for a value of another kind, which the file is then wrong for."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _subnets(environment: dict[str, Any]) -> list[str]:
    subnets = _table(environment, "network").get("subnet_ids")
    return sorted(map(str, subnets)) if isinstance(subnets, list) else []


def _tables(
    present: dict[str, Any], environment: str, project: str | None, running: RunningEndpoint, adopted: Adopted
) -> Iterator[str]:
    if "project" not in present:
        yield from ("[project]", f"name = {inline_toml(project)}")
    if environment not in _table(present, "environments"):
        yield from toml_tables(("environments", environment), _environment(running))
    yield from toml_tables(("endpoints", slug(running.name)), {"only": [environment], **adopted.table})


def _environment(running: RunningEndpoint) -> dict[str, Any]:
    table: dict[str, Any] = {"account_id": running.account_id, "region": running.region}
    if running.subnets:
        subnets = sorted(subnet["SubnetId"] for subnet in running.subnets)
        network = {"vpc_id": running.subnets[0]["VpcId"], "subnet_ids": subnets, "private_endpoints": False}
        table["network"] = network
    return table


def _load(text: str, lines: list[str], environment: str) -> tuple[list[Deployment], list[str]]:
    """Return the deployments of an environment, or the errors that the file would have with these tables."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "endpoints.toml"
        file.write_text("\n".join([text, *lines]), encoding="utf-8")
        try:
            deployments = load(file).deployments
        except ConfigurationError as failure:
            return [], [str(problem) for problem in failure.problems]
    return [deployment for deployment in deployments if deployment.environment.name == environment], []


def _is_of(deployment: Deployment, running: RunningEndpoint) -> bool:
    """Return whether a deployment is that of the endpoint. Its name in AWS may be that of others in other accounts."""
    return deployment.endpoint.name == slug(running.name)


def _others(deployments: list[Deployment], running: RunningEndpoint) -> Iterator[str]:
    """Yield a note for each endpoint of the file that a new environment deploys too."""
    for deployment in deployments:
        if not _is_of(deployment, running):
            name, environment = deployment.endpoint.name, deployment.environment.name
            note = f"environment {environment} is new, and endpoints.{name} is deployed there too"
            yield f"{note}; to prevent it, set its only"


def _comments(
    running: RunningEndpoint, adopted: Adopted, deployment: Deployment | None, mistakes: list[str]
) -> Iterator[str]:
    yield from (f"# LEFT OUT, lost or unmanaged after the first deployment: {text}" for text in adopted.left_out)
    yield from (f"# CORRECT: {' '.join(text.split())}" for text in mistakes)
    yield from (f"# NOTE: {text}" for text in adopted.notes)
    if deployment:
        yield from (f"# {text}" for text in next_steps(running, deployment))
