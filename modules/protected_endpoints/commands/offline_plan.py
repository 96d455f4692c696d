"""Plan every synthesized stack with no AWS account: `make plan OFFLINE=1`."""

import shutil
import sys
import tempfile
from pathlib import Path

from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.terraform import (
    Terraform,
    TerraformFailed,
    environment,
    forget_aws,
    offline_override,
    offline_stack,
    provider_at_hand,
)


def main() -> None:
    """Print a plan against an empty state for each stack, or for the ones that are named."""
    forget_aws()
    stacks = sorted(Path("cdktf.out/stacks").iterdir())
    wanted = sys.argv[1:] or [stack.name for stack in stacks]
    if unknown := set(wanted) - {stack.name for stack in stacks}:
        sys.exit(f"there is no stack {', '.join(sorted(unknown))}; the stacks are {', '.join(s.name for s in stacks)}")
    print("Offline: against an empty state, without AWS, so nothing is said about what exists there.", flush=True)
    if version := provider_at_hand():
        print(f"With the AWS provider {version} of the registry mirror on this machine.", flush=True)
    for stack in stacks:
        if stack.name in wanted:
            _plan(stack)


def _plan(stack: Path) -> None:
    print(f"\n{stack.name}: planning", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "cdk.tf.json").write_text(offline_stack((stack / "cdk.tf.json").read_text()))
        (folder / "offline_override.tf.json").write_text(offline_override())
        if not provider_at_hand() and (lock := stack / LOCK).is_file():
            shutil.copy(lock, folder)
        terraform = Terraform(folder, environment(folder))
        try:
            terraform.init()
            print(terraform.run("plan", "-input=false").stdout)
        except TerraformFailed as failure:
            sys.exit(str(failure))


if __name__ == "__main__":
    main()
