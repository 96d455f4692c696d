"""A copy of the project that a test can change and run `make` in."""

import os
import shutil
from pathlib import Path

from tests.examples import ROOT

# "*.pyc.*": a file that another process compiles, until it has its name.
_NOT_COPIED = (".git", ".venv*", "node_modules", "cdktf.out", ".*_cache", ".hypothesis", "*.pyc.*", "*.tfstate*")


def checkout(folder: Path, endpoints: str, *, tests: bool = False) -> Path:
    """Return a copy of the project with this content of `endpoints.toml` and links to the installed packages.

    The tests are most of its files. The compiled files are copied, because every copy would compile the package again.
    """
    copy = folder / "checkout"
    not_copied = _NOT_COPIED if tests else (*_NOT_COPIED, "tests")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*not_copied))
    for installed in (".venv", "node_modules"):
        (copy / installed).symlink_to(ROOT / installed)
    # make installs packages when these files are newer than the installation, and the copies are.
    for requirements in ("package.json", "package-lock.json", "requirements.txt", "requirements-dev.txt"):
        os.utime(copy / requirements, (0, 0))
    (copy / "endpoints.toml").write_text(endpoints, encoding="utf-8")
    return copy
