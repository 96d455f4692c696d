"""Which stacks workflows plan, with which role, in which order they deploy them, and which they skip."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.examples import ROOT

_ROLES = {"AWS_PLAN_ROLE_ARN_EU_PROD": "arn:of-prod", "AWS_PLAN_ROLE_ARN_DEV": "arn:of-dev", "OTHER": "x"}


def _write(folder: Path, name: str, environment: str, *, endpoint: bool = True, backend: str = "s3") -> None:
    stack = {
        "provider": {
            "aws": [{"region": f"of-{environment}", "default_tags": [{"tags": {"environment": environment}}]}]
        },
        "resource": {"aws_sagemaker_endpoint" if endpoint else "aws_vpc_endpoint": {}},
        "terraform": {"backend": {backend: {}}},
    }
    file = folder / "stacks" / name / "cdk.tf.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(stack))


def _ci(
    command: str, *folders: Path, stacks: list[str], roles: dict[str, str] | None = None
) -> tuple[dict[str, Any], str, int]:
    """Return the outputs of a step, its annotations and messages, and its exit code."""
    finished = subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "ci-matrix", command, *map(str, folders)],
        cwd=ROOT,
        env={"PLAN_ROLES": json.dumps(_ROLES if roles is None else roles), "PYTHONPATH": "modules"},
        input="\n".join(stacks),
        capture_output=True,
        text=True,
        check=False,
    )
    outputs = (line.partition("=") for line in finished.stdout.splitlines())
    return {name: json.loads(value) for name, _, value in outputs}, finished.stderr, finished.returncode


def _entries(batches: list[dict[str, str]]) -> list[dict[str, str]]:
    return [entry for batch in batches for entry in json.loads(batch["stacks"])]


def test_the_stacks_of_an_environment_are_planned_together_by_its_role(tmp_path: Path) -> None:
    for name, environment in (("dev-a", "dev"), ("eu-prod-a", "eu-prod"), ("eu-prod-b", "eu-prod")):
        _write(tmp_path, name, environment)
    outputs, said, _ = _ci("environments", tmp_path, stacks=["dev-a", "eu-prod-a", "eu-prod-b"])
    assert outputs == {
        "environments": [
            {"environment": "dev", "region": "of-dev", "plan_role": "arn:of-dev", "stacks": "dev-a"},
            {
                "environment": "eu-prod",
                "region": "of-eu-prod",
                "plan_role": "arn:of-prod",
                "stacks": "eu-prod-a eu-prod-b",
            },
        ],
        "skipped": [],
    }
    assert said == ""


def test_nothing_changed_is_nothing_to_plan(tmp_path: Path) -> None:
    assert _ci("environments", tmp_path, stacks=[])[0] == {"environments": [], "skipped": []}
    assert _ci("stacks", tmp_path, stacks=[])[0] == {"shared": [], "endpoints": []}


def test_a_stack_without_a_role_is_skipped_with_the_name_of_the_missing_variable(tmp_path: Path) -> None:
    _write(tmp_path, "eu-prod-a", "eu-prod")
    outputs, said, _ = _ci("environments", tmp_path, stacks=["eu-prod-a"], roles={})
    assert outputs == {"environments": [], "skipped": ["eu-prod-a"]}
    assert said == (
        "::notice::eu-prod-a is not planned because it has no planner role; set AWS_PLAN_ROLE_ARN_EU_PROD\n"
    )


def test_a_stack_whose_state_is_not_in_s3_is_skipped(tmp_path: Path) -> None:
    _write(tmp_path, "dev-a", "dev", backend="local")
    outputs, said, _ = _ci("environments", tmp_path, stacks=["dev-a"])
    assert outputs["skipped"] == ["dev-a"]
    assert "dev-a is not planned because its state is not in S3; add [environments.dev.state]" in said
    assert _ci("stacks", tmp_path, stacks=["dev-a"])[0] == {"shared": [], "endpoints": []}


def test_a_removed_stack_is_planned_from_the_base_and_not_deployed(tmp_path: Path) -> None:
    head, base = tmp_path / "head", tmp_path / "base"
    _write(base, "dev-a", "dev")
    assert _ci("environments", head, base, stacks=["dev-a"])[0]["environments"][0]["stacks"] == "dev-a"
    outputs, said, _ = _ci("stacks", head, base, stacks=["dev-a"])
    assert outputs == {"shared": [], "endpoints": []}
    assert said == (
        "::warning::dev-a was removed from endpoints.toml but still exists; restore it, then run: "
        "make destroy STACK=dev-a\n"
    )


def test_shared_stacks_are_deployed_before_endpoints(tmp_path: Path) -> None:
    _write(tmp_path, "dev-a", "dev")
    _write(tmp_path, "dev-network", "dev", endpoint=False)
    outputs, _, _ = _ci("stacks", tmp_path, stacks=["dev-a", "dev-network"])
    assert [job["stack"] for job in _entries(outputs["shared"])] == ["dev-network"]
    assert [job["stack"] for job in _entries(outputs["endpoints"])] == ["dev-a"]


def test_more_stacks_than_a_matrix_has_jobs_are_deployed_in_batches(tmp_path: Path) -> None:
    names = [f"dev-{number}" for number in range(600)]
    for name in names:
        _write(tmp_path, name, "dev")
    batches = _ci("stacks", tmp_path, stacks=names)[0]["endpoints"]
    assert [len(json.loads(batch["stacks"])) for batch in batches] == [256, 256, 88]
    assert [entry["stack"] for entry in _entries(batches)] == names
    assert len(json.dumps(batches)) < 1_000_000  # bytes of the outputs of a job


def test_the_case_of_a_variable_does_not_matter(tmp_path: Path) -> None:
    _write(tmp_path, "dev-a", "dev")
    outputs, _, _ = _ci("stacks", tmp_path, stacks=["dev-a"], roles={"aws_plan_role_arn_dev": "arn:of-dev"})
    assert _entries(outputs["endpoints"])[0]["plan_role"] == "arn:of-dev"


def test_a_wrong_command_line_gets_one_message(tmp_path: Path) -> None:
    for command, stacks, says in (
        ("deploy", [], "argument kind: invalid choice: 'deploy' (choose from "),
        ("stacks", ["dev-a"], f"dev-a: not synthesized in {tmp_path}; run make synth there\n"),
    ):
        outputs, said, code = _ci(command, tmp_path, stacks=stacks)
        assert (outputs, len(said.splitlines()), code) == ({}, 1, 1)
        assert said.startswith(says)


@pytest.mark.parametrize(
    "content",
    ["", '{"provider"', "[]", "{}", '{"provider": {"aws": null}}', '{"provider": {"aws": []}}', "[" * 100_000],
)
def test_a_damaged_stack_gets_one_message(tmp_path: Path, content: str) -> None:
    _write(tmp_path, "dev-a", "dev")
    file = tmp_path / "stacks" / "dev-a" / "cdk.tf.json"
    file.write_text(content)
    outputs, said, code = _ci("stacks", tmp_path, stacks=["dev-a"])
    assert (outputs, code) == ({}, 1)
    assert said == f"{file}: must be the complete Terraform JSON of a stack of this project; run make synth again\n"


@pytest.mark.parametrize("roles", ["{", "[]", "7", '"x"', "[" * 100_000])
def test_roles_that_are_not_an_object_get_one_message(tmp_path: Path, roles: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "ci-matrix", "stacks", str(tmp_path)],
        cwd=ROOT,
        env={"PLAN_ROLES": roles, "PYTHONPATH": "modules"},
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith("PLAN_ROLES: must be a JSON object; ")


@pytest.mark.parametrize("environment", ["prod", "de", "dev-a\n::error::x", "ı", "", "../x"])
def test_an_environment_that_is_not_that_of_the_stack_is_refused(tmp_path: Path, environment: str) -> None:
    """It selects the planner role."""
    _write(tmp_path, "dev-a", environment)
    outputs, said, code = _ci("environments", tmp_path, stacks=["dev-a"])
    assert (outputs, code) == ({}, 1)
    assert said == (
        f"{tmp_path}/stacks/dev-a/cdk.tf.json: the tag environment must be how the name of the stack begins; run make "
        "synth again\n"
    )
