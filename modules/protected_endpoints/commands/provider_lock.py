"""Start every stack from one version of the AWS provider, with its hashes: `.terraform.lock.hcl` of the repository.

Terraform reads a lock file from the folder where it runs. The folder of a stack can be deleted at any time, so each
synth copies the file there. Terraform then refuses a package with another hash, and takes no newer version until the
file names one; the comment in the file says how to renew it.
"""

import re
from pathlib import Path

from protected_endpoints.aws.provider_versions import satisfies
from protected_endpoints.errors import Problem

LOCK = Path(".terraform.lock.hcl")
_VERSION = re.compile(r'provider "registry\.terraform\.io/hashicorp/aws" \{\s*version\s*=\s*"(\d+\.\d+\.\d+)"')
# A hint to Terraform. cdktf 0.21 runs `terraform init -upgrade`, past the lock, where it does not match the constraint
# of the stack, and reads that constraint as its first version alone. So the copies have one that matches every stack.
_CONSTRAINTS = re.compile(r'^(\s*constraints\s*=\s*)".*"$', re.MULTILINE)
_ANY = r'\1">= 0.0.0"'


def place(outdir: Path, constraint: str) -> Problem | None:
    """Copy the file into the folder of each synthesized stack, unless there is one of the same version already.

    A version that the constraint does not admit is not copied, and the warning that is returned says so. A file in the
    folder that the constraint no longer admits is removed, because Terraform would refuse to go on with it.
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
    fix = "lock one that is admitted, as the comment in the file says; workflows plan no stack without a lock"
    if version is None:
        return Problem((LOCK.name,), "names no version of the AWS provider", fix, severity="warning")
    wrong = f"does not admit the AWS provider {version} of {LOCK}"
    return Problem(("project", "aws_provider_version"), wrong, fix, value=constraint, severity="warning")
