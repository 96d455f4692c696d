"""A copy of the project that a test may change and run `make` in."""

import os
import shutil
from pathlib import Path

from tests.examples import ROOT

_NOT_COPIED = (".git", ".venv*", "node_modules", "cdktf.out", ".*_cache", "__pycache__", ".hypothesis", "*.tfstate*")


def checkout(folder: Path, endpoints: str) -> Path:
    """Return a copy of the project whose `endpoints.toml` says this, with what is installed already."""
    copy = folder / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    for installed in (".venv", "node_modules"):
        (copy / installed).symlink_to(ROOT / installed)
    # What is installed is shared, so make must not take a package.json that was copied later for a reason to install.
    for listed in ("package.json", "package-lock.json", "requirements.txt", "requirements-dev.txt"):
        os.utime(copy / listed, (0, 0))
    (copy / "endpoints.toml").write_text(endpoints, encoding="utf-8")
    return copy
