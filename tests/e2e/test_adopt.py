"""Endpoints that boto3 created are printed as tables, imported, reviewed and updated in place, on the sandbox.

They stay in service the whole time: Terraform neither deletes nor creates an endpoint, and updates it once. The second
plan is empty. With AWS provider 5, the variant of inference components keeps a model (`test_inference_components`).
"""

import json
import shutil
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from sandbox.emulator import Emulator
from tests.e2e.aws_command_line import aws_commands, call
from tests.e2e.killed import recover, run
from tests.e2e.made_by_hand import MODES, ROLE, create, create_role
from tests.workspace import Workspace

Json = dict[str, Any]

_AS_BEFORE = "as it was before"
_ALL_OF_ONE_FILE = [mode for mode in MODES if mode != "components"]
# What the review says of every adopted endpoint, and of the modes.
_REVIEWED = {"execution-role-unreviewable", "served-unreviewable", "iam-added", "retention-lowered"}
_REVIEWED_BY_MODE = {
    "variants": {"isolation-off", "capture-off", "scale-reset", "scaling-changed"},
    "asynchronous": {"isolation-off", "capture-off", "scale-reset"},
    "serverless": {"serverless-not-isolated", "scale-reset"},
    "shadow": {"isolation-off", "capture-off"},
    "pipeline": {"isolation-off", "capture-off"},
    "multi-model": {"isolation-off", "capture-reduced", "key-changed", "network-changed"},
}


class Adoption:
    """The adopted endpoints of one file, each in a stack of its own."""

    def __init__(self, aws: Emulator, workspace: Workspace, *, pinned: bool = True) -> None:
        self.aws, self.workspace = aws, workspace
        self.printed: dict[str, str] = {}
        self._file = workspace.directory / "endpoints.toml"
        project = self._file.read_text().partition("[environments")[0]
        self._file.write_text(project if pinned else '[project]\nname = "acme"\n')

    def adopt(self, mode: str) -> None:
        """Create an endpoint, and add its printed tables to endpoints.toml."""
        name, environment = create(self.aws, mode), _environment(mode)
        options = ("--name", name, "--region", "us-west-2", "--environment", environment)
        printed = run(self.workspace, sys.executable, "-m", "protected_endpoints", "adopt", *options)
        assert printed.returncode == 0, printed.stdout
        self.printed[mode] = printed.stdout
        with self._file.open("a") as file:
            file.write(printed.stdout)

    def synth(self) -> None:
        """Synthesize all stacks, with a copy for the review, which Terraform does not write to."""
        self.workspace.synth()
        shutil.copytree(self.workspace.directory / "cdktf.out", self.workspace.directory / "reviewed")

    def table(self, mode: str) -> Json:
        table: Json = tomllib.loads(self._file.read_text())["endpoints"][f"old-{mode}"]
        return table

    def review(self, stack: str, terraform: Terraform) -> list[str]:
        """Plan a stack, and return the rules of its findings."""
        plan = self.workspace.directory / f"{stack}.json"
        plan.write_text(json.dumps(terraform.plan()))
        arguments = (plan.name, "--synthesized", "reviewed", "--json", "review.json")
        run(self.workspace, sys.executable, "-m", "protected_endpoints", "review", *arguments)
        (reviewed,) = json.loads((self.workspace.directory / "review.json").read_text())["stacks"]
        return [finding["rule"] for finding in reviewed["findings"]]


@pytest.fixture(scope="module")
def adoption(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Adoption:
    create_role(aws)
    workspace = Workspace(tmp_path_factory.mktemp("adopted") / "project", {**terraform_environment, **aws.environment})
    adoption = Adoption(aws, workspace)
    for mode in _ALL_OF_ONE_FILE:
        adoption.adopt(mode)
    adoption.synth()
    return adoption


def test_the_tables_keep_what_the_endpoints_have(adoption: Adoption) -> None:
    tables = {mode: adoption.table(mode) for mode in _ALL_OF_ONE_FILE}
    assert {table["execution_role_arn"] for table in tables.values()} == {ROLE}
    assert {table["relax"]["network_isolation"] for table in tables.values()} == {_AS_BEFORE}
    champion, challenger = tables["variants"]["variants"]
    assert (champion["initial_variant_weight"], challenger["initial_variant_weight"]) == (9, 1)
    assert [action["name"] for action in champion["scaling"]["scheduled_actions"]] == ["night"]
    assert (
        tables["asynchronous"]["async_inference_config"]["output_config"]["s3_output_path"] == "s3://acme-answers/old"
    )
    assert tables["asynchronous"]["scaling"]["scale_in_cooldown"] == 600
    assert tables["serverless"]["serverless_config"]["provisioned_concurrency"] == 2
    assert tables["multi-model"]["mode"] == "MultiModel"
    (shadow,) = tables["shadow"]["shadow_variants"]
    assert (shadow["model"], shadow["initial_variant_weight"]) == ("old-shadow-candidate", 1)
    hostnames = [container["container_hostname"] for container in tables["pipeline"]["container"]]
    assert hostnames == ["features", "scores"]
    assert tables["multi-model"]["data_capture"]["destination_s3_uri"] == "s3://acme-captured/old"
    assert tables["multi-model"]["kms"]["key_arn"].startswith("arn:aws:kms:us-west-2:111122223333:key/")


@pytest.mark.parametrize("mode", _ALL_OF_ONE_FILE)
def test_an_endpoint_is_adopted_without_an_outage(adoption: Adoption, mode: str) -> None:
    stack = f"{_environment(mode)}-old-{mode}"
    with _in_service(adoption.aws, mode):
        _import(adoption, mode, stack)
        terraform = adoption.workspace.stack(stack)
        assert {*adoption.review(stack, terraform)} == _REVIEWED | _REVIEWED_BY_MODE[mode]
        terraform.run("apply", "plan.bin")
    assert terraform.has_no_changes()
    _check_capacity_and_scaling(adoption.aws, mode)


def test_an_endpoint_with_inference_components_of_another_tool_is_adopted(
    aws: Emulator,
    adoption: Adoption,
    tmp_path_factory: pytest.TempPathFactory,
    terraform_environment: dict[str, str],
) -> None:
    assert adoption.aws is aws  # which has the execution role
    folder = tmp_path_factory.mktemp("components") / "project"
    components = Adoption(aws, Workspace(folder, {**terraform_environment, **aws.environment}), pinned=False)
    components.adopt("components")
    assert (
        "# NOTE: inference components stay with the tool that created them: llama\n" in components.printed["components"]
    )
    components.synth()
    terraform = components.workspace.stack("dev-old-components")
    if version := mirrored_version():
        _adapt_to_provider_5(terraform, version)
    with _in_service(aws, "components"):
        _import(components, "components", "dev-old-components")
        terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    component = aws.client("sagemaker").describe_inference_component(InferenceComponentName="llama")
    assert component["InferenceComponentStatus"] == "InService"


def _environment(mode: str) -> str:
    return "inside" if MODES[mode].in_vpc_with_key else "dev"


@contextmanager
def _in_service(aws: Emulator, mode: str) -> Iterator[None]:
    """Read the status of an endpoint again and again, and check it and the calls at the end."""
    name, before = f"Old-{mode}", len(aws.calls())
    sagemaker, statuses, ended = aws.client("sagemaker"), set(), threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            statuses.add(sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"])

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    assert "InService" in statuses <= {"InService", "Updating"}
    assert sagemaker.describe_endpoint(EndpointName=name)["EndpointConfigName"] != name
    actions = [call.action for call in aws.calls()[before:]]
    assert actions.count("UpdateEndpoint") == 1
    assert not {"CreateEndpoint", "DeleteEndpoint", "CreateLogGroup", "DeleteLogGroup"} & {*actions}


def _import(adoption: Adoption, mode: str, stack: str) -> None:
    """Do what the printed commands do, and import the endpoint with what belongs to it."""
    for command in aws_commands(adoption.printed[mode]):
        call(adoption.aws, command)
    recovered = recover(adoption.workspace, stack, "--auto-approve")
    assert recovered.returncode == 0, recovered.stdout
    assert f"import   aws_sagemaker_endpoint.Endpoint <- Old-{mode}" in recovered.stdout
    assert f"import   aws_cloudwatch_log_group.Logs <- /aws/sagemaker/Endpoints/Old-{mode}" in recovered.stdout
    assert ("import   aws_appautoscaling_target." in recovered.stdout) == bool(MODES[mode].scaling)
    assert "0 to destroy" in recovered.stdout


def _check_capacity_and_scaling(aws: Emulator, mode: str) -> None:
    described = aws.client("sagemaker").describe_endpoint(EndpointName=f"Old-{mode}")
    assert {variant["VariantName"] for variant in described["ProductionVariants"]} == {*MODES[mode].variants}
    if scaling := MODES[mode].scaling:
        resource = f"endpoint/Old-{mode}/variant/{scaling.variant}"
        autoscaling, of = aws.client("application-autoscaling"), {"ServiceNamespace": "sagemaker"}
        (target,) = autoscaling.describe_scalable_targets(**of, ResourceIds=[resource])["ScalableTargets"]
        assert (target["MinCapacity"], target["MaxCapacity"]) == scaling.capacities
        (policy,) = autoscaling.describe_scaling_policies(**of, ResourceId=resource)["ScalingPolicies"]
        tracking = policy["TargetTrackingScalingPolicyConfiguration"]
        assert tracking.items() >= scaling.tracking.items()
        actions = autoscaling.describe_scheduled_actions(**of, ResourceId=resource)["ScheduledActions"]
        assert [action["ScheduledActionName"] for action in actions] == ["night"] * bool(scaling.scheduled_action)


def _adapt_to_provider_5(terraform: Terraform, version: str) -> None:
    """Give the variant a model, which this version requires."""
    file = terraform.directory / "cdk.tf.json"
    stack = json.loads(file.read_text())
    stack["terraform"]["required_providers"]["aws"]["version"] = version
    (configuration,) = stack["resource"]["aws_sagemaker_endpoint_configuration"].values()
    del configuration["execution_role_arn"]
    configuration["production_variants"][0]["model_name"] = "Old-components-model"
    file.write_text(json.dumps(stack))
