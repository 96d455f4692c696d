"""Bring the state of a stack up to what exists: `make recover STACK=...`.

It works on a copy of the state, shows what it found, and puts the copy in the place of the state after a yes.
Interrupted before that, nothing was changed.
"""

import sys
import tempfile
from pathlib import Path

from protected_endpoints.commands.command_line import command_line
from protected_endpoints.commands.recover.account import AwsAccount
from protected_endpoints.commands.recover.declared import DeclaredStack
from protected_endpoints.commands.recover.findings import Findings, find
from protected_endpoints.commands.recover.state_copy import Copy, State
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.errors import CommandError

_AGREED = ("--auto-approve", "-auto-approve")
_USAGE = "usage: python -m protected_endpoints.commands.recover STACK [--auto-approve]"


def recover(name: str, *, agreed: bool) -> None:
    """Show what a killed run left, put it into the state after a yes, and plan."""
    stack = SynthesizedStack(name)
    declared = DeclaredStack(stack.content)
    state = State(stack)
    print(f"{name}: looking for what exists and is not in the state", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Copy(stack, Path(scratch))
        copy.begin(state.pull())
        findings = find(copy, declared, AwsAccount(declared.account_id, declared.region))
        print(_report(name, findings), flush=True)
        if findings.changes_the_state:
            if not (agreed or _agrees()):
                raise CommandError(f"{name}: not agreed to, so nothing was changed")
            state.push(copy.state)
        (copy if state.is_beside else stack).run("plan", "-input=false")
    print(_next(name, declared, findings), flush=True)


def _report(name: str, findings: Findings) -> str:
    """Return one line for each finding."""
    lines = [f"untaint  {address}: exists, and Terraform could not replace it" for address in findings.untainted]
    lines += [f"import   {address} <- {id_}" for address, id_ in findings.imported.items()]
    lines += [f"unknown  {text}" for text in findings.unknown]
    for orphan in findings.orphans:
        lines += [f"orphan   {orphan.what}", f"         left as it is; after a look: {orphan.command}"]
    if not findings.changes_the_state:
        lines.append(f"{name}: there is nothing to recover; the state has all that was found")
    return "\n".join(lines)


def _agrees() -> bool:
    print("Only the state is changed, nothing in AWS. Put this into the state? Only yes is a yes: ", end="", flush=True)
    return sys.stdin.readline().strip() == "yes"


def _next(name: str, stack: DeclaredStack, findings: Findings) -> str:
    bootstraps = name == stack.names.state_stack and "endpoint" not in stack.tags
    command = f"make bootstrap ENVIRONMENT={stack.names.environment}" if bootstraps else f"make deploy STACK={name}"
    orphans = " What is orphaned stays until somebody removes it." if findings.orphans else ""
    return f"{name}: if the plan above is right, go on with {command}.{orphans}"


if __name__ == "__main__":
    match sys.argv[1:]:
        case [name, *options] if set(options) <= set(_AGREED):
            with command_line():
                recover(name, agreed=bool(options))
        case _:
            sys.exit(_USAGE)
