"""Create what an administrator decides for an environment: state bucket, permissions boundary, GitHub Actions roles.

The bucket cannot hold the state of its own stack before it exists, so that state starts as a local file and is moved
to the bucket at the end. A bootstrap that was interrupted continues when it runs again; a complete one is updated.
Arguments after ENVIRONMENT go to `terraform apply`.

Examples:
  protected-endpoints bootstrap prod
  protected-endpoints bootstrap prod -auto-approve

"""

import argparse
import json
import shutil
from collections.abc import Sequence

from protected_endpoints.commands.command_line import FILE, CommandParser, find_by_name
from protected_endpoints.commands.configuration import load_configuration
from protected_endpoints.commands.move_state import move
from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.deployment import StateDeployment
from protected_endpoints.errors import CommandError

# What Terraform prints about a state bucket that does not exist.
NO_BUCKET = ("NoSuchBucket", "does not exist")


def run(arguments: Sequence[str]) -> None:
    """Bootstrap an environment."""
    parser = CommandParser("bootstrap", __doc__)
    parser.add_argument("environment", metavar="ENVIRONMENT", help="an environment of endpoints.toml, such as prod")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="arguments of terraform apply")
    options = parser.parse_args(arguments)
    bootstrap(_find_state(options.environment), options.arguments)


def bootstrap(state: StateDeployment, arguments: list[str]) -> None:
    """Apply the stack, with its state in the bucket at the end."""
    stack = SynthesizedStack(state.names.state_stack)
    if not stack.is_local and _state_bucket_exists(stack, state):
        stack.untaint()
        stack.run("apply", *arguments)
        print(f"{stack.name}: applied; its state is in the bucket", flush=True)
        return
    print(f"{stack.name}: the bucket does not exist yet; the state starts in {stack.local_state}", flush=True)
    _apply_locally(stack, arguments)
    move(stack)


def _find_state(environment: str) -> StateDeployment:
    states = {state.environment.name: state for state in load_configuration(FILE).states}
    return find_by_name(
        "environment",
        environment,
        states,
        message="has nothing to bootstrap",
        alternative=f"set create_bucket = true in [environments.{environment}.state]",
    )


def _state_bucket_exists(stack: SynthesizedStack, state: StateDeployment) -> bool:
    """Return whether the bucket exists; raises `CommandError` for one that should be managed but is in no state."""
    try:
        stack.init()
    except CommandError as failure:
        if any(text in str(failure) for text in NO_BUCKET):
            return False
        raise
    settings = state.environment.state
    if settings and settings.create_bucket and not stack.recorded():
        raise CommandError(
            f"environments.{state.environment.name}.state: bucket {settings.bucket} exists, but is not in the state of "
            f"{stack.name}; if an interrupted bootstrap created it, run: make recover STACK={stack.name}; otherwise "
            "use another bucket name, or remove create_bucket to use it as an existing bucket"
        )
    return True


def _apply_locally(stack: SynthesizedStack, arguments: list[str]) -> None:
    """Apply a copy of the stack with a local backend.

    The copy is in a folder of its own: an override file that an interruption leaves beside the stack would keep the
    state out of the bucket forever. The folder is not deleted, because it may contain a state that Terraform could not
    save.
    """
    content = stack.content
    content["terraform"]["backend"] = {"local": {"path": str(stack.local_state.resolve())}}
    folder = stack.folder / "local"
    folder.mkdir(exist_ok=True)
    (folder / "cdk.tf.json").write_text(json.dumps(content, indent=2))
    if (lock := stack.folder / LOCK).is_file():
        shutil.copy(lock, folder)
    stack.run("init", "-reconfigure", "-input=false", folder=folder)
    stack.untaint(folder=folder)
    stack.run("apply", *arguments, folder=folder)
