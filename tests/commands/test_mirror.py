"""The mirror of the Terraform registry is the one of the CLI configuration, with any path."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from protected_endpoints.commands.registry_mirror import mirrored_version, process_environment, registry_mirror
from protected_endpoints.commands.terraform import Terraform
from sandbox.workspace import ROOT

_MIRROR = 'provider_installation {{\n  filesystem_mirror {{\n    path = "{}"\n  }}\n}}\n'
_MIRROR_FOLDER, _VERSION = registry_mirror(), mirrored_version()


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The CLI configuration of the user, which is empty at first."""
    file = tmp_path / "own.tfrc"
    file.touch()
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(file))
    return file


@pytest.mark.parametrize(
    "text",
    [
        "# " + _MIRROR.format("/old").replace("\n", "\n# ").rstrip("# "),
        _MIRROR.format("/old").replace("  filesystem_mirror", "//  filesystem_mirror"),
        "/* " + _MIRROR.format("/old") + " */\n",
        _MIRROR.format("/old").replace("    path", "    # path"),
    ],
    ids=["lines", "slashes", "block", "the path alone"],
)
def test_a_mirror_in_a_comment_is_ignored(configuration: Path, text: str) -> None:
    configuration.write_text(text)
    assert registry_mirror() is None
    configuration.write_text(text + _MIRROR.format("/mirrors/a#b//c"))
    assert registry_mirror() == Path("/mirrors/a#b//c")


@pytest.mark.skipif(not _MIRROR_FOLDER, reason="there is no mirror on this machine")
def test_terraform_and_make_use_a_mirror_with_a_space_and_quotes_in_its_path(
    configuration: Path, tmp_path: Path
) -> None:
    odd = tmp_path / 'the mir\'ror of "us"'
    odd.symlink_to(_MIRROR_FOLDER or "")
    configuration.write_text(_MIRROR.format(str(odd).replace('"', '\\"')))
    assert registry_mirror() == odd
    required = f'terraform {{\n  required_providers {{\n    aws = {{ version = "{_VERSION}" }}\n  }}\n}}\n'
    (tmp_path / "main.tf").write_text(required)
    for_sandbox = process_environment(tmp_path)
    Terraform(tmp_path, for_sandbox).init()

    lock = ("terraform", "providers", "lock", "-platform=linux_amd64")
    by_make = (sys.executable, "-m", "protected_endpoints", "with-mirror", *lock)
    for command, variables in ((lock, for_sandbox), (by_make, {**os.environ, "PYTHONPATH": str(ROOT / "modules")})):
        finished = subprocess.run(
            command,
            cwd=tmp_path,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout
        assert f"- Retrieved hashicorp/aws {_VERSION} for linux_amd64 (unauthenticated)" in finished.stdout


def test_a_mirror_on_disk_is_configured_with_any_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / 'the "mirror"'
    (odd / "registry.terraform.io" / "hashicorp" / "aws").mkdir(parents=True)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "none.tfrc"))
    monkeypatch.setattr("protected_endpoints.commands.registry_mirror._folders", lambda *_: [odd])
    written = process_environment(tmp_path)["TF_CLI_CONFIG_FILE"]
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", written)
    assert registry_mirror() == odd
