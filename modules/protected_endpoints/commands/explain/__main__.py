"""Explain one endpoint: `make explain ENDPOINT=dev-kmeans`, with `--markdown` for a page."""

import argparse
import shutil
import sys
from pathlib import Path

from protected_endpoints import rules
from protected_endpoints.commands.explain.pages import Table, as_markdown, for_terminal
from protected_endpoints.commands.explain.protections import protections
from protected_endpoints.commands.explain.resources import made
from protected_endpoints.commands.explain.serving import serving
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import ConfigurationError, Problem, format_path
from protected_endpoints.loading.load import Configuration, load

_ON = {True: "on", False: "off"}


def main() -> None:
    """Print what an endpoint is, or every mistake of the file and of the question, and exit code 1."""
    parser = argparse.ArgumentParser(
        prog="python -m protected_endpoints.commands.explain", description="Explain one endpoint."
    )
    parser.add_argument("stack", help="environment and endpoint, such as dev-kmeans")
    parser.add_argument("--markdown", action="store_true", help="write Markdown instead of columns")
    arguments = parser.parse_args()
    try:
        configuration = load(Path("endpoints.toml"))
        deployment = _named(configuration, arguments.stack)
    except ConfigurationError as error:
        sys.exit(str(error))
    tables = [
        Table("How it serves", [*serving(deployment)]),
        Table("Protections", [(_ON[each.is_on], each.name, each.why) for each in protections(deployment)]),
        Table("Warnings", _warnings(configuration, deployment) or [("none", "no rule has anything to say")]),
        Table("What is made", made(deployment)),
    ]
    title = f"Endpoint {deployment.names.stack}"
    if arguments.markdown:
        print(as_markdown(title, tables))
    else:
        print(for_terminal(title, tables, shutil.get_terminal_size((100, 24)).columns))


def _named(configuration: Configuration, stack: str) -> Deployment:
    known = {each.names.stack: each for each in configuration.deployments}
    if stack not in known:
        fix = f"name one of {', '.join(known)}"
        raise ConfigurationError([Problem(("endpoint",), "not in endpoints.toml", fix, value=stack)])
    return known[stack]


def _warnings(configuration: Configuration, deployment: Deployment) -> list[tuple[str, str]]:
    """Return what rules say of the endpoint alone and beside the others; what is relaxed stands above already."""
    beside = [
        problem
        for problem in rules.cross_endpoint_findings(configuration.deployments)
        if (problem.environment, problem.path[1]) == (deployment.environment.name, deployment.endpoint.name)
    ]
    found = [each for each in (*rules.findings(deployment), *beside) if "relax" not in each.path]
    return [
        (format_path(each.path[2:]), f"{each.message}{each.value_suffix}; {each.suggestion}{each.rule_suffix}")
        for each in found
    ]


if __name__ == "__main__":
    main()
