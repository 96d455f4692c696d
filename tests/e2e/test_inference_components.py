"""Inference components on the sandbox: created, updated in place, failed, rolled back and deleted, by a deployer.

With AWS provider 5 the variant gets the model of a component, because it accepts no variant without one. Everything
else is deployed as it is synthesized. One deployment serves all tests of this file, in their order.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from protected_endpoints.loading.load import load
from protected_endpoints.policies import Document
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.policies.packing import pack
from sandbox.emulator import Emulator
from tests.e2e.deployed import said
from tests.workspace import Workspace

Json = dict[str, Any]

_STACK, _ENDPOINT, _COMPONENT, _ADAPTER = (
    "dev-shared",
    "acme-dev-shared",
    "acme-dev-shared-llama",
    "acme-dev-shared-tax",
)
_ADDRESS, _ADAPTER_ADDRESS = (
    "aws_cloudcontrolapi_resource.Component-llama",
    "aws_cloudcontrolapi_resource.Component-tax",
)
_FILE = """[project]
name = "acme"
aws_provider_version = ">= 6.40, < 7"

[environments.dev]
account_id = "111122223333"
region = "us-west-2"

[endpoints.shared]
instance_type = "ml.g4dn.12xlarge"
managed_instance_scaling = { min_instance_count = 0, max_instance_count = 2 }
invokers = ["arn:aws:iam::111122223333:role/checkout-api"]
data_capture.enable_capture = false
relax.prevent_destroy = "the endpoint of a test"

[endpoints.shared.inference_components.llama]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/llama:1"
model_data_url = "s3://my-bucket/llama/model.tar.gz"
compute_resource_requirements = { min_memory_required_in_mb = 1024, number_of_accelerator_devices_required = 2 }
copy_count = 1
scaling = { min_capacity = 0, max_capacity = 4, target_value = 5 }

[endpoints.shared.inference_components.tax]
base_inference_component = "llama"
artifact_url = "s3://my-bucket/tax/adapter.tar.gz"
"""


class Components:
    """The deployed file, which tests change."""

    def __init__(self, aws: Emulator, workspace: Workspace) -> None:
        self.aws, self._workspace, self._text = aws, workspace, _FILE
        for role in ("checkout-api", "deployer", "planner"):
            aws.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement":[]}')

    def with_change(self, *edits: tuple[str, str], role: str = "deployer") -> Terraform:
        """Return Terraform for the file with these edits alone, with the printed policies of a role."""
        text = self._text
        for old, new in edits:
            assert text.count(old) == 1
            text = text.replace(old, new)
        (self._workspace.directory / "endpoints.toml").write_text(text)
        self._workspace.synth()
        self._become(role)
        terraform = self._workspace.stack(_STACK)
        if version := mirrored_version():
            _adapt_to_provider_5(terraform.directory / "cdk.tf.json", version)
        terraform.init()
        return terraform

    def keep(self, *edits: tuple[str, str]) -> None:
        """Apply edits to the file, from which later changes start."""
        self.with_change(*edits).run("apply", "-auto-approve")
        self._text = (self._workspace.directory / "endpoints.toml").read_text()

    def describe(self, name: str = _COMPONENT) -> Json:
        described: Json = self.aws.client("sagemaker").describe_inference_component(InferenceComponentName=name)
        return described

    @property
    def models(self) -> list[str]:
        """The names of the models that exist."""
        calls = [(call.action, call.parameters.get("ModelName")) for call in self.aws.calls()]
        return [str(name) for action, name in calls if action == "CreateModel" and ("DeleteModel", name) not in calls]

    def _become(self, role: str) -> None:
        scope = EnvironmentScope(load(self._workspace.directory / "endpoints.toml").deployments)
        statements = deployer_statements(scope) if role == "deployer" else planner_statements(scope)
        _replace_policies(self.aws, role, pack(statements))
        self._workspace.environment |= self.aws.credentials(role)


def _adapt_to_provider_5(file: Path, version: str) -> None:
    stack = json.loads(file.read_text())
    stack["terraform"]["required_providers"]["aws"]["version"] = version
    (configuration,) = stack["resource"]["aws_sagemaker_endpoint_configuration"].values()
    del configuration["execution_role_arn"]
    configuration["production_variants"][0]["model_name"] = "${aws_sagemaker_model.Model-llama.name}"
    file.write_text(json.dumps(stack))


def _replace_policies(aws: Emulator, role: str, documents: list[Document]) -> None:
    iam = aws.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    for number, document in enumerate(documents):
        iam.put_role_policy(RoleName=role, PolicyName=f"{role}-{number}", PolicyDocument=json.dumps(document))


def _actions(terraform: Terraform) -> dict[str, list[str]]:
    changes = terraform.plan()["resource_changes"]
    return {
        change["address"]: change["change"]["actions"] for change in changes if change["change"]["actions"] != ["no-op"]
    }


def _failed(terraform: Terraform) -> str:
    with pytest.raises(CommandError) as failure:
        terraform.run("apply", "-auto-approve")
    return said(failure.value)


@pytest.fixture(scope="module")
def components(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Components:
    workspace = Workspace(tmp_path_factory.mktemp("components"), {**terraform_environment, **aws.environment})
    deployed = Components(aws, workspace)
    deployed.keep()
    return deployed


def test_the_components_are_in_service_with_their_tags_and_a_protected_log_group(components: Components) -> None:
    component, adapter = components.describe(), components.describe(_ADAPTER)
    assert component["InferenceComponentStatus"] == adapter["InferenceComponentStatus"] == "InService"
    assert adapter["Specification"]["BaseInferenceComponentName"] == _COMPONENT
    sagemaker, logs = components.aws.client("sagemaker"), components.aws.client("logs")
    tags = sagemaker.list_tags(ResourceArn=component["InferenceComponentArn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"endpoint": "shared", "environment": "dev", "project": "acme"}
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/aws/sagemaker/InferenceComponents/")["logGroups"]
    assert group["logGroupName"] == f"/aws/sagemaker/InferenceComponents/{_COMPONENT}"
    assert group["kmsKeyId"].startswith("arn:aws:kms:")


def test_a_planner_sees_no_changes(components: Components) -> None:
    terraform = components.with_change(role="planner")
    assert terraform.run("plan", "-lock=false", "-detailed-exitcode", accept=(0, 2)).returncode == 0


def test_an_invoker_reaches_the_components_of_the_endpoint_only(components: Components) -> None:
    runtime = components.aws.client("sagemaker-runtime", as_role="checkout-api")
    for name in (_COMPONENT, _ADAPTER):
        runtime.invoke_endpoint(EndpointName=_ENDPOINT, InferenceComponentName=name, Body=b"1,2")
    with pytest.raises(ClientError, match="inference-component/acme-dev-shared-other"):
        runtime.invoke_endpoint(EndpointName=_ENDPOINT, InferenceComponentName=f"{_ENDPOINT}-other", Body=b"1,2")


def test_a_changed_model_is_created_first_and_the_component_is_updated_in_place(components: Components) -> None:
    sagemaker = components.aws.client("sagemaker")
    sagemaker.update_inference_component_runtime_config(
        InferenceComponentName=_COMPONENT, DesiredRuntimeConfig={"CopyCount": 3}
    )
    assert components.with_change().has_no_changes()  # copies that are scaled are no drift
    before = components.models
    change = ("llama:1", "llama:2")
    actions = _actions(components.with_change(change))
    assert actions[_ADDRESS] == ["update"]
    assert actions["aws_sagemaker_model.Model-llama"] == ["create", "delete"]
    assert _ADAPTER_ADDRESS not in actions
    components.keep(change)
    component = components.describe()
    assert components.models == [component["Specification"]["ModelName"]] != before
    assert component["RuntimeConfig"]["DesiredCopyCount"] == 3
    assert components.with_change().has_no_changes()


def test_changed_requirements_are_updated_in_place(components: Components) -> None:
    components.keep(("devices_required = 2", "devices_required = 1"))
    required = components.describe()["Specification"]["ComputeResourceRequirements"]
    assert required["NumberOfAcceleratorDevicesRequired"] == 1


def test_a_changed_number_of_copies_is_refused_and_changes_nothing(components: Components) -> None:
    change = ("copy_count = 1", "copy_count = 2")
    text = _failed(components.with_change(change))
    assert "noSuchPath in source, path provided : //RuntimeConfig/CopyCount" in text
    assert components.describe()["RuntimeConfig"]["DesiredCopyCount"] == 3
    # The provider records the change in spite of the error, so that the same file can be applied from now on.
    assert components.with_change(change).has_no_changes()
    components.keep(change)


def test_an_update_that_is_rolled_back_fails_and_keeps_the_model_that_serves(components: Components) -> None:
    model = components.describe()["Specification"]["ModelName"]
    text = _failed(components.with_change(("llama/model.tar.gz", "unhealthy/model.tar.gz")))
    assert f"SageMaker rolled inference component {_COMPONENT} back" in text
    assert components.describe()["Specification"]["ModelName"] == model
    assert model in components.models
    components.keep(("llama/model.tar.gz", "better/model.tar.gz"))
    assert components.models == [components.describe()["Specification"]["ModelName"]]


def test_an_adapter_that_is_rolled_back_fails_the_apply(components: Components) -> None:
    text = _failed(components.with_change(("tax/adapter.tar.gz", "unhealthy/adapter.tar.gz")))
    assert f"SageMaker rolled inference component {_ADAPTER} back" in text
    components.keep()
    assert components.with_change().has_no_changes()


def test_a_new_component_that_fails_is_reported_with_its_reason_and_can_be_corrected(components: Components) -> None:
    failing = (
        '[endpoints.shared.inference_components.law]\nbase_inference_component = "llama"\nartifact_url = "s3://{}"\n'
    )
    name, end = "my-bucket/unhealthy.tar.gz", 'artifact_url = "s3://my-bucket/tax/adapter.tar.gz"\n'
    text = _failed(components.with_change((end, f"{end}\n{failing.format(name)}")))
    assert (
        f"SageMaker does not run inference component {_ENDPOINT}-law: The container of the inference component did not "
        "pass the ping health check."
    ) in text
    components.keep((end, f"{end}\n{failing.format('my-bucket/corrected.tar.gz')}"))
    assert components.describe(f"{_ENDPOINT}-law")["InferenceComponentStatus"] == "InService"
    assert components.with_change().has_no_changes()


def test_copies_scale_to_zero_and_back(components: Components) -> None:
    aws, runtime = components.aws, components.aws.client("sagemaker-runtime", as_role="checkout-api")
    request = {"EndpointName": _ENDPOINT, "InferenceComponentName": _COMPONENT, "Body": b"1,2"}
    aws.pass_minutes(15)
    assert components.describe()["RuntimeConfig"]["DesiredCopyCount"] == 0
    assert components.with_change().has_no_changes()
    with pytest.raises(ClientError, match="no capacity to process this request"):
        runtime.invoke_endpoint(**request)
    aws.pass_minutes(1)
    assert components.describe()["RuntimeConfig"]["DesiredCopyCount"] == 1
    runtime.invoke_endpoint(**request)


def test_components_are_deleted_before_the_endpoint_and_adapters_before_their_base(components: Components) -> None:
    before = len(components.aws.calls())
    components.with_change().run("destroy", "-auto-approve")
    deleted = [
        str(call.parameters.get("Identifier") or call.parameters.get("EndpointName")).rpartition("/")[2]
        for call in components.aws.calls()[before:]
        if call.action in ("DeleteResource", "DeleteEndpoint")
    ]
    assert {*deleted[:2]} == {_ADAPTER, f"{_ENDPOINT}-law"}
    assert deleted[2:] == [_COMPONENT, _ENDPOINT]
    with pytest.raises(ClientError, match="Could not find inference component"):
        components.describe()
    assert components.models == []
    autoscaling = components.aws.client("application-autoscaling")
    assert autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []
    assert components.aws.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
