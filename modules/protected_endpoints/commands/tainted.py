"""Report tainted resources that Terraform cannot replace, with the commands that remove the taint.

A resource is tainted if an apply fails or stops after AWS created it and before Terraform has finished. Terraform plans
to replace it, which cannot succeed for a resource with a fixed name.

Examples:
  protected-endpoints tainted               # of every synthesized stack
  protected-endpoints tainted dev-kmeans

Exit code: 1 if there is such a resource.

"""

import sys
from collections.abc import Sequence

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.commands.synthesized_stack import STACKS, SynthesizedStack
from protected_endpoints.commands.terraform import terraform_program
from protected_endpoints.errors import CommandError


def run(arguments: Sequence[str]) -> int:
    """Print a message for each stack with such resources."""
    parser = CommandParser("tainted", __doc__)
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="a synthesized stack (default: all)")
    names = parser.parse_args(arguments).stacks or sorted(folder.name for folder in STACKS.glob("*"))
    messages = [message for name in names if (message := _message(name))]
    print("".join(f"{message}\n" for message in messages), end="", file=sys.stderr)
    return 1 if messages else 0


def _message(name: str) -> str:
    """Return the tainted resources of a stack with the commands, or nothing where there are none."""
    try:
        addresses = SynthesizedStack(name).tainted()
    except CommandError:  # there is no state to read, and the deployment that follows reports why
        return ""
    if not addresses:
        return ""
    commands = [f"{terraform_program()} -chdir={STACKS / name} untaint {address}" for address in addresses]
    return (
        f"{name}: {', '.join(addresses)} exists and is tainted, but Terraform cannot replace it; run: "
        f"{' && '.join(commands)} && make deploy STACK={name}"
    )
