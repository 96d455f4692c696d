"""Review a change of endpoints.toml like a pull request, without an AWS account: `make review`.

The demonstration deploys the example to an AWS emulator, changes endpoints.toml, plans the change with the real
Terraform and AWS provider, and runs the review that comments on pull requests.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from protected_endpoints.commands.registry_mirror import process_environment
from protected_endpoints.commands.terraform import Terraform
from sandbox.demo_support import ACCOUNT, REGION, DemoFailed, expect, prepare_account, progress, run_demo, say
from sandbox.emulator import Emulator
from sandbox.workspace import ROOT, Workspace

_STACK = "dev-kmeans"
_BLOCKED = 2  # exit code of the review
_CHANGES = (
    (
        "Relax network isolation: the container can open connections",
        "[endpoints.kmeans]\n",
        '[endpoints.kmeans]\nrelax.network_isolation = "the container calls the feature store"\n',
    ),
    (
        "Capture 5 % of the requests instead of all",
        "initial_sampling_percentage = 100",
        "initial_sampling_percentage = 5",
    ),
    (
        "Add an invoker",
        'role/checkout-api"]',
        'role/checkout-api", "arn:aws:iam::111122223333:role/stranger"]',
    ),
)


def main() -> None:
    """Run the demonstration. If it fails, exit with 1 and keep its folder."""
    run_demo(_demonstrate)


def _demonstrate(scratch: Path) -> None:
    started = time.monotonic()
    with Emulator(scratch / "aws", account_id=ACCOUNT, region=REGION) as aws:
        prepare_account(aws)
        workspace = Workspace(scratch / "project", {**process_environment(scratch), **aws.environment})
        with progress("Deploying the example (the lifecycle configuration of the bucket takes a minute)"):
            _synthesize(workspace).run("apply", "-auto-approve")
        print("\nChanging endpoints.toml:", flush=True)
        for change, old, new in _CHANGES:
            workspace.edit(old, new)
            say(change)
        plan = scratch / f"{_STACK}.json"
        with progress("Planning the change"):
            plan.write_text(json.dumps(_synthesize(workspace).plan()))
    _review(plan, scratch / "review.md")
    say(f"The demo leaves no process, state or file behind. It took {time.monotonic() - started:.0f} seconds.")


def _synthesize(workspace: Workspace) -> Terraform:
    """Synthesize endpoints.toml and return an initialized Terraform runner for the stack."""
    workspace.synth()
    terraform = workspace.stack(_STACK)
    terraform.init()
    return terraform


def _review(plan: Path, comment: Path) -> None:
    """Run the review of a plan and print its comment. The review has to block the changes."""
    print(
        f"\nReviewing the plan: python -m protected_endpoints.review {plan.name} --output {comment.name}\n", flush=True
    )
    finished = subprocess.run(
        [sys.executable, "-m", "protected_endpoints.review", str(plan), "--output", str(comment)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not comment.exists():
        raise DemoFailed(f"the review ended with exit code {finished.returncode}: {finished.stdout}{finished.stderr}")
    print(comment.read_text(), flush=True)
    expect(
        finished.returncode == _BLOCKED, f"the review ended with exit code {finished.returncode}, expected {_BLOCKED}"
    )
    say(f"The review ended with exit code {finished.returncode}: the pull request is blocked.")


if __name__ == "__main__":
    main()
