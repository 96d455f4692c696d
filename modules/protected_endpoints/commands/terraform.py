"""Run Terraform where it can be run: with a mirror of its registry if one is at hand, without AWS if asked."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_REGISTRY = "registry.terraform.io"
_PROVIDER = f"{_REGISTRY}/hashicorp/aws"
# A mirror lies near the root of a file system or in the home directory; deeper it is somebody's project.
_DEPTH = 4
_NOT_SEARCHED = {"proc", "sys", "dev", "run", "tmp", "lost+found"}
# The provider asks AWS for nothing with these; the account check needs an answer, so it is left out as well.
_OFFLINE_PROVIDER = {
    "allowed_account_ids": None,
    "access_key": "offline",
    "secret_key": "offline",
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": "true",
    "skip_region_validation": True,
}
# A string, which is kept, or a comment of a CLI configuration.
_STRING_OR_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|(?:#|//)[^\n]*|/\*.*?\*/', re.DOTALL)
_MIRROR_PATH = re.compile(r'filesystem_mirror\s*\{[^}]*?path\s*=\s*("(?:[^"\\\n]|\\.)+")')
# What is looked up by name has no answer without AWS.
_STAND_INS: dict[str, str | list[str]] = {
    "aws_ec2_managed_prefix_list": "pl-00000000",
    "aws_security_group": "sg-00000000",
    "aws_vpc": ["10.0.0.0/16"],
}


class TerraformFailed(Exception):
    """Raised with what Terraform printed."""


class Terraform:
    """Define one folder of Terraform JSON and the environment in which Terraform runs there."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory = directory
        self._environment = environment

    def run(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        """Return the finished process; raises `TerraformFailed` for an exit code that is not accepted."""
        finished = subprocess.run(
            ["terraform", arguments[0], "-no-color", *arguments[1:]],
            cwd=self.directory,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if finished.returncode not in accept:
            raise TerraformFailed(f"terraform {' '.join(arguments)} in {self.directory}:\n{finished.stdout}")
        return finished

    def init(self) -> None:
        self.run("init", "-input=false")

    def plan(self) -> dict[str, Any]:
        """Return the plan as `terraform show -json` gives it."""
        self.run("plan", "-input=false", "-out=plan.bin")
        plan: dict[str, Any] = json.loads(self.run("show", "-json", "plan.bin").stdout)
        return plan

    def forget(self, address: str) -> None:
        """Take a resource out of the state without touching it."""
        subprocess.run(
            ["terraform", "state", "rm", address],
            cwd=self.directory,
            env=self._environment,
            check=True,
            capture_output=True,
        )

    def is_settled(self) -> bool:
        """Return whether a plan would change nothing."""
        return self.run("plan", "-input=false", "-detailed-exitcode", accept=(0, 2)).returncode == 0


def mirror() -> Path | None:
    """Return the folder of a file system mirror of the Terraform registry, or None to download as usual."""
    if own := _own_cli_config():
        named = _MIRROR_PATH.search(_STRING_OR_COMMENT.sub(lambda found: found[1] or "", own.read_text()))
        return Path(json.loads(named[1])) if named else None
    return next((found for found in _folders(Path("/"), _DEPTH) if (found / _PROVIDER).is_dir()), None)


def environment(scratch: Path) -> dict[str, str]:
    """Return this process's environment with what Terraform and the CDKTF command line need beside it.

    Writes a CLI configuration for the mirror to `scratch`.
    """
    added = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    if found := mirror():
        added |= _locking_by(found)
        if not _own_cli_config():
            configuration = scratch / "terraform.rc"
            path = json.dumps(str(found))
            configuration.write_text(f"provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n")
            added["TF_CLI_CONFIG_FILE"] = str(configuration)
    return {**os.environ, **added}


def _locking_by(mirror: Path) -> dict[str, str]:
    """Return what `terraform providers lock` has to be told, which `cdktf` runs: it ignores mirrors of itself.

    Terraform takes the variable apart as a shell does.
    """
    return {"TF_CLI_ARGS_providers_lock": shlex.quote(f"-fs-mirror={mirror}")}


def forget_aws() -> None:
    """Take every AWS setting out of this process, so that no account and no credentials of this machine are used."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        os.environ[name] = os.devnull
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"


def provider_at_hand() -> str | None:
    """Return the newest version of the AWS provider in the mirror, or None where Terraform downloads it."""
    found = mirror()
    names = " ".join(each.name for each in (found / _PROVIDER).iterdir()) if found else ""
    versions = re.findall(r"(\d+\.\d+\.\d+)(?:_\w+\.zip)?", names)
    return max(versions, key=lambda version: [int(part) for part in version.split(".")], default=None)


def offline_stack(stack: str) -> str:
    """Return the Terraform JSON of a stack with stand-ins for what it looks up in AWS."""
    content = json.loads(stack)
    content.pop("data", None)
    return json.dumps(_with_stand_ins(content))


def _with_stand_ins(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _with_stand_ins(each) for key, each in node.items()}
    if isinstance(node, list):
        return [_with_stand_ins(each) for each in node]
    if isinstance(node, str) and (lookup := re.fullmatch(r"\$\{data\.(\w+)\..+\}", node)):
        return _STAND_INS[lookup[1]]
    return node


def offline_override() -> str:
    """Return Terraform JSON that lets a stack be planned with no AWS account, on a fresh state."""
    terraform: dict[str, Any] = {"backend": {"local": {}}}
    if version := provider_at_hand():
        terraform["required_providers"] = {"aws": {"source": "aws", "version": version}}
    return json.dumps({"terraform": terraform, "provider": {"aws": [_OFFLINE_PROVIDER]}})


def _own_cli_config() -> Path | None:
    """Return the CLI configuration that this machine's user chose, if it is there."""
    chosen = Path(os.environ.get("TF_CLI_CONFIG_FILE") or Path.home() / ".terraformrc")
    return chosen if chosen.is_file() else None


def _folders(root: Path, depth: int) -> Iterator[Path]:
    """Yield the folders down to a depth, near ones first, without links and without what may not be read."""
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


if __name__ == "__main__":
    # For the Makefile: run `cdktf` with what it needs beside this machine's own CLI configuration.
    _named = mirror() if _own_cli_config() else None
    os.execvpe(sys.argv[1], sys.argv[1:], {**os.environ, **(_locking_by(_named) if _named else {})})
