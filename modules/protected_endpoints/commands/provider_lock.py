"""Pin the AWS provider of every stack to the version and hashes in the repository's `.terraform.lock.hcl`.

Terraform reads a lock file from its working folder. The folder of a stack can be deleted at any time, so each synth
copies the file there. Terraform then refuses a package with another hash, and uses no newer version until the file
contains one. The comment in the file describes how to update it.
"""

import re
from pathlib import Path

from protected_endpoints.aws.provider_versions import satisfies
from protected_endpoints.errors import Problem

LOCK = Path(".terraform.lock.hcl")
_REGISTRY = r"registry\.(?:terraform\.io|opentofu\.org)"
_VERSION = re.compile(rf'provider "{_REGISTRY}/hashicorp/aws" \{{\s*version\s*=\s*"(\d+\.\d+\.\d+)"')
# Informational for Terraform. cdktf 0.21 runs `terraform init -upgrade`, which ignores the lock, if this differs from
# the constraint of the stack, and reads only the first version of that constraint. The copies allow every version.
_CONSTRAINTS = re.compile(r'^(\s*constraints\s*=\s*)".*"$', re.MULTILINE)
_ANY = r'\1">= 0.0.0"'


def copy_to_stacks(outdir: Path, constraint: str) -> Problem | None:
    """Copy the lock file into the folder of each synthesized stack, unless it has one of the same version.

    A version that the constraint does not allow is not copied; the result is a warning then. A file in the folder that
    the constraint does not allow any more is deleted, because Terraform would stop at it.
    """
    if not LOCK.is_file():
        return None
    text, version = _read(LOCK)
    is_allowed = version is not None and satisfies(version, constraint)
    for stack in outdir.glob("stacks/*/cdk.tf.json"):
        file = stack.parent / LOCK.name
        _, present = _read(file) if file.is_file() else ("", None)
        if is_allowed and present != version:
            file.write_text(_CONSTRAINTS.sub(_ANY, text), encoding="utf-8")
        elif present and not satisfies(present, constraint):
            file.unlink()
    return None if is_allowed else _warning(version, constraint)


def _read(file: Path) -> tuple[str, str | None]:
    """Return the text of a lock file, and the version of the AWS provider in it."""
    text = file.read_text(encoding="utf-8", errors="replace")
    match = _VERSION.search(text)
    return text, match and match[1]


def _warning(version: str | None, constraint: str) -> Problem:
    suggestion = "lock an allowed version as the comment in the file describes; workflows plan no stack without a lock"
    if version is None:
        return Problem((LOCK.name,), "contains no version of the AWS provider", suggestion, severity="warning")
    message = f"does not allow AWS provider {version} of {LOCK}"
    return Problem(("project", "aws_provider_version"), message, suggestion, value=constraint, severity="warning")
