"""An image that a build sets instead of that of endpoints.toml: planned, reviewed, applied, and returned without it.

The steps are those of another CI system in docs/workflows.md: the scripts of the workflows, with the value in the
environment of all of them. The tests use one deployment, in their order.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from protected_endpoints.commands.provider_lock import LOCK
from sandbox.emulator import Emulator
from sandbox.workspace import ROOT, Workspace

_STACK, _KEY = "dev-kmeans", "endpoints.kmeans.image"
_OLD, _NEW, _OTHER = (f"174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:{tag}" for tag in ("1", "3", "4"))


@dataclass
class Job:
    """A job of a CI system in a checkout, with the value of an image, or without one."""

    aws: Emulator
    workspace: Workspace

    def run(self, script: str, *arguments: str, image: str | None, fails: bool = False) -> str:
        """Run a script of the workflows, and return its output."""
        values = {} if image is None else {"PROTECTED_ENDPOINTS_SET": f"{_KEY}={image}"}
        process = subprocess.run(
            ["bash", ROOT / ".github" / "scripts" / script, *arguments],
            cwd=self.workspace.directory,
            env={**self.workspace.environment, "PYTHONPATH": "modules", **values},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert bool(process.returncode) == fails, process.stdout
        return process.stdout

    def plan(self, image: str | None) -> bool:
        """Synthesize and plan; return whether the plan has changes."""
        self.run("synth.sh", ".", image=image)
        shutil.rmtree(self.workspace.directory / "plans", ignore_errors=True)
        return "changes=true" in self.run("plan.sh", "plans", "cdktf.out", "cdktf.out", _STACK, image=image)

    def review(self, image: str | None) -> tuple[str, str]:
        """Plan and review; return the comment and the fingerprint."""
        assert self.plan(image)
        output = self.run("review.sh", "review.md", f"plans/{_STACK}.json", image=image)
        return (self.workspace.directory / "review.md").read_text(), output.partition("fingerprint=")[2].strip()

    def apply(self, image: str | None, fingerprint: str, *, fails: bool = False) -> str:
        """Plan again, and apply what was reviewed."""
        self.plan(image)
        return self.run("apply.sh", "plans", "cdktf.out", _STACK, fingerprint, image=image, fails=fails)

    @property
    def served(self) -> str:
        """The image of the endpoint."""
        sagemaker = self.aws.client("sagemaker")
        configuration = sagemaker.describe_endpoint(EndpointName="acme-dev-kmeans")["EndpointConfigName"]
        variants = sagemaker.describe_endpoint_config(EndpointConfigName=configuration)["ProductionVariants"]
        model = sagemaker.describe_model(ModelName=variants[0]["ModelName"])
        return str(model["PrimaryContainer"]["Image"])


@pytest.fixture(scope="module")
def job(aws: Emulator, tmp_path_factory: pytest.TempPathFactory, installing_environment: dict[str, str]) -> Job:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    workspace = Workspace(tmp_path_factory.mktemp("set"), {**installing_environment, **aws.environment})
    workspace.synth()
    terraform = workspace.stack(_STACK)
    terraform.init()
    shutil.copy(terraform.directory / LOCK, workspace.directory)
    terraform.run("apply", "-auto-approve")
    return Job(aws, workspace)


def test_the_value_is_planned_reviewed_and_applied_while_the_file_stays(job: Job) -> None:
    before = (job.workspace.directory / "endpoints.toml").read_bytes()
    printed = job.run("synth.sh", ".", image=_NEW)
    assert f'--set {_KEY}: "{_NEW}" instead of "{_OLD}"\n' in printed
    comment, fingerprint = job.review(_NEW)
    assert "review 1 warning before applying" in comment
    assert f"| `value-set` | `output.set_keys` | Set outside of `endpoints.toml`, by `--set`: `{_KEY}`. |" in comment
    assert _NEW in comment
    job.apply(_NEW, fingerprint)
    assert job.served == _NEW
    assert (job.workspace.directory / "endpoints.toml").read_bytes() == before


def test_a_second_plan_with_the_same_value_is_empty(job: Job) -> None:
    assert not job.plan(_NEW)
    assert "no drift" in job.run("check_drift.sh", "after", "cdktf.out", _STACK, image=_NEW)


def test_another_value_than_the_reviewed_one_is_not_applied(job: Job) -> None:
    _, fingerprint = job.review(_OTHER)
    for image in (f"{_OTHER}-evil", None):
        said = job.apply(image, fingerprint, fails=True)
        assert "the plan differs from the reviewed plan" in said
    assert job.served == _NEW
    job.apply(_OTHER, fingerprint)
    assert job.served == _OTHER


def test_a_deployment_without_the_value_returns_to_the_file_and_the_review_says_so(job: Job) -> None:
    comment, fingerprint = job.review(None)
    assert "`value-no-longer-set`" in comment
    assert f"No longer set by `--set`, so that the value of `endpoints.toml` applies: `{_KEY}`." in comment
    assert "value-set`" not in comment
    assert "drift detected" in job.run("check_drift.sh", "after", "cdktf.out", _STACK, image=None, fails=True)
    job.apply(None, fingerprint)
    assert job.served == _OLD
    assert not job.plan(None)


def test_base_and_head_with_the_same_value_are_admitted_and_do_not_differ(job: Job, tmp_path: Path) -> None:
    def review(*arguments: str | Path) -> str:
        finished = subprocess.run(
            ["python", "-m", "protected_endpoints.review", *arguments],
            cwd=job.workspace.directory,
            env={**job.workspace.environment, "PYTHONPATH": "modules"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return finished.stdout

    def changed(head_image: str | None) -> str:
        job.run("synth.sh", ".", image=_NEW)
        review("admit", "cdktf.out")
        base = tmp_path / "base"
        shutil.rmtree(base, ignore_errors=True)
        shutil.copytree(job.workspace.directory / "cdktf.out", base)
        job.run("synth.sh", ".", image=head_image)
        return review("changed", base, "cdktf.out")

    assert changed(_NEW) == ""
    assert changed(None) == f"{_STACK}\n"


def test_an_empty_value_deploys_nothing(job: Job) -> None:
    said = job.run("synth.sh", ".", image="", fails=True)
    assert f"--set {_KEY}: has no value; write {_KEY}=<value>" in said
