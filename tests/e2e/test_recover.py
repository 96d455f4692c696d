"""The printed commands repair a run that was killed at each create, left taints or lost its state, on the sandbox.

One endpoint goes through all of it, in the order of this file, and is created once in the end.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from protected_endpoints.errors import CommandError
from protected_endpoints.loading.load import load
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.packing import pack
from sandbox.emulator import Emulator
from sandbox.faults import Fault
from tests.e2e.killed import kill_apply, recover, run
from tests.workspace import Workspace

_STACK, _ENDPOINT = "dev-kmeans", "acme-dev-kmeans"
# Calls in their order. Those of a stage run at the same time, and all have taken effect without an answer when
# Terraform is killed.
_STAGES = [
    ("kms:CreateKey", "s3:PUT /acme-dev-kmeans-capture-*", "iam:CreatePolicy"),
    ("kms:CreateAlias", "logs:CreateLogGroup", "iam:CreateRole"),
    ("sagemaker:CreateModel",),
    ("sagemaker:CreateEndpointConfig",),
    ("sagemaker:CreateEndpoint",),
]


@pytest.fixture(scope="module", autouse=True)
def _caller(aws: Emulator) -> None:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')


@pytest.fixture(scope="module")
def workspace(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("recover") / "project", {**terraform_environment, **aws.environment})
    workspace.synth()
    workspace.stack(_STACK).init()
    return workspace


def test_an_unknown_stack_is_one_line(workspace: Workspace) -> None:
    finished = run(workspace, sys.executable, "-m", "protected_endpoints", "recover", "prod-kmeans")
    assert (finished.returncode, finished.stdout) == (
        1,
        'stack: not synthesized, got "prod-kmeans"; use dev-kmeans\n',
    )


@pytest.mark.parametrize("calls", _STAGES, ids=" ".join)
def test_resources_of_a_killed_apply_are_recovered(aws: Emulator, workspace: Workspace, calls: tuple[str, ...]) -> None:
    kill_apply(aws, workspace, _STACK, *calls)
    recovered = recover(workspace, _STACK, "--auto-approve")
    assert recovered.returncode == 0, recovered.stdout
    assert "import   " in recovered.stdout, recovered.stdout
    assert not re.search(r"[1-9]\d* to destroy", recovered.stdout), recovered.stdout
    assert f"{_STACK}: if the plan above is correct, run: make deploy STACK={_STACK}." in recovered.stdout


def test_the_next_apply_creates_the_rest_and_nothing_twice(aws: Emulator, workspace: Workspace) -> None:
    terraform = workspace.stack(_STACK)
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    assert len(aws.client("kms").list_keys()["Keys"]) == 1
    actions = [call.action for call in aws.calls()]
    assert actions.count("CreateEndpoint") == actions.count("CreateKey") == actions.count("CreateModel") == 1
    assert not [action for action in actions if action.startswith("Delete") and "Policy" not in action]


def test_a_second_run_has_nothing_to_recover(workspace: Workspace) -> None:
    recovered = recover(workspace, _STACK)
    assert recovered.returncode == 0, recovered.stdout
    assert f"{_STACK}: nothing to recover" in recovered.stdout
    assert "No changes." in recovered.stdout


def test_nothing_is_changed_without_a_confirmation(workspace: Workspace) -> None:
    workspace.stack(_STACK).remove_from_state("aws_sagemaker_model.Model")
    before = _state(workspace).read_text()
    refused = recover(workspace, _STACK, answer="no\n")
    assert refused.returncode == 1
    assert "import   aws_sagemaker_model.Model <- acme-dev-kmeans-" in refused.stdout
    assert f"{_STACK}: not confirmed; nothing was changed" in refused.stdout
    assert _state(workspace).read_text() == before
    agreed = recover(workspace, _STACK, answer="yes\n")
    assert agreed.returncode == 0, agreed.stdout
    assert "No changes." in agreed.stdout


def test_a_deployer_recovers_a_lost_state(aws: Emulator, workspace: Workspace) -> None:
    state, terraform = _state(workspace), workspace.stack(_STACK)
    before, calls = _addresses(state), len(aws.calls())
    state.unlink()
    with _as_deployer(aws, workspace):
        recovered = recover(workspace, _STACK, "--auto-approve")
    assert recovered.returncode == 0, recovered.stdout
    assert _addresses(state) == before
    # Only the state of Terraform contains the deletion window of a key.
    assert re.findall(r"# (\S+?)(?:\x1b\S*)? will be", recovered.stdout) == ["aws_kms_key.Key"]
    assert "0 to add, 1 to change, 0 to destroy" in recovered.stdout
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    changing = ("Create", "Put", "Update", "Delete", "Schedule", "Disable")
    asked = [call.action for call in aws.calls()[calls:] if call.service in ("kms", "sagemaker", "logs")]
    assert not [action for action in asked if action.startswith(changing)]


def test_orphans_are_listed_with_a_command_and_not_changed(aws: Emulator, workspace: Workspace) -> None:
    kms, sagemaker = aws.client("kms"), aws.client("sagemaker")
    tags = {"project": "acme", "environment": "dev", "endpoint": "kmeans"}
    tagged = [{"TagKey": key, "TagValue": value} for key, value in tags.items()]
    described = kms.describe_key(KeyId=f"alias/{_ENDPOINT}")["KeyMetadata"]["Description"]
    key = kms.create_key(Tags=tagged, Description=described)["KeyMetadata"]["KeyId"]
    kms.create_key(Tags=[*tagged[:2], {"TagKey": "endpoint", "TagValue": "other"}], Description=described)
    serving = sagemaker.describe_endpoint(EndpointName=_ENDPOINT)["EndpointConfigName"]
    variants = sagemaker.describe_endpoint_config(EndpointConfigName=serving)["ProductionVariants"]
    names = [f"{_ENDPOINT}-20200101000000000000000001", f"{_ENDPOINT}-other-20200101000000000000000001"]
    for name in names:
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)
    recovered = recover(workspace, _STACK)
    assert recovered.returncode == 0, recovered.stdout
    assert f"aws kms schedule-key-deletion --region us-west-2 --key-id {key}" in recovered.stdout
    assert f"delete-endpoint-config --region us-west-2 --endpoint-config-name {names[0]}\n" in recovered.stdout
    assert recovered.stdout.count("orphan   ") == 2
    assert "nothing to recover" in recovered.stdout
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    assert sagemaker.describe_endpoint_config(EndpointConfigName=names[0])


@contextmanager
def _as_deployer(aws: Emulator, workspace: Workspace) -> Iterator[None]:
    """Run with the printed policies of a deployer; the sandbox denies all other actions."""
    iam = aws.client("iam")
    iam.create_role(RoleName="deploys", AssumeRolePolicyDocument='{"Statement":[]}')
    reach = EnvironmentScope(load(workspace.directory / "endpoints.toml").deployments)
    for number, policy in enumerate(pack(deployer_statements(reach))):
        created = iam.create_policy(PolicyName=f"deploys-{number}", PolicyDocument=json.dumps(policy))
        iam.attach_role_policy(RoleName="deploys", PolicyArn=created["Policy"]["Arn"])
    before = workspace.environment
    workspace.environment = before | aws.credentials("deploys")
    yield
    workspace.environment = before


def _state(workspace: Workspace) -> Path:
    return workspace.directory / f"terraform.{_STACK}.tfstate"


def _addresses(state: Path) -> set[str]:
    resources = json.loads(state.read_text())["resources"]
    return {f"{resource['type']}.{resource['name']}" for resource in resources if resource["mode"] == "managed"}


@pytest.mark.parametrize(
    ("way", "call", "tainted", "refused"),
    [
        ("untaint", "kms:GetKeyRotationStatus", {"aws_kms_key.Key"}, "Instance cannot be destroyed"),
        ("recover", "kms:GetKeyRotationStatus", {"aws_kms_key.Key"}, "Instance cannot be destroyed"),
        ("untaint", "iam:GetRole", {"aws_iam_role.Role"}, "EntityAlreadyExists"),
        # Nothing is refused here: each policy is written again and then deleted, so the role loses it.
        ("recover", "iam:GetRolePolicy", {"Running", "KeyUse", "Version"}, ""),
    ],
)
def test_tainted_resources_are_kept_by_the_printed_command(
    aws: Emulator,
    tmp_path: Path,
    terraform_environment: dict[str, str],
    way: str,
    call: str,
    tainted: set[str],
    refused: str,
) -> None:
    """A call that is refused after a create taints the resource, and Terraform cannot replace it."""
    workspace = Workspace(tmp_path / "project", {**terraform_environment, **aws.environment})
    project = f"{way}-{call.rpartition(':')[2].lower().removeprefix('get')[:9]}"
    workspace.edit('name = "acme"', f'name = "{project}"')
    workspace.edit('initial_sampling_percentage = 100\ncapture_mode = "All"', "enable_capture = false")
    workspace.synth()
    terraform = workspace.stack(_STACK)
    terraform.init()
    with (
        aws.inject(Fault(call, error="AccessDenied", status=403)),
        pytest.raises(CommandError, match="AccessDenied"),
    ):
        terraform.run("apply", "-auto-approve")
    if refused:
        with pytest.raises(CommandError, match=refused):
            terraform.run("apply", "-auto-approve")
    keys = _keys(aws)
    if way == "untaint":
        hint = run(workspace, sys.executable, "-m", "protected_endpoints", "tainted", _STACK)
        assert hint.returncode == 1
        command, _, then = hint.stdout.rpartition(": ")[2].strip().rpartition(" && ")
        assert command == f"terraform -chdir=cdktf.out/stacks/{_STACK} untaint {min(tainted)}", hint.stdout
        assert then == f"make deploy STACK={_STACK}"
        assert run(workspace, "sh", "-c", command).returncode == 0
    else:
        recovered = recover(workspace, _STACK, "--auto-approve")
        assert recovered.returncode == 0, recovered.stdout
        untainted = re.findall(
            r"^untaint  (\S+): exists, and Terraform cannot replace it$", recovered.stdout, re.MULTILINE
        )
        assert {address if address in tainted else address.split("_")[-2] for address in untainted} == tainted
        assert "0 to destroy" in recovered.stdout
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    assert _keys(aws) == keys
    assert run(workspace, sys.executable, "-m", "protected_endpoints", "tainted").stdout == ""


def _keys(aws: Emulator) -> set[str]:
    return {key["KeyId"] for key in aws.client("kms").list_keys()["Keys"]}
