"""Explain one endpoint: `python -m modules.explain dev-kmeans`, with `--markdown` for a page instead of a terminal."""

import argparse
import shutil
import sys
from pathlib import Path

from modules import rules
from modules.config import Deployment
from modules.explain.made import made
from modules.explain.pages import Table, as_markdown, for_terminal
from modules.explain.protections import protections
from modules.explain.serving import serving
from modules.load import Configuration, load
from modules.problems import ConfigurationError, Problem, shown_path

_ON = {True: "on", False: "off"}


def main() -> None:
    """Print what an endpoint is, or every mistake of the file and of the question, and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m modules.explain", description="Explain one endpoint.")
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
        raise ConfigurationError([Problem(("endpoint",), "not in endpoints.toml", fix, got=stack)])
    return known[stack]


def _warnings(configuration: Configuration, deployment: Deployment) -> list[tuple[str, str]]:
    """Return what rules say of the endpoint alone and beside the others; what is relaxed stands above already."""
    beside = [problem for of, problem in rules.fleet_warnings(configuration.deployments) if of == deployment]
    found = [each for each in (*deployment.warnings, *beside) if "relax" not in each.path]
    return [(shown_path(each.path[2:]), f"{each.wrong}{each.shown_got}; {each.fix}") for each in found]


if __name__ == "__main__":
    main()
