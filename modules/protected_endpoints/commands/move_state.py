"""Move the local state of a stack to S3: `make move-state STACK=dev-kmeans`.

It pushes, because Terraform then refuses to put a state over a newer one or over another stack's. What was moved stays
beside the project under another name. If it is interrupted, it can be repeated.
"""

import sys
from pathlib import Path

from protected_endpoints.commands.command_line import command_line
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.errors import CommandError
from protected_endpoints.loading.load import Configuration


def move(stack: SynthesizedStack) -> None:
    """Put the local state of a stack where its configuration says, and keep it beside the project as `.moved`."""
    backend = stack.content["terraform"].get("backend", {})
    if "s3" not in backend:
        raise CommandError(
            f"{stack.name}: has no state in S3; add a table [environments.<name>.state] and run make synth"
        )
    if not stack.is_local:
        raise CommandError(f"{stack.name}: there is no state to move, because there is no {stack.local_state}")
    try:
        stack.init()
        stack.capture("state", "push", str(stack.local_state.resolve()))
    except CommandError as failure:
        raise CommandError(
            f"{failure}\n{stack.name}: was not moved, and its state is still in {stack.local_state}. Where access is "
            "denied: a bucket that is made lets in deployers of its environment alone, so move it as one of them. "
            "Where the bucket has another state of this stack, and that is the right one: rename the file"
        ) from None
    stack.local_state.rename(f"{stack.local_state}.moved")
    place = f"s3://{backend['s3']['bucket']}/{backend['s3']['key']}"
    print(f"{stack.name}: the state is in {place}; {stack.local_state}.moved is what it was", flush=True)


def left_behind(configuration: Configuration) -> list[str]:
    """Return the stacks with a state in S3 that have one beside the project as well: it would be made a second time."""
    endpoints = [each.names.stack for each in configuration.deployments if each.environment.state]
    networks = [each.names.network_stack for each in configuration.networks if each.environment.state]
    return [each for each in (*endpoints, *networks) if Path(f"terraform.{each}.tfstate").is_file()]


def main() -> None:
    """Move the states of the stacks that are named."""
    if not (stacks := sys.argv[1:]):
        sys.exit("usage: python -m protected_endpoints.commands.move_state STACK...")
    with command_line():
        for each in stacks:
            move(SynthesizedStack(each))


if __name__ == "__main__":
    main()
