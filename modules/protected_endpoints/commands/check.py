"""Report every error and warning of endpoints.toml. Needs neither Node.js nor AWS credentials.

Examples:
  protected-endpoints check
  protected-endpoints check --file examples/serverless.toml
  protected-endpoints check --set endpoints.kmeans.initial_instance_count=2

Exit code: 0 if the file is valid, also with warnings; 1 with every error otherwise.

"""

from collections.abc import Sequence

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.commands.configuration import load_configuration
from protected_endpoints.commands.print_warnings import print_warnings


def run(arguments: Sequence[str]) -> None:
    """Check the configuration."""
    parser = CommandParser("check", __doc__)
    parser.add_file()
    parser.add_set()
    options = parser.parse_args(arguments)
    configuration = load_configuration(options.file, options.set)
    print_warnings(configuration)
    environments = {deployment.environment.name for deployment in configuration.deployments}
    endpoints = _counted(len(configuration.deployments), "endpoint")
    print(f"valid: {endpoints} in {_counted(len(environments), 'environment')}")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
