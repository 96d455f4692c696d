"""Make what has to be there before the endpoints of an environment: `make bootstrap ENVIRONMENT=prod`.

The bucket of the state cannot hold the state of its own making, so this begins beside the project and is moved when
there is a bucket. Each step looks at what is there: interrupted, it goes on when it is run again, and once all is done
it is an apply as any.
"""

import json
import shutil
import sys
from pathlib import Path

from protected_endpoints.commands.command_line import command_line
from protected_endpoints.commands.move_state import move
from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.deployment import StateDeployment
from protected_endpoints.errors import CommandError, ConfigurationError, Problem
from protected_endpoints.loading.load import load

NO_BUCKET = ("NoSuchBucket", "does not exist")


def bootstrap(state: StateDeployment, arguments: list[str]) -> None:
    """Apply the stack, with its state in the bucket in the end."""
    stack = SynthesizedStack(state.names.state_stack)
    if not stack.is_local and _is_in_bucket(stack, state):
        stack.untaint()
        stack.run("apply", *arguments)
        print(f"{stack.name}: done, and its state is in the bucket", flush=True)
        return
    print(f"{stack.name}: there is no bucket yet, so the state begins in {stack.local_state}", flush=True)
    _apply_locally(stack, arguments)
    move(stack)


def _is_in_bucket(stack: SynthesizedStack, state: StateDeployment) -> bool:
    try:
        stack.init()
    except CommandError as failure:
        if any(each in str(failure) for each in NO_BUCKET):
            return False
        raise
    settings = state.environment.state
    if settings and settings.create_bucket and not stack.recorded():
        raise CommandError(
            f"environments.{state.environment.name}.state: there is a bucket {settings.bucket} already, and no state "
            f"in it that has it; where a bootstrap was killed that made it: make recover STACK={stack.name}; where it "
            "is another's: choose another name, or leave create_bucket out to use it as it is"
        )
    return True


def _apply_locally(stack: SynthesizedStack, arguments: list[str]) -> None:
    """Apply a copy that keeps its state beside the project.

    In a folder of its own: an override beside the stack that is left there by an interruption would keep the state out
    of the bucket for ever. It stays, because a state that Terraform could not save is in it.
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


def _asked_for(environment: str) -> StateDeployment:
    configuration = load(Path("endpoints.toml"))
    found = {each.environment.name: each for each in configuration.states}
    if environment not in found:
        named = f"name one of {', '.join(found)}, or " if found else ""
        fix = f"{named}write create_bucket = true in [environments.{environment}.state]"
        raise ConfigurationError([Problem(("environment",), "has nothing to bootstrap", fix, value=environment)])
    return found[environment]


def main() -> None:
    """Bootstrap an environment, or say what is missing."""
    match sys.argv[1:]:
        case [environment, *arguments]:
            with command_line():
                bootstrap(_asked_for(environment), arguments)
        case _:
            sys.exit(
                "usage: python -m protected_endpoints.commands.bootstrap ENVIRONMENT [ARGUMENTS OF TERRAFORM APPLY]"
            )


if __name__ == "__main__":
    main()
