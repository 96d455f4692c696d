"""Run a program with the Terraform registry mirror that your Terraform CLI configuration names, if it names one.

`cdktf` locks providers with a command that ignores the mirrors of the CLI configuration. This sets
TF_CLI_ARGS_providers_lock, so that it uses the mirror as well. `cdktf` also kills Terraform when it ends, and applies
updates that SageMaker refuses: it runs TERRAFORM_BINARY_NAME (default: terraform) through a script that prevents both.
The program replaces this process.

Example:
  protected-endpoints with-mirror cdktf diff dev-kmeans

"""

import argparse
import os
from collections.abc import Sequence

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.commands.registry_mirror import (
    providers_lock_variables,
    registry_mirror,
    user_cli_configuration,
)
from protected_endpoints.commands.terraform import variables_for_cdktf
from protected_endpoints.errors import CommandError


def run(arguments: Sequence[str]) -> None:
    """Replace this process with the program; raises `CommandError` where it cannot be started."""
    parser = CommandParser("with-mirror", __doc__)
    parser.add_argument("program", help="the program, such as cdktf")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    options = parser.parse_args(arguments)
    mirror = registry_mirror() if user_cli_configuration() else None
    variables = providers_lock_variables(mirror) if mirror else {}
    environment = {**os.environ, **variables, **variables_for_cdktf()}
    try:
        os.execvpe(options.program, [options.program, *options.arguments], environment)
    except OSError as error:
        raise CommandError(f"{options.program}: cannot be started ({error.strerror}); check PATH") from None
