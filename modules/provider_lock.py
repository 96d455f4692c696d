"""Start every stack from one version of the AWS provider, with its hashes: `.terraform.lock.hcl` of the repository.

Terraform reads the file from the folder where it runs, which `cdktf.out` is deleted and made anew with. It refuses a
provider of another hash, and takes no newer version until the file says so; the file itself says how it is renewed.
"""

import re
from pathlib import Path

from modules.problems import Problem
from modules.versions import satisfies

LOCK = Path(".terraform.lock.hcl")
_VERSION = re.compile(r'provider "registry\.terraform\.io/hashicorp/aws" \{\s*version\s*=\s*"(\d+\.\d+\.\d+)"')
# Terraform keeps it as a hint. cdktf takes one that says something else than the stack for a reason to upgrade, past
# what is locked, so the copies have one that agrees with every stack.
_CONSTRAINTS = re.compile(r'^(\s*constraints\s*=\s*)".*"$', re.MULTILINE)
_ANY = r'\1">= 0.0.0"'


def place(outdir: Path, constraint: str) -> Problem | None:
    """Put the file into the folder of each synthesized stack, in place of one with another version.

    A version that the constraint does not admit is put nowhere, which is a warning; what remains of such a version in
    the folders is removed, because Terraform would refuse it.
    """
    if not LOCK.is_file():
        return None
    text, version = _read(LOCK)
    admitted = version is not None and satisfies(version, constraint)
    for stack in outdir.glob("stacks/*/cdk.tf.json"):
        file = stack.parent / LOCK.name
        _, there = _read(file) if file.is_file() else ("", None)
        if admitted and there != version:
            file.write_text(_CONSTRAINTS.sub(_ANY, text), encoding="utf-8")
        elif there and not satisfies(there, constraint):
            file.unlink()
    return None if admitted else _not_admitted(version, constraint)


def _read(file: Path) -> tuple[str, str | None]:
    """Return what a lock file says, and which version of the AWS provider it names."""
    text = file.read_text(encoding="utf-8", errors="replace")
    found = _VERSION.search(text)
    return text, found and found[1]


def _not_admitted(version: str | None, constraint: str) -> Problem:
    named = f"version {version}" if version else "no version"
    return Problem(
        ("project", "aws_provider_version"),
        f"{LOCK} locks {named} of the AWS provider, so stacks are not locked and workflows do not plan them",
        "lock a version that is admitted, as the comment in the file says",
        got=constraint,
        severity="warning",
    )
