"""Endpoints that scale, on the sandbox: their updates in order, scaled to zero and back, and destroyed.

The endpoints of one configuration serve all tests of this file, in their order.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from tests.workspace import Workspace

Json = dict[str, Any]

_STACKS = ("dev-scaled", "dev-split", "dev-waking", "dev-provisioned")
_SCALED = "acme-dev-scaled"
_MODEL = """image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
model_data_url = "s3://my-bucket/model.tar.gz"
"""
_SETTINGS = 'data_capture.enable_capture = false\nrelax.prevent_destroy = "it is a test"\n'
_FILE = f"""[project]
name = "acme"

[environments.dev]
account_id = "111122223333"
region = "us-west-2"

[endpoints.scaled]
{_MODEL}{_SETTINGS}instance_type = "ml.m5.xlarge"

[endpoints.scaled.scaling]
min_capacity = 2
max_capacity = 6
target_value = 70
scale_out_cooldown = 60

[[endpoints.scaled.scaling.scheduled_actions]]
name = "night"
schedule = "cron(0 20 * * ? *)"
timezone = "Europe/Zurich"
min_capacity = 1
max_capacity = 2

[endpoints.split]
{_SETTINGS}
[endpoints.split.models.kmeans]
{_MODEL}
[[endpoints.split.variants]]
variant_name = "champion"
model = "kmeans"
instance_type = "ml.m5.xlarge"
initial_variant_weight = 9
scaling = {{ min_capacity = 1, max_capacity = 3, target_value = 70 }}

[[endpoints.split.variants]]
variant_name = "challenger"
model = "kmeans"
instance_type = "ml.m5.2xlarge"
initial_variant_weight = 1

[endpoints.waking]
{_MODEL}{_SETTINGS}instance_type = "ml.m5.xlarge"
invokers = ["arn:aws:iam::111122223333:role/checkout-api"]
async_inference_config.output_config.s3_output_path = "s3://my-bucket/answers"
scaling = {{ min_capacity = 0, max_capacity = 2, target_value = 5 }}

[endpoints.provisioned]
{_MODEL}{_SETTINGS}serverless_config = {{ memory_size_in_mb = 2048, max_concurrency = 10, provisioned_concurrency = 2 }}
relax.network_isolation = "serverless inference has none"
scaling = {{ min_capacity = 2, max_capacity = 8, target_value = 0.7 }}
"""
_DEREGISTERED = ("DeleteScalingPolicy", "DeleteScheduledAction", "DeregisterScalableTarget")
_REGISTERED = ("RegisterScalableTarget", "PutScheduledAction", "PutScalingPolicy")


class Scaled:
    """The deployed file, which tests change."""

    def __init__(self, aws: Emulator, workspace: Workspace) -> None:
        self.aws, self._workspace = aws, workspace
        version = mirrored_version()
        pinned = f'[project]\naws_provider_version = "{version}"\n' if version else "[project]\n"
        self._text = _FILE.replace("[project]\n", pinned)

    def stack(self, name: str, *edits: tuple[str, str]) -> Terraform:
        """Return Terraform for a stack after edits of the file, which stay."""
        for old, new in edits:
            assert self._text.count(old) == 1
            self._text = self._text.replace(old, new)
        (self._workspace.directory / "endpoints.toml").write_text(self._text)
        self._workspace.synth()
        terraform = self._workspace.stack(name)
        terraform.init()
        return terraform

    def all_stacks(self) -> dict[str, Terraform]:
        self.stack(_STACKS[0])
        return {name: self._workspace.stack(name) for name in _STACKS}

    def apply(self, name: str, *edits: tuple[str, str]) -> list[str]:
        """Apply edits and return the calls that change something. A second plan has to be empty."""
        terraform, before = self.stack(name, *edits), len(self.aws.calls())
        terraform.run("apply", "-auto-approve")
        calls = _changes(self.aws, before)
        assert terraform.has_no_changes()
        return calls

    def variants(self, endpoint: str) -> dict[str, Json]:
        """Return the variants of an endpoint as they run."""
        described = self.aws.client("sagemaker").describe_endpoint(EndpointName=endpoint)
        return {variant["VariantName"]: variant for variant in described["ProductionVariants"]}

    def count(self, endpoint: str) -> int:
        """Return the number of instances of the only variant of an endpoint."""
        return int(self.variants(endpoint)["AllTraffic"]["DesiredInstanceCount"])

    def bounds(self, endpoint: str, variant: str = "AllTraffic") -> tuple[int, int]:
        """Return the capacity between which a variant scales."""
        (target,) = self.aws.client("application-autoscaling").describe_scalable_targets(
            ServiceNamespace="sagemaker", ResourceIds=[f"endpoint/{endpoint}/variant/{variant}"]
        )["ScalableTargets"]
        return target["MinCapacity"], target["MaxCapacity"]


def _changes(aws: Emulator, before: int) -> list[str]:
    """Return the actions since a call that change an endpoint, its alarms or its scaling."""
    services, verbs = (
        ("sagemaker", "application-autoscaling", "monitoring"),
        ("Create", "Update", "Delete", "Register", "Deregister", "Put"),
    )
    calls = (call for call in aws.calls()[before:] if call.service in services)
    return [call.action for call in calls if call.action.startswith(verbs)]


def _at_once(do: Any, stacks: dict[str, Terraform]) -> dict[str, Any]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(stacks, pool.map(do, stacks.values()), strict=True))


@pytest.fixture(scope="module")
def scaled(aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> Scaled:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    location = {"LocationConstraint": aws.region}
    aws.client("s3").create_bucket(Bucket="my-bucket", CreateBucketConfiguration=location)
    workspace = Workspace(tmp_path_factory.mktemp("scaled") / "project", {**terraform_environment, **aws.environment})
    deployed = Scaled(aws, workspace)
    _at_once(lambda stack: (stack.init(), stack.run("apply", "-auto-approve")), deployed.all_stacks())
    return deployed


def test_all_endpoints_are_scalable_targets_and_second_plans_are_empty(scaled: Scaled) -> None:
    assert scaled.bounds(_SCALED) == (2, 6)
    assert scaled.bounds("acme-dev-split", "champion") == (1, 3)
    assert scaled.bounds("acme-dev-waking") == (0, 2)
    assert scaled.bounds("acme-dev-provisioned") == (2, 8)
    assert scaled.count(_SCALED) == 2  # the minimum is the default of initial_instance_count
    assert _at_once(Terraform.has_no_changes, scaled.all_stacks()) == dict.fromkeys(_STACKS, True)


def test_another_instance_type_deregisters_the_target_before_the_update_and_registers_it_again(scaled: Scaled) -> None:
    end = "\n\n[endpoints.scaled.scaling]"
    calls = scaled.apply("dev-scaled", (f'"ml.m5.xlarge"{end}', f'"ml.m5.2xlarge"{end}'))
    update = calls.index("UpdateEndpoint")
    before, after = calls[:update], calls[update + 1 :]
    # The alarms that roll the update back, and the one about CPU, whose threshold depends on the instance type.
    assert sorted(before) == sorted([*_DEREGISTERED, "CreateEndpointConfig", *["PutMetricAlarm"] * 3])
    assert before.index("DeregisterScalableTarget") > max(map(before.index, _DEREGISTERED[:2]))
    assert before.index("DeregisterScalableTarget") < before.index("CreateEndpointConfig")
    assert before[-1] == "PutMetricAlarm"
    assert sorted(after) == sorted([*_REGISTERED, "DeleteEndpointConfig"])
    assert after.index("RegisterScalableTarget") < min(map(after.index, _REGISTERED[1:]))
    assert scaled.bounds(_SCALED) == (2, 6)


def test_without_the_replacement_the_update_would_be_refused(scaled: Scaled) -> None:
    sagemaker = scaled.aws.client("sagemaker")
    (name,) = (call["EndpointConfigName"] for call in [sagemaker.describe_endpoint(EndpointName=_SCALED)])
    configuration = sagemaker.describe_endpoint_config(EndpointConfigName=name)
    variant = {**configuration["ProductionVariants"][0], "InstanceType": "ml.c5.xlarge"}
    sagemaker.create_endpoint_config(EndpointConfigName="other-type", ProductionVariants=[variant])
    with pytest.raises(ClientError, match="must be deregistered as scalable targets"):
        sagemaker.update_endpoint(EndpointName=_SCALED, EndpointConfigName="other-type")


def test_after_a_rollback_of_another_instance_type_the_next_apply_registers_the_target_again(
    scaled: Scaled,
) -> None:
    end, model = "\n\n[endpoints.scaled.scaling]", f"[endpoints.scaled]\n{_MODEL}"
    bad, corrected = (model.replace("/model", f"/{name}/model") for name in ("unhealthy", "corrected"))
    terraform = scaled.stack("dev-scaled", (f'"ml.m5.2xlarge"{end}', f'"ml.m5.4xlarge"{end}'), (model, bad))
    with pytest.raises(CommandError, match="Resource postcondition failed"):
        terraform.run("apply", "-auto-approve")
    autoscaling = scaled.aws.client("application-autoscaling")
    resource_ids = [f"endpoint/{_SCALED}/variant/AllTraffic"]
    request = {"ServiceNamespace": "sagemaker", "ResourceIds": resource_ids}
    assert autoscaling.describe_scalable_targets(**request)["ScalableTargets"] == []
    calls = scaled.apply("dev-scaled", (bad, corrected))
    assert not {*_DEREGISTERED} & {*calls}
    assert {*_REGISTERED} <= {*calls}
    assert scaled.bounds(_SCALED) == (2, 6)


def test_a_new_model_keeps_the_target_registered(scaled: Scaled) -> None:
    calls = scaled.apply(
        "dev-scaled",
        (f'{_SETTINGS}instance_type = "ml.m5.4xlarge"', f'{_SETTINGS}revision = 1\ninstance_type = "ml.m5.4xlarge"'),
    )
    assert "UpdateEndpoint" in calls
    assert not {*_DEREGISTERED, *_REGISTERED} & {*calls}


def test_the_capacity_changes_without_an_update_of_the_endpoint(scaled: Scaled) -> None:
    calls = scaled.apply("dev-split", ("max_capacity = 3", "max_capacity = 4"))
    assert calls == ["RegisterScalableTarget"]
    assert scaled.bounds("acme-dev-split", "champion") == (1, 4)


def test_a_first_scheduled_action_and_another_maximum_in_one_apply(scaled: Scaled) -> None:
    action = '{ name = "night", schedule = "cron(0 19 * * ? *)", max_capacity = 2 }'
    scaled.apply("dev-split", ("max_capacity = 4", f"scheduled_actions = [{action}], max_capacity = 5"))
    assert scaled.bounds("acme-dev-split", "champion") == (1, 5)


def test_another_action_keeps_the_target_registered(scaled: Scaled) -> None:
    assert scaled.apply("dev-split", ("0 19 * * ? *", "0 21 * * ? *")) == ["PutScheduledAction"]


def test_another_instance_type_at_another_position_deregisters_the_target_before_the_update(scaled: Scaled) -> None:
    """The champion gets the type of the challenger and its position, so nothing differs at that position."""
    champion, challenger = (
        f"""[[endpoints.split.variants]]
variant_name = "{name}"
model = "kmeans"
instance_type = "{instance_type}"
"""
        for name, instance_type in (("champion", "ml.m5.xlarge"), ("challenger", "ml.m5.2xlarge"))
    )
    calls = scaled.apply(
        "dev-split",
        (f"{challenger}initial_variant_weight = 1\n", ""),
        (champion, f"{challenger}initial_variant_weight = 1\n\n{champion.replace('.xlarge', '.2xlarge')}"),
    )
    assert calls.index("DeregisterScalableTarget") < calls.index("UpdateEndpoint")
    assert scaled.bounds("acme-dev-split", "champion") == (1, 5)


def test_weights_change_with_the_target_registered(scaled: Scaled) -> None:
    calls = scaled.apply("dev-split", ("initial_variant_weight = 9", "initial_variant_weight = 4"))
    assert [call for call in calls if call != "PutMetricAlarm"] == [
        "CreateEndpointConfig",
        "UpdateEndpoint",
        "DeleteEndpointConfig",
    ]
    weights = {name: variant["DesiredWeight"] for name, variant in scaled.variants("acme-dev-split").items()}
    assert weights == {"champion": 4, "challenger": 1}


def test_load_scales_out_and_an_update_resets_what_was_scaled(scaled: Scaled) -> None:
    with scaled.aws.traffic(_SCALED, requests_per_minute=350):
        scaled.aws.pass_minutes(3)
    assert scaled.count(_SCALED) == 5
    assert scaled.stack("dev-scaled").has_no_changes()  # instances that are scaled are no drift
    scaled.apply("dev-scaled", ("min_capacity = 2\nmax_capacity = 6", "min_capacity = 3\nmax_capacity = 6"))
    assert scaled.count(_SCALED) == 3
    assert scaled.bounds(_SCALED) == (3, 6)


def test_an_asynchronous_endpoint_scales_to_zero_and_back(scaled: Scaled) -> None:
    name, aws = "acme-dev-waking", scaled.aws
    aws.pass_minutes(15)
    assert scaled.count(name) == 0
    runtime = aws.client("sagemaker-runtime", as_role="checkout-api")
    accepted = runtime.invoke_endpoint_async(EndpointName=name, Body=b"1,2")
    key = accepted["OutputLocation"].removeprefix("s3://my-bucket/")
    assert scaled.stack("dev-waking").has_no_changes()
    aws.pass_minutes(2)
    assert scaled.count(name) == 1
    assert b"closest_cluster" in aws.client("s3").get_object(Bucket="my-bucket", Key=key)["Body"].read()
    assert scaled.stack("dev-waking").has_no_changes()


def test_provisioned_concurrency_changes_in_place(scaled: Scaled) -> None:
    calls = scaled.apply("dev-provisioned", ("max_capacity = 8", "max_capacity = 10"))
    assert calls == ["RegisterScalableTarget"]
    (variant,) = scaled.variants("acme-dev-provisioned").values()
    assert variant["DesiredServerlessConfig"]["ProvisionedConcurrency"] == 2


def test_destroying_leaves_nothing(scaled: Scaled) -> None:
    aws, before = scaled.aws, len(scaled.aws.calls())
    stacks = scaled.all_stacks()
    stacks["dev-scaled"].run("destroy", "-auto-approve")
    calls = _changes(aws, before)
    assert calls.index("DeregisterScalableTarget") < calls.index("DeleteEndpoint") < calls.index("DeleteAlarms")
    _at_once(lambda stack: stack.run("destroy", "-auto-approve"), stacks)
    autoscaling = aws.client("application-autoscaling")
    assert autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []
    assert autoscaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"] == []
    assert autoscaling.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"] == []
    assert aws.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert aws.client("logs").describe_log_groups()["logGroups"] == []
    assert [role["RoleName"] for role in aws.client("iam").list_roles()["Roles"]] == ["checkout-api"]
