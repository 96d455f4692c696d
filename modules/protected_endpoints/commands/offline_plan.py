"""Plan synthesized stacks against an empty state, without an AWS account. Needs Terraform.

Examples:
  protected-endpoints offline-plan               # every stack
  protected-endpoints offline-plan dev-kmeans

"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.commands.offline_configuration import clear_aws_settings, offline_override, offline_stack
from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.registry_mirror import mirrored_version, process_environment
from protected_endpoints.commands.synthesized_stack import find_stack, synthesized_stacks
from protected_endpoints.commands.terraform import Terraform


def run(arguments: Sequence[str]) -> None:
    """Print a plan for each stack."""
    parser = CommandParser("offline-plan", __doc__)
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="a synthesized stack (default: all)")
    names = parser.parse_args(arguments).stacks
    folders = [find_stack(name) for name in names] or [*synthesized_stacks().values()]
    clear_aws_settings()
    print("Offline plan against an empty state: resources that exist in AWS are not considered.", flush=True)
    if version := mirrored_version():
        print(f"AWS provider {version} of the registry mirror on this machine.", flush=True)
    for folder in folders:
        _plan(folder)


def _plan(stack: Path) -> None:
    print(f"\n{stack.name}: planning", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "cdk.tf.json").write_text(offline_stack((stack / "cdk.tf.json").read_text()))
        (folder / "offline_override.tf.json").write_text(offline_override())
        if not mirrored_version() and (lock := stack / LOCK).is_file():
            shutil.copy(lock, folder)
        terraform = Terraform(folder, process_environment(folder))
        terraform.init()
        print(terraform.run("plan", "-input=false").stdout)
