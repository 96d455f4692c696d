"""A copy of the project that a test can change and run `make` in."""

import os
import shutil
from pathlib import Path

from tests.examples import ROOT

_NOT_COPIED = (".git", ".venv*", "node_modules", "cdktf.out", ".*_cache", "__pycache__", ".hypothesis", "*.tfstate*")


def checkout(folder: Path, endpoints: str) -> Path:
    """Return a copy of the project with this content of `endpoints.toml` and links to the installed packages."""
    copy = folder / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    for installed in (".venv", "node_modules"):
        (copy / installed).symlink_to(ROOT / installed)
    # make installs packages when these files are newer than the installation, and the copies are.
    for requirements in (
        "package.json",
        "package-lock.json",
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-uv.txt",
    ):
        os.utime(copy / requirements, (0, 0))
    (copy / "endpoints.toml").write_text(endpoints, encoding="utf-8")
    return copy
