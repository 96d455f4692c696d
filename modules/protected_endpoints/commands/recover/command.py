"""Import resources that an interrupted run left in AWS and out of the state of a stack.

Works on a copy of the state, shows what it found, and replaces the state with the copy after a confirmation. No AWS
resource is changed. Before the confirmation, an interruption changes nothing.

Examples:
  protected-endpoints recover dev-kmeans
  protected-endpoints recover dev-kmeans --auto-approve

"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.commands.recover.account import AwsAccount
from protected_endpoints.commands.recover.declared import DeclaredStack
from protected_endpoints.commands.recover.findings import Findings, find
from protected_endpoints.commands.recover.state_copy import Copy, State
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.errors import CommandError


def run(arguments: Sequence[str]) -> None:
    """Recover a stack."""
    parser = CommandParser("recover", __doc__)
    parser.add_argument("stack", metavar="STACK", help="a synthesized stack, such as dev-kmeans")
    parser.add_argument("--auto-approve", "-auto-approve", action="store_true", help="update the state without asking")
    options = parser.parse_args(arguments)
    recover(options.stack, is_approved=options.auto_approve)


def recover(name: str, *, is_approved: bool) -> None:
    """Show what is missing in the state, update the state after a confirmation, and plan."""
    stack = SynthesizedStack(name)
    declared = DeclaredStack(stack.content)
    state = State(stack)
    print(f"{name}: looking for resources that exist but are not in the state", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Copy(stack, Path(scratch))
        copy.begin(state.pull())
        findings = find(copy, declared, AwsAccount(declared.account_id, declared.region))
        print(_report(name, findings), flush=True)
        if findings.changes_the_state:
            if not (is_approved or _is_confirmed()):
                raise CommandError(f"{name}: not confirmed; nothing was changed")
            state.push(copy.state)
        (copy if state.is_local else stack).run("plan", "-input=false")
    print(_next_step(name, declared, findings), flush=True)


def _report(name: str, findings: Findings) -> str:
    """Return one line for each finding."""
    lines = [f"untaint  {address}: exists, and Terraform cannot replace it" for address in findings.untainted]
    lines += [f"import   {address} <- {id_}" for address, id_ in findings.imported.items()]
    lines += [f"unknown  {text}" for text in findings.unknown]
    for orphan in findings.orphans:
        lines += [f"orphan   {orphan.description}", f"         is not changed; after checking it: {orphan.command}"]
    if not findings.changes_the_state:
        lines.append(f"{name}: nothing to recover; the state contains every resource that was found")
    return "\n".join(lines)


def _is_confirmed() -> bool:
    print('This updates the state and nothing in AWS. Update the state? Only "yes" is accepted: ', end="", flush=True)
    return sys.stdin.readline().strip() == "yes"


def _next_step(name: str, stack: DeclaredStack, findings: Findings) -> str:
    is_state_stack = name == stack.names.state_stack and "endpoint" not in stack.tags
    command = f"make bootstrap ENVIRONMENT={stack.names.environment}" if is_state_stack else f"make deploy STACK={name}"
    orphans = " Orphaned resources remain until you delete them." if findings.orphans else ""
    return f"{name}: if the plan above is correct, run: {command}.{orphans}"
