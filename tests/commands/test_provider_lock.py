"""Each synthesized stack starts from the lock file of the repository, if that has a version that the stack may use."""

from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from protected_endpoints.aws.provider_versions import satisfies
from protected_endpoints.commands import bootstrap, offline_plan
from protected_endpoints.commands.provider_lock import LOCK, copy_to_stacks
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.config import Project

ROOT = Path(__file__).parent.parent.parent
_LOCKED = """provider "registry.terraform.io/hashicorp/aws" {{
  version     = "{version}"
  constraints = ">= 6.40.0, < 7.0.0"
  hashes = [
    "zh:{hash}",
  ]
}}
"""
_ANY = ">= 6.40, < 7"


def _lock(version: str, hash_: str = "0" * 64) -> str:
    return _LOCKED.format(version=version, hash=hash_)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the lock file of a synthesized stack, in a project that locks 6.44.0."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cdktf.out" / "stacks" / "dev-a"
    folder.mkdir(parents=True)
    (folder / "cdk.tf.json").touch()
    LOCK.write_text(_lock("6.44.0"))
    return folder / LOCK


def test_the_repository_locks_a_version_that_the_default_allows() -> None:
    text = (ROOT / LOCK).read_text()
    version = text.partition('version     = "')[2].partition('"')[0]
    assert satisfies(version, Project(name="acme").aws_provider_version)
    assert len(set(text.split('"zh:')[1:])) == 15  # a package for each platform, and the manifest


def test_a_stack_gets_the_file_with_constraints_that_agree_with_every_stack(stack: Path) -> None:
    assert copy_to_stacks(Path("cdktf.out"), _ANY) is None
    assert stack.read_text() == _lock("6.44.0").replace(">= 6.40.0, < 7.0.0", ">= 0.0.0")


def test_a_stack_that_has_the_version_keeps_the_hashes_that_terraform_added(stack: Path) -> None:
    with_more = _lock("6.44.0", "1" * 64)
    stack.write_text(with_more)
    copy_to_stacks(Path("cdktf.out"), _ANY)
    assert stack.read_text() == with_more


def test_a_stack_with_another_version_follows_the_repository(stack: Path) -> None:
    stack.write_text(_lock("6.50.0"))
    copy_to_stacks(Path("cdktf.out"), _ANY)
    assert '"6.44.0"' in stack.read_text()


def test_a_version_that_is_not_allowed_is_reported_and_not_copied(stack: Path) -> None:
    assert str(copy_to_stacks(Path("cdktf.out"), "5.100.0")) == (
        'project.aws_provider_version: does not allow AWS provider 6.44.0 of .terraform.lock.hcl, got "5.100.0"; lock '
        "an allowed version as the comment in the file describes; workflows plan no stack without a lock"
    )
    assert not stack.exists()


def test_the_file_of_opentofu_is_copied_as_well(stack: Path) -> None:
    LOCK.write_text(_lock("6.44.0").replace("registry.terraform.io", "registry.opentofu.org"))
    assert copy_to_stacks(Path("cdktf.out"), _ANY) is None
    assert "registry.opentofu.org/hashicorp/aws" in stack.read_text()


@pytest.mark.parametrize(("there", "stays"), [("6.44.0", False), ("5.100.0", True)])
def test_a_present_file_stays_only_if_its_version_is_allowed(stack: Path, there: str, stays: bool) -> None:
    stack.write_text(_lock(there))
    copy_to_stacks(Path("cdktf.out"), "5.100.0")
    assert stack.exists() is stays


@pytest.mark.parametrize("content", [b"", b"not HCL", _lock("latest").encode(), b"\xff"])
def test_a_damaged_file_is_reported(stack: Path, content: bytes) -> None:
    LOCK.write_bytes(content)
    assert ".terraform.lock.hcl: contains no version of the AWS provider; " in str(
        copy_to_stacks(Path("cdktf.out"), _ANY)
    )
    assert not stack.exists()


def test_nothing_is_copied_in_a_project_without_the_file(stack: Path) -> None:
    LOCK.unlink()
    assert copy_to_stacks(Path("cdktf.out"), _ANY) is None
    assert not stack.exists()


def test_copies_of_a_stack_that_are_applied_or_planned_elsewhere_start_from_its_file(
    stack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stack.parent / "cdk.tf.json").write_text('{"terraform": {}}')
    stack.write_text(_lock("6.44.0"))
    started_from = []

    class Recorded(SynthesizedStack):
        def run(self, *arguments: str, folder: Path | None = None) -> None:
            started_from.append((arguments[0], ((folder or self.folder) / LOCK).read_text()))

        def recorded(self, *, folder: Path | None = None) -> list[dict[str, Any]]:  # noqa: ARG002  reason: as overridden
            return []

    bootstrap._apply_locally(Recorded("dev-a"), [])
    assert started_from == [("init", _lock("6.44.0")), ("apply", _lock("6.44.0"))]

    monkeypatch.setattr(offline_plan, "mirrored_version", lambda: None)  # a mirror has versions of its own
    monkeypatch.setattr(offline_plan, "process_environment", lambda _: {})
    monkeypatch.setattr(
        Terraform, "init", lambda self: started_from.append(("plan", (self.directory / LOCK).read_text()))
    )
    monkeypatch.setattr(Terraform, "run", lambda *_: CompletedProcess([], 0, stdout=""))
    offline_plan._plan(stack.parent)
    assert started_from[2:] == [("plan", _lock("6.44.0"))]
