"""A shared state: its bucket is created, a local state moves there, and applies exclude each other, on the sandbox."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from tests.workspace import Workspace

_BUCKET, _STACK = "acme-tfstate-dev", "dev-state"
_ALIAS = "arn:aws:kms:us-west-2:111122223333:alias/acme-dev-state"
_MADE = f"""[environments.dev.state]
bucket = "{_BUCKET}"
create_bucket = true

[environments.dev.github_actions]
repository = "acme/endpoints"

[endpoints.kmeans]
"""
_DEPLOYERS = ('region = "us-west-2"', 'region = "us-west-2"\ndeployers = ["arn:aws:iam::111122223333:role/platform"]')


class Team:
    """A project with a local state, whose environment is then given a bucket for it."""

    def __init__(self, aws: Emulator, workspace: Workspace) -> None:
        self.aws, self.workspace = aws, workspace
        self.s3: Any = aws.client("s3")

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the package, as the Makefile does."""
        return subprocess.run(
            [sys.executable, "-m", "protected_endpoints", command, *arguments],
            cwd=self.workspace.directory,
            env=self.workspace.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def file(self, name: str) -> Path:
        return self.workspace.directory / name

    @property
    def keys(self) -> list[str]:
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=_BUCKET).get("Contents", [])]


@pytest.fixture(scope="module")
def team(aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> Team:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    workspace = Workspace(tmp_path_factory.mktemp("team") / "project", {**terraform_environment, **aws.environment})
    workspace.synth()
    terraform = workspace.stack("dev-kmeans")
    terraform.init()
    terraform.run("apply", "-auto-approve")
    assert (workspace.directory / "terraform.dev-kmeans.tfstate").exists()
    workspace.edit(*_DEPLOYERS)
    workspace.edit("[endpoints.kmeans]\n", _MADE)
    workspace.synth()
    return Team(aws, workspace)


def test_an_environment_without_a_managed_bucket_is_one_line(team: Team) -> None:
    finished = team.run("bootstrap", "prod")
    assert finished.returncode == 1
    assert finished.stdout == (
        'environment: has nothing to bootstrap, got "prod"; use dev, or set create_bucket = true in '
        "[environments.prod.state]\n"
    )


def test_nothing_is_moved_before_the_bucket_exists(team: Team) -> None:
    finished = team.run("move-state", "dev-kmeans")
    assert finished.returncode == 1
    assert "dev-kmeans: the state was not moved and is still in terraform.dev-kmeans.tfstate" in finished.stdout
    assert team.file("terraform.dev-kmeans.tfstate").exists()


def test_a_bootstrap_that_is_not_confirmed_can_be_run_again(team: Team) -> None:
    finished = team.run("bootstrap", "dev")
    assert (finished.returncode, "dev-state: terraform apply failed" in finished.stdout) == (1, True)
    assert team.s3.list_buckets()["Buckets"][1:] == []


def test_an_interrupted_bootstrap_continues(team: Team) -> None:
    """The created resources are in the local state; the next run creates the rest and moves the state."""
    content = json.loads((team.file("cdktf.out") / "stacks" / _STACK / "cdk.tf.json").read_text())
    content["terraform"]["backend"] = {"local": {"path": str(team.file(f"terraform.{_STACK}.tfstate"))}}
    team.file("half").mkdir()
    (team.file("half") / "cdk.tf.json").write_text(json.dumps(content))
    for command in (["init"], ["apply", "-auto-approve", "-target=aws_s3_bucket.Bucket"]):
        subprocess.run(["terraform", *command], cwd=team.file("half"), env=team.workspace.environment, check=True)
    shutil.rmtree(team.file("half"))
    finished = team.run("bootstrap", "dev", "-auto-approve")
    assert finished.returncode == 0, finished.stdout
    assert f"{_STACK}: the state was moved to s3://{_BUCKET}/acme/{_STACK}.tfstate" in finished.stdout
    assert team.keys == [f"acme/{_STACK}.tfstate"]
    assert not team.file(f"terraform.{_STACK}.tfstate").exists()


def test_the_state_is_encrypted_with_its_own_key_and_a_second_plan_is_empty(team: Team) -> None:
    described = team.s3.head_object(Bucket=_BUCKET, Key=f"acme/{_STACK}.tfstate")
    assert (described["ServerSideEncryption"], described["SSEKMSKeyId"]) == ("aws:kms", _ALIAS)
    assert team.s3.get_bucket_versioning(Bucket=_BUCKET)["Status"] == "Enabled"
    assert team.workspace.stack(_STACK).has_no_changes()


def test_a_second_bootstrap_changes_nothing(team: Team) -> None:
    finished = team.run("bootstrap", "dev", "-auto-approve")
    assert finished.returncode == 0, finished.stdout
    assert "0 added, 0 changed, 0 destroyed" in finished.stdout
    assert f"{_STACK}: applied; its state is in the bucket" in finished.stdout


def test_a_bootstrap_from_a_fresh_checkout_finds_the_state_in_the_bucket(team: Team) -> None:
    shutil.rmtree(team.file("cdktf.out"))
    team.workspace.synth()
    finished = team.run("bootstrap", "dev", "-auto-approve")
    assert "0 added, 0 changed, 0 destroyed" in finished.stdout, finished.stdout


def test_the_roles_of_workflows_exist_with_all_their_policies(team: Team) -> None:
    iam = team.aws.client("iam")
    (provider,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert provider["Arn"].endswith("oidc-provider/token.actions.githubusercontent.com")
    for role, count in (("acme-dev-deployer", 3), ("acme-dev-planner", 1)):
        assert len(iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]) == count


def test_one_command_moves_a_local_state_and_nothing_is_created_again(team: Team) -> None:
    left = subprocess.run(
        [sys.executable, "main.py"],
        cwd=team.workspace.directory,
        env=team.workspace.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "warning: dev-kmeans: a local state exists although the environment stores states in S3" in left.stderr
    finished = team.run("move-state", "dev-kmeans")
    assert finished.returncode == 0, finished.stdout
    assert "acme/dev-kmeans.tfstate" in team.keys
    assert not team.file("terraform.dev-kmeans.tfstate").exists()
    # The key policy of the endpoint names the deployers, its role gets the boundary of the environment instead of its
    # own, and nothing else changes.
    plan = team.workspace.stack("dev-kmeans").plan()
    changed = {change["address"]: change["change"]["actions"] for change in plan["resource_changes"]}
    assert {address: actions for address, actions in changed.items() if actions != ["no-op"]} == {
        "aws_iam_policy.Role_Boundary_0740AD92": ["delete"],
        "aws_iam_role.Role": ["update"],
        "aws_kms_key.Key": ["update"],
    }


def test_a_state_does_not_overwrite_a_newer_one(team: Team) -> None:
    old, terraform = team.file("terraform.dev-kmeans.tfstate.moved"), team.workspace.stack("dev-kmeans")
    terraform.run("apply", "-auto-approve")
    before = terraform.run("show", "-json").stdout
    old.rename(team.file("terraform.dev-kmeans.tfstate"))
    finished = team.run("move-state", "dev-kmeans")
    assert finished.returncode == 1
    assert "rename terraform.dev-kmeans.tfstate" in finished.stdout
    assert terraform.run("show", "-json").stdout == before
    team.file("terraform.dev-kmeans.tfstate").rename(old)


def test_the_second_of_two_applies_prints_who_holds_the_lock_and_what_to_do(team: Team, tmp_path: Path) -> None:
    """Two people apply a change to the same stack, each from a checkout."""
    colleague = tmp_path / "colleague"
    team.workspace.edit("initial_instance_count = 1", "initial_instance_count = 2")
    team.workspace.edit('"acme/endpoints"', '"acme/serving"')
    team.workspace.synth()
    shutil.copytree(team.workspace.directory, colleague, symlinks=True)
    first = subprocess.Popen(
        ["terraform", "apply", "-auto-approve", "-no-color"],
        cwd=colleague / "cdktf.out" / "stacks" / _STACK,
        env=team.workspace.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    deadline = time.monotonic() + 60
    while f"acme/{_STACK}.tfstate.tflock" not in team.keys:
        assert time.monotonic() < deadline
        assert first.poll() is None
        time.sleep(0.05)
    # Stopped until the second has started.
    first.send_signal(signal.SIGSTOP)
    second = team.run("bootstrap", "dev", "-auto-approve")
    first.send_signal(signal.SIGCONT)
    printed, _ = first.communicate(timeout=300)
    assert first.returncode == 0, printed
    assert second.returncode == 1
    assert "Error acquiring the state lock" in second.stdout
    assert 'dev-state: the state is locked by the user shown in "Who" above; retry when their run ends' in second.stdout
    assert "force-unlock ID" in second.stdout
    assert f"acme/{_STACK}.tfstate.tflock" not in team.keys
    assert team.run("bootstrap", "dev", "-auto-approve").returncode == 0


def test_bucket_and_key_are_not_destroyed(team: Team) -> None:
    refused = r"(?s)Instance cannot be destroyed.*aws_(kms_key\.Key|s3_bucket\.Bucket)"
    with pytest.raises(CommandError, match=refused):
        team.workspace.stack(_STACK).run("destroy", "-auto-approve")
    assert f"acme/{_STACK}.tfstate" in team.keys


def test_an_earlier_version_of_a_state_can_be_restored_as_documented(team: Team) -> None:
    listed = team.s3.list_object_versions(Bucket=_BUCKET, Prefix="acme/dev-kmeans.tfstate")["Versions"]
    versions = [version for version in listed if version["Key"] == "acme/dev-kmeans.tfstate"]
    assert len(versions) > 1
    earlier = team.s3.get_object(Bucket=_BUCKET, Key=versions[-1]["Key"], VersionId=versions[-1]["VersionId"])
    assert json.loads(earlier["Body"].read())["resources"]


def test_a_bucket_of_another_owner_is_not_taken_over(team: Team) -> None:
    team.s3.create_bucket(Bucket="acme-other", CreateBucketConfiguration={"LocationConstraint": team.aws.region})
    team.workspace.edit(f'bucket = "{_BUCKET}"', 'bucket = "acme-other"')
    team.workspace.synth()
    finished = team.run("bootstrap", "dev", "-auto-approve")
    assert finished.returncode == 1
    assert finished.stdout == (
        "environments.dev.state: bucket acme-other exists, but is not in the state of dev-state; if an interrupted "
        "bootstrap created it, run: make recover STACK=dev-state; otherwise use another bucket name, or remove "
        "create_bucket to use it as an existing bucket\n"
    )
