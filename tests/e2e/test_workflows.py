"""The scripts of each workflow, run on the sandbox as GitHub does: a pull request, a fork, a deployment, drift.

The planner role has the policies that `make planner-policy` prints, so it can only read. All tests of this file use one
deployment, in their order.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.provider_lock import LOCK
from sandbox.emulator import Emulator
from sandbox.workspace import ROOT, Workspace
from tests.workflows.github import PRIVATE, GitHub
from tests.workflows.runner import Finished

Json = dict[str, Any]

_STACK, _ROLE = "dev-kmeans", "acme-dev-kmeans-exec-de91fccc"
_PLANNER, _DEPLOYER = (f"arn:aws:iam::111122223333:role/{name}" for name in ("planner", "deployer"))
_COUNT = ("initial_instance_count = 1", "initial_instance_count = 3")
_OPEN = ("[endpoints.kmeans]\n", '[endpoints.kmeans]\nrelax.network_isolation = "the container calls home"\n')
_SPY = """import json, os
with open({spy!r}, "a") as spy:
    print(json.dumps({{"file": {file!r}, "folder": os.getcwd(), "environment": [*os.environ]}}), file=spy)
"""
# A module of the same name that behaves like the one of Python.
_STANDARD = "import sysconfig\nexec(open(f\"{sysconfig.get_path('stdlib')}/argparse.py\").read())\n"
_ATTACK = """
import json, os
stack = {stack!r}
with open(f"{{stack}}/cdk.tf.json") as file:
    content = json.load(file)
{attack}
with open(f"{{stack}}/cdk.tf.json", "w") as file:
    json.dump(content, file)
"""
_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


@pytest.fixture(scope="module")
def github(aws: Emulator, tmp_path_factory: pytest.TempPathFactory, installing_environment: dict[str, str]) -> GitHub:
    location = {"LocationConstraint": aws.region}
    aws.client("s3").create_bucket(Bucket="acme-tfstate", CreateBucketConfiguration=location)
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    github = GitHub(aws, tmp_path_factory.mktemp("github"), {**installing_environment, **aws.environment})
    github.earlier_comments()
    main = github.main
    main.edit(
        "[endpoints.kmeans]\n",
        '[environments.dev.state]\nbucket = "acme-tfstate"\n\n[endpoints.kmeans]\n'
        f'environment = {{ LOG_LEVEL = "{PRIVATE}" }}\ndata_capture.enable_capture = false\n',
    )
    text = (main.directory / "endpoints.toml").read_text()
    (main.directory / "endpoints.toml").write_text(text[: text.index("# Requests and responses")])
    main.synth()
    terraform = main.stack(_STACK)
    terraform.init()
    shutil.copy(terraform.directory / LOCK, main.directory)
    terraform.run("apply", "-auto-approve")
    _make_role(aws, "planner", _printed_policies(main, "planner"))
    _make_role(aws, "deployer", {"all": _ALL})
    return github


def test_a_pull_request_is_planned_by_the_planner_role_and_commented(github: GitHub) -> None:
    ran = _reviewed(github, github.branch(_COUNT))
    assert _results(ran) == dict.fromkeys(("files", "compare", "plan", "comment", "review"), "success")
    assert ran["files"].outputs["code"] == "false"
    assert json.loads(ran["compare"].outputs["environments"]) == [
        {"environment": "dev", "region": "us-west-2", "plan_role": _PLANNER, "stacks": _STACK}
    ]
    assert ran["compare"].ran == ["Synthesize", "List changed stacks"]
    assert ran["plan"].ran == ["Synthesize", "Plan", "Review"]
    assert github.comment.startswith("<!-- review of dev -->\n<!-- endpoint-review ")
    assert "kmeans" in github.comment
    assert PRIVATE not in github.comment
    assert "--method POST repos/acme/endpoints/issues/7/comments" in github.call


def test_a_blocking_finding_fails_the_check_and_updates_the_earlier_comment(github: GitHub) -> None:
    github.earlier_comments("41 <!-- review of prod -->", "42 <!-- review of dev -->")
    ran = _reviewed(github, github.branch(_OPEN))
    github.earlier_comments()
    assert (ran["plan"].failed, ran["review"].result) == (["Review"], "failure"), ran["plan"].printed
    assert "isolation-off" in github.comment
    assert "--method PATCH repos/acme/endpoints/issues/comments/42" in github.call
    assert "--method PATCH repos/acme/endpoints/issues/comments/41" in github.call  # which is not about this push
    assert github.comment.endswith("or their check failed before.\n")


def test_a_change_of_review_toml_is_read_and_named_first(github: GitHub) -> None:
    head = github.branch(_COUNT)
    (head.directory / "review.toml").write_text("not TOML")
    ran = _reviewed(github, head)
    assert ran["files"].outputs["code"] == "false"
    assert ran["plan"].failed == ["Review"]
    assert "review.toml: not valid TOML" in ran["plan"].printed
    first, _, rest = github.comment.partition("\n\n")
    assert first.splitlines()[:2] == ["<!-- review of dev -->", "> [!IMPORTANT]"]
    assert "the owners of `review.toml` must approve it" in first
    assert "could not be planned" in rest


def test_a_failed_plan_replaces_the_earlier_review(github: GitHub) -> None:
    ran = _reviewed(github, github.branch(("acme-tfstate", "no-such-bucket")))
    assert ran["plan"].failed == ["Plan"]
    assert "no-such-bucket" in ran["plan"].printed
    assert "could not be planned" in github.comment
    assert ran["review"].failed


def test_only_a_provider_that_is_locked_in_the_base_is_run(github: GitHub) -> None:
    lock = (github.main.directory / LOCK).read_text()
    damaged = re.sub('"h1:[^"]+"', f'"h1:{"A" * 43}="', lock)
    for text, said in (("", "contains no version of the AWS provider"), (damaged, "checksums previously recorded")):
        base, head = github.branch(), github.branch(_COUNT)
        for branch in (base, head):
            (branch.directory / LOCK).write_text(text)
        ran = _reviewed(github, head, base=base)
        assert ran["plan"].failed == ["Plan"]
        assert said in ran["plan"].printed + ran["compare"].printed


def test_a_removed_endpoint_is_planned_to_be_destroyed(github: GitHub) -> None:
    text = (github.main.directory / "endpoints.toml").read_text()
    other = text[text.index("[endpoints.kmeans]") :].replace("kmeans]", "other]")
    base = github.branch(("[endpoints.kmeans]", f"{other}\n[endpoints.kmeans]"))
    ran = _reviewed(github, github.branch(), base=base)
    (environment,) = json.loads(ran["compare"].outputs["environments"])
    assert environment["stacks"] == "dev-other"
    assert ran["plan"].failed == [], ran["plan"].printed  # it was never deployed, so nothing is destroyed


def test_a_fork_is_compared_without_credentials_and_fails_on_a_blocking_finding(github: GitHub) -> None:
    for edits, failed in (((_COUNT,), []), ((_OPEN,), ["Review stacks without a plan"])):
        ran = _reviewed(github, github.branch(*edits), of="contributor/endpoints")
        assert json.loads(ran["compare"].outputs["environments"]) == []
        assert "plan" not in ran
        assert ran["compare"].failed == failed, ran["compare"].printed
        assert bool(ran["review"].failed) == bool(failed)
        assert "kmeans" in ran["compare"].summary
        assert "it has no planner role; set AWS_PLAN_ROLE_ARN_DEV" in ran["compare"].printed
        assert github.comment.startswith("<!-- review of without_plan -->")


def test_the_code_of_a_fork_is_not_run(github: GitHub) -> None:
    head = github.branch(_COUNT)
    spy = _spy(github, head, "main.py")
    ran = _reviewed(github, head, of="contributor/endpoints")
    assert _results(ran) == {"files": "success", "compare": "failure", "comment": "success", "review": "failure"}
    assert "such as code of a fork" in ran["compare"].printed
    assert "Push the branch to this repository" in github.comment
    assert not spy.exists()


def test_changed_code_is_planned_after_it_was_synthesized_without_credentials(github: GitHub) -> None:
    """A module that Python prefers to its own runs in that job only, with no variable of the workflow."""
    head = github.branch(_COUNT)
    files = ("argparse.py", "main.py", "modules/protected_endpoints/commands/unpack.py", "modules/sitecustomize.py")
    spy = _spy(github, head, *files)
    (head.directory / LOCK).write_text("not the provider of the base")
    ran = _reviewed(github, head)
    assert _results(ran) == dict.fromkeys(("files", "synthesize", "compare", "plan", "comment", "review"), "success"), (
        ran["compare"].printed + ran["plan"].printed
    )
    executed = [json.loads(line) for line in spy.read_text().splitlines()]
    assert {line["file"] for line in executed} == {*files} - {files[2]}
    assert {Path(line["folder"]).name[:4] for line in executed} == {"tmp."}  # of mktemp, in synthesize_code.sh
    names = {name for line in executed for name in line["environment"]}
    assert not [name for name in names if "TOKEN" in name or name.startswith(("AWS_", "GITHUB_", "GH_", "RUNNER_"))]
    first, _, review = github.comment.partition("\n\n")
    assert first.splitlines()[:2] == ["<!-- review of dev -->", "> [!CAUTION]"]
    for name in (".terraform.lock.hcl", *files):
        assert f"> * `{name}`\n" in first
    assert "kmeans" in review


def test_what_the_code_synthesizes_is_refused_before_terraform_reads_it(github: GitHub) -> None:
    for attack, said in (
        ("os.symlink('/etc/passwd', f'{stack}/x.tf.json')", "must contain only regular files"),
        ("open(f'{stack}/extra.auto.tfvars', 'w').close()", "| `extra.auto.tfvars` |"),
        (
            "content['removed'] = [{'from': 'aws_kms_key.Old', 'provisioner': [{'local-exec': {'command': 'id'}}]}]",
            "| `removed` |",
        ),
    ):
        head = github.branch(_COUNT)
        with (head.directory / "main.py").open("a") as main:
            main.write(_ATTACK.format(stack=f"cdktf.out/stacks/{_STACK}", attack=attack))
        ran = _reviewed(github, head)
        assert (ran["synthesize"].result, ran["compare"].failed) == ("success", ["Synthesize"]), ran["compare"].printed
        assert said in ran["compare"].printed
        assert "plan" not in ran
        assert ran["review"].failed
        assert "> * `main.py`" in github.comment
        assert (said in github.comment) is said.startswith("|")


def test_data_that_is_no_file_is_refused(github: GitHub) -> None:
    head = github.branch()
    (head.directory / "endpoints.toml").unlink()
    (head.directory / "endpoints.toml").symlink_to("/proc/self/environ")
    ran = _reviewed(github, head)
    assert _results(ran) == {"files": "failure", "review": "failure"}
    assert "endpoints.toml: must be a regular file, got one of mode 120000" in ran["files"].printed


def test_the_required_check_fails_with_any_job_and_passes_without_a_plan(github: GitHub) -> None:
    def failed(*results: str) -> bool:
        names = ("files", "compare", "plan", "comment")
        needs = {name: {"result": result} for name, result in zip(names, results, strict=True)}
        return bool(github.run("review", "review", {"needs": needs}, head=github.main).failed)

    passed = "success"
    assert not failed(passed, passed, passed, passed)
    assert not failed(passed, passed, "skipped", passed)
    for other in ("failure", "cancelled", "skipped"):
        assert failed(other, passed, passed, passed)
        assert failed(passed, other, passed, passed)
        assert failed(passed, passed, passed, other)
    assert failed(passed, passed, "failure", passed)
    assert failed(passed, passed, "cancelled", passed)


def test_the_reviewed_plan_is_applied_and_leaves_no_drift(github: GitHub) -> None:
    head = github.branch(_COUNT)
    (stack,) = _to_deploy(github, head)
    assert stack == {"environment": "dev", "region": "us-west-2", "plan_role": _PLANNER, "stack": _STACK}
    reviewed = github.run("stack", "review", {"inputs": stack}, head=head)
    assert reviewed.failed == [], reviewed.printed
    assert reviewed.outputs["changes"] == "true"
    assert len(reviewed.outputs["fingerprint"]) == 64
    applied = github.run("stack", "apply", _to_apply(stack, reviewed), head=head)
    assert applied.failed == [], applied.printed
    assert "no drift: deployed resources match endpoints.toml" in applied.printed
    assert _instances(github.aws) == 3
    again = github.run("stack", "review", {"inputs": stack}, head=head)
    assert again.outputs["changes"] == "false"


def test_a_plan_that_differs_from_the_review_is_not_applied(github: GitHub) -> None:
    head = github.branch(("initial_instance_count = 1", "initial_instance_count = 2"))
    (stack,) = _to_deploy(github, head)
    reviewed = github.run("stack", "review", {"inputs": stack}, head=head)
    with _widened_role(github.aws):
        applied = github.run("stack", "apply", _to_apply(stack, reviewed), head=head)
    assert applied.failed == ["Apply the reviewed plan"]
    assert "the plan differs from the reviewed plan" in applied.printed
    assert _instances(github.aws) == 3


def test_a_blocked_change_is_not_deployed(github: GitHub) -> None:
    head = github.branch(_COUNT, _OPEN)
    (stack,) = _to_deploy(github, head)
    assert github.run("stack", "review", {"inputs": stack}, head=head).failed == ["Review"]


def test_drift_fails_with_a_review_of_it(github: GitHub) -> None:
    head = github.branch(_COUNT)
    listed = github.run("drift", "stacks", {"vars": {"AWS_PLAN_ROLE_ARN_DEV": _PLANNER}}, head=head)
    (environment,) = json.loads(listed.outputs["environments"])
    settled = github.run("drift", "plan", {"matrix": environment}, head=head)
    assert settled.failed == [], settled.printed
    assert "acme-dev-kmeans has no resource policy\n" in settled.printed
    assert "no drift: deployed resources match endpoints.toml" in settled.printed
    with _widened_role(github.aws):
        drifted = github.run("drift", "plan", {"matrix": environment}, head=head)
    assert drifted.failed == ["Check for drift"]
    assert "Role_Running" in drifted.summary


def test_a_resource_policy_of_an_endpoint_is_drift_that_no_plan_shows(github: GitHub) -> None:
    head, sagemaker = github.branch(_COUNT), github.aws.client("sagemaker")
    matrix = {"environment": "dev", "region": "us-west-2", "plan_role": _PLANNER, "stacks": _STACK}
    sagemaker.put_endpoint_policy(EndpointName="acme-dev-kmeans", ResourcePolicy=_ALL)
    try:
        drifted = github.run("drift", "plan", {"matrix": matrix}, head=head)
    finally:
        sagemaker.delete_endpoint_policy(EndpointName="acme-dev-kmeans")
    assert drifted.failed == ["Check for drift"]
    assert "::error::acme-dev-kmeans has a resource policy, which can allow other accounts" in drifted.printed
    assert "no drift" not in drifted.printed
    assert drifted.summary == ""


def test_the_listings_of_the_documentation_do_the_same_by_hand(github: GitHub) -> None:
    checkout = github.branch(_COUNT).directory
    on_a_branch, on_main = _listings()
    github.shell(
        "git init -q -b main\ngit config user.name me\ngit config user.email me@example.com\n"
        "echo cdktf.out >.gitignore\ngit add .\ngit commit -q -m base\ngit update-ref refs/remotes/origin/main HEAD\n"
        "sed -i 's/initial_instance_count = 3/initial_instance_count = 4/' endpoints.toml\n"
        "git commit -q -a -m change\n",
        checkout,
        role="planner",
    )
    printed = github.shell(on_a_branch, checkout, role="planner")
    assert f"planned {_STACK}" in printed
    assert "kmeans" in (checkout.parent / "review.md").read_text()
    assert _instances(github.aws) == 3
    printed = github.shell(on_main, checkout, role="deployer")
    assert "no drift: deployed resources match endpoints.toml" in printed
    assert _instances(github.aws) == 4


@contextmanager
def _widened_role(aws: Emulator) -> Iterator[None]:
    """Widen a policy of the execution role outside of Terraform, for a while."""
    iam, name = aws.client("iam"), {"RoleName": _ROLE, "PolicyName": "running"}
    policy = json.dumps(iam.get_role_policy(**name)["PolicyDocument"])
    iam.put_role_policy(**name, PolicyDocument=_ALL)
    try:
        yield
    finally:
        iam.put_role_policy(**name, PolicyDocument=policy)


def _reviewed(github: GitHub, head: Workspace, **options: Any) -> dict[str, Finished]:
    return github.pull_request(head, variables={"AWS_PLAN_ROLE_ARN_DEV": _PLANNER}, **options)


def _results(ran: Mapping[str, Finished]) -> dict[str, str]:
    return {name: finished.result for name, finished in ran.items()}


def _spy(github: GitHub, head: Workspace, *files: str) -> Path:
    """Let each of the files record where and with which variables it runs; return the record."""
    spy = github.machines.parent / f"spy-{head.directory.name}"
    for name in files:
        file = head.directory / name
        text = file.read_text() if file.exists() else _STANDARD * (name == "argparse.py")
        file.write_text(_SPY.format(file=name, spy=str(spy)) + text)
    return spy


def _to_deploy(github: GitHub, head: Workspace) -> list[Json]:
    pushed = {"event_name": "push", "event": {"before": "0" * 40, "created": False}}
    contexts = {"github": pushed, "vars": {"aws_plan_role_arn_dev": _PLANNER}}
    changed = github.run("deploy", "changed", contexts, head=head, base=github.main)
    assert json.loads(changed.outputs["shared"]) == []
    (batch,) = json.loads(changed.outputs["endpoints"])
    stacks: list[Json] = json.loads(batch["stacks"])
    return stacks


def _to_apply(stack: Json, reviewed: Finished) -> Json:
    return {
        "inputs": stack,
        "needs": {"review": {"outputs": reviewed.outputs}},
        "vars": {"AWS_APPLY_ROLE_ARN": _DEPLOYER},
    }


def _listings() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "workflows.md").read_text(), flags=re.DOTALL)


def _instances(aws: Emulator) -> int:
    sagemaker = aws.client("sagemaker")
    name = sagemaker.describe_endpoint(EndpointName="acme-dev-kmeans")["EndpointConfigName"]
    variants = sagemaker.describe_endpoint_config(EndpointConfigName=name)["ProductionVariants"]
    return int(variants[0]["InitialInstanceCount"])


def _printed_policies(workspace: Workspace, who: str) -> dict[str, str]:
    printed = subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "policy", who, "dev"],
        cwd=workspace.directory,
        env=workspace.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: json.dumps(policy) for name, policy in json.loads(printed.stdout).items()}


def _make_role(aws: Emulator, name: str, policies: Mapping[str, str]) -> None:
    iam = aws.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement":[]}')
    for policy_name, policy in policies.items():
        iam.put_role_policy(RoleName=name, PolicyName=policy_name, PolicyDocument=policy)
