"""Review a change as a pull request would be, without an AWS account: `make review`.

The example is deployed on an AWS emulator in a process of its own, endpoints.toml is changed in ways that matter, and
the plan of the real Terraform and the real AWS provider is reviewed by the program that comments on pull requests.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from protected_endpoints.commands.registry_mirror import process_environment
from protected_endpoints.commands.terraform import Terraform
from sandbox.demo_support import ACCOUNT, REGION, ShowingFailed, expect, prepare_account, say, show, signs_of_life
from sandbox.emulator import Emulator
from sandbox.workspace import ROOT, Workspace

_STACK = "dev-kmeans"
_BLOCKS = 2
_CHANGES = (
    (
        "The container may open connections",
        "[endpoints.kmeans]\n",
        '[endpoints.kmeans]\nrelax.network_isolation = "the container calls the feature store"\n',
    ),
    (
        "A twentieth of the requests is recorded instead of all",
        "initial_sampling_percentage = 100",
        "initial_sampling_percentage = 5",
    ),
    (
        "One more role may call",
        'role/checkout-api"]',
        'role/checkout-api", "arn:aws:iam::111122223333:role/stranger"]',
    ),
)


def main() -> None:
    """Run the demonstration; exit with 1 and keep its folder if it fails."""
    show(_demonstrate)


def _demonstrate(scratch: Path) -> None:
    started = time.monotonic()
    with Emulator(scratch / "aws", account_id=ACCOUNT, region=REGION) as aws:
        prepare_account(aws)
        workspace = Workspace(scratch / "project", {**process_environment(scratch), **aws.environment})
        with signs_of_life("Deploying the example (the bucket's lifecycle alone takes a minute)"):
            _synthesized(workspace).run("apply", "-auto-approve")
        print("\nChanging endpoints.toml:", flush=True)
        for what, old, new in _CHANGES:
            workspace.edit(old, new)
            say(what)
        plan = scratch / f"{_STACK}.json"
        with signs_of_life("Planning the change"):
            plan.write_text(json.dumps(_synthesized(workspace).plan()))
    _review(plan, scratch / "review.md")
    say(f"Nothing is left behind: no process, no state, no file. {time.monotonic() - started:.0f} seconds.")


def _synthesized(workspace: Workspace) -> Terraform:
    """Return Terraform in the stack as endpoints.toml has it now."""
    workspace.synth()
    terraform = workspace.stack(_STACK)
    terraform.init()
    return terraform


def _review(plan: Path, comment: Path) -> None:
    """Print the review of a plan and what its exit code means; the changes have to be blocked."""
    print(f"\nReviewing it: python -m protected_endpoints.review {plan.name} --output {comment.name}\n", flush=True)
    finished = subprocess.run(
        [sys.executable, "-m", "protected_endpoints.review", str(plan), "--output", str(comment)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not comment.exists():
        raise ShowingFailed(f"the review ended with {finished.returncode}: {finished.stdout}{finished.stderr}")
    print(comment.read_text(), flush=True)
    expect(finished.returncode == _BLOCKS, f"the review ended with {finished.returncode} and not {_BLOCKS}")
    say(f"It ended with {finished.returncode}: this pull request is not merged as it is.")


if __name__ == "__main__":
    main()
