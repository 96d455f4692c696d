"""Find a file system mirror of the Terraform registry, and configure Terraform and `cdktf` to use it."""

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

_REGISTRY = "registry.terraform.io"
_PROVIDER = f"{_REGISTRY}/hashicorp/aws"
# Mirrors are near the root of a file system or in the home directory; deeper folders belong to projects.
_DEPTH = 4
_NOT_SEARCHED = {"proc", "sys", "dev", "run", "tmp", "lost+found"}
# A string, which is kept, or a comment of a CLI configuration.
_STRING_OR_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|(?:#|//)[^\n]*|/\*.*?\*/', re.DOTALL)
_MIRROR_PATH = re.compile(r'filesystem_mirror\s*\{[^}]*?path\s*=\s*("(?:[^"\\\n]|\\.)+")')


def registry_mirror() -> Path | None:
    """Return the folder of a mirror, or None where Terraform downloads providers.

    A CLI configuration of the user decides alone; without one, file systems are searched.
    """
    if configuration := user_cli_configuration():
        text = _STRING_OR_COMMENT.sub(lambda match: match[1] or "", configuration.read_text())
        path = _MIRROR_PATH.search(text)
        return Path(json.loads(path[1])) if path else None
    return next((folder for folder in _folders(Path("/"), _DEPTH) if (folder / _PROVIDER).is_dir()), None)


def process_environment(scratch: Path) -> dict[str, str]:
    """Return this process's environment variables with those that Terraform and `cdktf` need in addition.

    Writes a CLI configuration for the mirror to `scratch` where the user has none.
    """
    added = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    if mirror := registry_mirror():
        added |= providers_lock_variables(mirror)
        if not user_cli_configuration():
            file = scratch / "terraform.rc"
            path = json.dumps(str(mirror))
            file.write_text(f"provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n")
            added["TF_CLI_CONFIG_FILE"] = str(file)
    return {**os.environ, **added}


def providers_lock_variables(mirror: Path) -> dict[str, str]:
    """Return the variable that makes `terraform providers lock` use a mirror.

    `cdktf` runs that command, which ignores the mirrors of the CLI configuration. Terraform splits the value as a shell
    does.
    """
    return {"TF_CLI_ARGS_providers_lock": shlex.quote(f"-fs-mirror={mirror}")}


def mirrored_version() -> str | None:
    """Return the newest version of the AWS provider in the mirror, or None where Terraform downloads it."""
    mirror = registry_mirror()
    names = " ".join(entry.name for entry in (mirror / _PROVIDER).iterdir()) if mirror else ""
    versions = re.findall(r"(\d+\.\d+\.\d+)(?:_\w+\.zip)?", names)
    return max(versions, key=lambda version: [int(part) for part in version.split(".")], default=None)


def user_cli_configuration() -> Path | None:
    """Return the user's Terraform CLI configuration, if the file exists."""
    file = Path(os.environ.get("TF_CLI_CONFIG_FILE") or Path.home() / ".terraformrc")
    return file if file.is_file() else None


def _folders(root: Path, depth: int) -> Iterator[Path]:
    """Yield the folders down to a depth, near ones first, without links and without unreadable folders."""
    level = [root]
    for _ in range(depth):
        yield from level
        level = [
            Path(entry.path)
            for folder in level
            for entry in _entries(folder)
            if entry.is_dir(follow_symlinks=False) and entry.name not in _NOT_SEARCHED
        ]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
