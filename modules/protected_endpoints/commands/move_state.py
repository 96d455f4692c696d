"""Move local states to the S3 bucket of their environment. The local file is kept as terraform.STACK.tfstate.moved.

Terraform refuses to overwrite a newer state or the state of another stack. An interrupted move can be repeated.

Example:
  protected-endpoints move-state dev-kmeans

"""

from collections.abc import Sequence
from pathlib import Path

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.deployment import SharedDeployment
from protected_endpoints.errors import CommandError
from protected_endpoints.loading.load import Configuration


def run(arguments: Sequence[str]) -> None:
    """Move the states of the named stacks."""
    parser = CommandParser("move-state", __doc__)
    parser.add_argument("stacks", nargs="+", metavar="STACK", help="a synthesized stack, such as dev-kmeans")
    for name in parser.parse_args(arguments).stacks:
        move(SynthesizedStack(name))


def move(stack: SynthesizedStack) -> None:
    """Push the local state of a stack to its S3 backend, and rename the local file."""
    backend = stack.content["terraform"].get("backend", {})
    if "s3" not in backend:
        raise CommandError(
            f"{stack.name}: has no state in S3; add a table [environments.<name>.state], then run: make synth"
        )
    if not stack.is_local:
        raise CommandError(f"{stack.name}: has no local state to move; {stack.local_state} does not exist or is empty")
    try:
        stack.init()
        stack.capture("state", "push", str(stack.local_state.resolve()))
    except CommandError as failure:
        raise CommandError(
            f"{failure}\n{stack.name}: the state was not moved and is still in {stack.local_state}. If access is "
            "denied, use the role of a deployer of the environment, or of an administrator for the stack of the state: "
            "a managed state bucket allows no other. If the "
            f"bucket already contains the correct state of this stack, rename {stack.local_state}"
        ) from None
    stack.local_state.rename(f"{stack.local_state}.moved")
    location = f"s3://{backend['s3']['bucket']}/{backend['s3']['key']}"
    print(f"{stack.name}: the state was moved to {location}; a copy is in {stack.local_state}.moved", flush=True)


def stacks_with_local_state(configuration: Configuration) -> list[str]:
    """Return the stacks whose state belongs in S3 and that have a local state: a deploy would create them twice."""
    endpoints = [deployment.names.stack for deployment in configuration.deployments if deployment.environment.state]
    # Without the state stack, whose state `make bootstrap` moves.
    shared: tuple[SharedDeployment, ...] = (*configuration.networks, *configuration.operations)
    stacks = [stack.stack for stack in shared if stack.environment.state]
    return [name for name in (*endpoints, *stacks) if Path(f"terraform.{name}.tfstate").is_file()]
