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
_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


@pytest.fixture(scope="module")
def github(aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> GitHub:
    location = {"LocationConstraint": aws.region}
    aws.client("s3").create_bucket(Bucket="acme-tfstate", CreateBucketConfiguration=location)
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    github = GitHub(aws, tmp_path_factory.mktemp("github"), {**terraform_environment, **aws.environment})
    github.earlier_comment("")
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
    head = github.branch(_COUNT)
    compared = _compared(github, head)
    (environment,) = json.loads(compared.outputs["environments"])
    assert environment == {
        "environment": "dev",
        "region": "us-west-2",
        "plan_role": _PLANNER,
        "stacks": _STACK,
    }
    assert compared.ran == ["Synthesize", "List changed stacks"]
    planned = github.run("review", "plan", _pull_request(matrix=environment), head=head, base=github.main)
    assert planned.failed == [], planned.printed
    assert planned.ran == ["Synthesize", "Plan", "Review", "Comment"]
    assert github.comment.startswith("<!-- review of dev -->\n<!-- endpoint-review ")
    assert "kmeans" in github.comment
    assert PRIVATE not in github.comment
    assert "--method POST repos/acme/endpoints/issues/7/comments" in github.call


def test_a_blocking_finding_fails_the_check_and_updates_the_earlier_comment(github: GitHub) -> None:
    github.earlier_comment("42\n")
    head = github.branch(_OPEN)
    (environment,) = json.loads(_compared(github, head).outputs["environments"])
    planned = github.run("review", "plan", _pull_request(matrix=environment), head=head, base=github.main)
    assert planned.failed == ["Review"], planned.printed
    assert "isolation-off" in github.comment
    assert "--method PATCH repos/acme/endpoints/issues/comments/42" in github.call


def test_the_acknowledgements_of_the_pull_request_are_read(github: GitHub) -> None:
    head = github.branch(_COUNT)
    (head.directory / "review.toml").write_text("not TOML")
    (environment,) = json.loads(_compared(github, head).outputs["environments"])
    planned = github.run("review", "plan", _pull_request(matrix=environment), head=head, base=github.main)
    assert planned.failed == ["Review"]
    assert "review.toml: not valid TOML" in planned.printed
    assert "could not be planned" in github.comment


def test_a_failed_plan_replaces_the_earlier_review(github: GitHub) -> None:
    head = github.branch(("acme-tfstate", "no-such-bucket"))
    matrix = {"environment": "dev", "region": "us-west-2", "plan_role": _DEPLOYER, "stacks": _STACK}
    planned = github.run("review", "plan", _pull_request(matrix=matrix), head=head, base=github.main)
    assert planned.failed == ["Plan"]
    assert "no-such-bucket" in planned.printed
    assert "could not be planned" in github.comment


def test_a_provider_that_is_not_locked_is_not_run(github: GitHub) -> None:
    matrix = {"environment": "dev", "region": "us-west-2", "plan_role": _PLANNER, "stacks": _STACK}
    lock = (github.main.directory / LOCK).read_text()
    for damaged, said in (
        ("", "contains no version of the AWS provider"),
        (re.sub('"h1:[^"]+"', f'"h1:{"A" * 43}="', lock), "checksums previously recorded"),
    ):
        head = github.branch()
        (head.directory / LOCK).write_text(damaged)
        planned = github.run("review", "plan", _pull_request(matrix=matrix), head=head, base=github.main)
        assert planned.failed == ["Plan"]
        assert said in planned.printed


def test_a_removed_endpoint_is_planned_to_be_destroyed(github: GitHub) -> None:
    text = (github.main.directory / "endpoints.toml").read_text()
    other = text[text.index("[endpoints.kmeans]") :].replace("kmeans]", "other]")
    base = github.branch(("[endpoints.kmeans]", f"{other}\n[endpoints.kmeans]"))
    compared = github.run("review", "compare", _pull_request(), head=github.main, base=base)
    (environment,) = json.loads(compared.outputs["environments"])
    assert environment["stacks"] == "dev-other"
    planned = github.run("review", "plan", _pull_request(matrix=environment), head=github.main, base=base)
    assert planned.failed == [], planned.printed  # it was never deployed, so nothing is destroyed


def test_a_fork_is_compared_without_credentials_and_fails_on_a_blocking_finding(github: GitHub) -> None:
    for edits, failed in (((_COUNT,), []), ((_OPEN,), ["Review stacks without a plan"])):
        compared = _compared(github, github.branch(*edits), of="contributor/endpoints")
        assert json.loads(compared.outputs["environments"]) == []
        assert compared.failed == failed, compared.printed
        assert "kmeans" in compared.summary
        assert "it has no planner role; set AWS_PLAN_ROLE_ARN_DEV" in compared.printed


def test_the_required_check_fails_with_either_job_and_passes_without_a_plan(github: GitHub) -> None:
    def failed(compared: str, planned: str) -> bool:
        needs = {"compare": {"result": compared}, "plan": {"result": planned}}
        return bool(github.run("review", "review", {"needs": needs}, head=github.main).failed)

    assert not failed("success", "success")
    assert not failed("success", "skipped")
    assert failed("failure", "success")
    assert failed("success", "failure")
    assert failed("success", "cancelled")
    assert failed("skipped", "skipped")


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
        "sed -i 's/initial_instance_count = 3/initial_instance_count = 4/' endpoints.toml\n",
        checkout,
        role="planner",
    )
    printed = github.shell(on_a_branch, checkout, role="planner")
    assert f"planning {_STACK}" in printed
    assert "kmeans" in (checkout / "review.md").read_text()
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


def _compared(github: GitHub, head: Workspace, of: str = "acme/endpoints") -> Finished:
    return github.run("review", "compare", _pull_request(of=of), head=head, base=github.main)


def _pull_request(of: str = "acme/endpoints", **contexts: Any) -> Json:
    pull_request = {"number": 7, "base": {"sha": "0" * 40}, "head": {"repo": {"full_name": of}}}
    return {
        "github": {"event": {"pull_request": pull_request}, "repository": "acme/endpoints", "token": "token"},
        "vars": {"AWS_PLAN_ROLE_ARN_DEV": _PLANNER},
        **contexts,
    }


def _to_deploy(github: GitHub, head: Workspace) -> list[Json]:
    pushed = {"event_name": "push", "event": {"before": "0" * 40, "created": False}}
    contexts = {"github": pushed, "vars": {"aws_plan_role_arn_dev": _PLANNER}}
    changed = github.run("deploy", "changed", contexts, head=head, base=github.main)
    assert json.loads(changed.outputs["shared"]) == []
    stacks: list[Json] = json.loads(changed.outputs["endpoints"])
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
