"""Describe an endpoint: how it serves and is operated, its protections, warnings and resources. Needs Node.js.

Examples:
  protected-endpoints explain dev-kmeans
  protected-endpoints explain dev-kmeans --markdown > dev-kmeans.md

"""

import shutil
from collections.abc import Sequence

from protected_endpoints.commands.command_line import CommandParser, find_by_name
from protected_endpoints.commands.configuration import load_configuration
from protected_endpoints.commands.explain.alarms import alarms
from protected_endpoints.commands.explain.operations import operations
from protected_endpoints.commands.explain.pages import Table, as_markdown, for_terminal
from protected_endpoints.commands.explain.permissions import permissions
from protected_endpoints.commands.explain.protections import protections
from protected_endpoints.commands.explain.resources import list_resources
from protected_endpoints.commands.explain.serving import serving
from protected_endpoints.commands.explain.warnings import warning_tables
from protected_endpoints.errors import format_path

_ON = {True: "on", False: "off"}


def run(arguments: Sequence[str]) -> None:
    """Print the description of an endpoint."""
    parser = CommandParser("explain", __doc__)
    parser.add_argument("endpoint", metavar="ENDPOINT", help="environment and endpoint, such as dev-kmeans")
    parser.add_argument("--markdown", action="store_true", help="print Markdown instead of columns")
    parser.add_file()
    parser.add_set()
    options = parser.parse_args(arguments)
    configuration = load_configuration(options.file, options.set)
    deployments = {deployment.names.stack: deployment for deployment in configuration.deployments}
    deployment = find_by_name("endpoint", options.endpoint, deployments)
    set_values = [
        (format_path(value.path[2:]), value.shown_value)
        for value in configuration.set_values
        if format_path(value.path) in deployment.set_keys
    ]
    tables = [
        *([Table("Set outside of endpoints.toml", set_values)] if set_values else []),
        Table("Serving", [*serving(deployment)]),
        Table("Protections", [(_ON[item.is_on], item.name, item.detail) for item in protections(deployment)]),
        *([Table("Permissions of the container", rows)] if (rows := [*permissions(deployment)]) else []),
        Table("Operations", [*operations(deployment)]),
        *([Table("Alarms", rows)] if (rows := [*alarms(deployment)]) else []),
        *warning_tables(configuration, deployment),
        Table("Resources", list_resources(deployment)),
    ]
    title = f"Endpoint {deployment.names.stack}"
    if options.markdown:
        print(as_markdown(title, tables))
    else:
        print(for_terminal(title, tables, shutil.get_terminal_size((100, 24)).columns))
