"""The deployment of updates on the sandbox: a new endpoint, one from before there was a default, and changes of both.

One deployment serves the tests of an endpoint, in their order.
"""

import json
from typing import Any

import pytest

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from tests.e2e.deployed import ENDPOINT, Deployed, said
from tests.workspace import Workspace

Json = dict[str, Any]

_ADDRESS = "aws_sagemaker_endpoint.Endpoint"
_ALARMS = ["acme-dev-kmeans/rollback-errors", "acme-dev-kmeans/rollback-latency"]
_TWO_INSTANCES = ("initial_instance_count = 1", "initial_instance_count = 2")
_ONE_INSTANCE = ("initial_instance_count = 2", "initial_instance_count = 1")
_ARTIFACT = "s3://my-bucket/model.tar.gz"
_NEW_IMAGE = ("kmeans:1", "kmeans:2")
_BLUE_GREEN = """blue_green_update_policy = { traffic_routing_configuration = \
{ type = "ALL_AT_ONCE", wait_interval_in_seconds = 60 } }"""
_WITH_ALARM = f"""{_BLUE_GREEN}
auto_rollback_configuration = {{ alarms = [{{ alarm_name = "{_ALARMS[0]}" }}] }}"""
_NEW_ENDPOINT = (
    "add a table with another name to endpoints.toml, deploy it, let the invokers call that endpoint, and remove this "
    "table then"
)


def _table(keys: str) -> tuple[str, str]:
    """Return the edit that adds `deployment_config` with these keys."""
    before = "[endpoints.kmeans.data_capture]\n"
    return before, f"[endpoints.kmeans.deployment_config]\n{keys}\n\n{before}"


@pytest.fixture(scope="module")
def account(aws: Emulator) -> Emulator:
    """The account with the role that invokes."""
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    return aws


@pytest.fixture(scope="module")
def deployed(
    account: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Deployed:
    deployed = Deployed(
        account, Workspace(tmp_path_factory.mktemp("deployed"), {**terraform_environment, **account.environment})
    )
    deployed.keep(_TWO_INSTANCES)
    deployed.with_change().run("apply", "-auto-approve")
    return deployed


def test_a_new_endpoint_has_a_canary_and_its_alarms_exist_before_it(deployed: Deployed) -> None:
    calls = deployed.aws.calls()
    put = [index for index, call in enumerate(calls) if call.parameters.get("AlarmName") in _ALARMS]
    (created,) = (index for index, call in enumerate(calls) if call.action == "CreateEndpoint")
    assert [calls[index].action for index in put if index < created] == ["PutMetricAlarm"] * len(_ALARMS)
    rollout = _rollout(deployed.aws)
    assert [alarm["AlarmName"] for alarm in rollout["AutoRollbackConfiguration"]["Alarms"]] == _ALARMS
    routing = rollout["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert (routing["Type"], routing["CanarySize"]) == ("CANARY", {"Type": "INSTANCE_COUNT", "Value": 1})
    assert deployed.with_change().has_no_changes()
    assert deployed.check() == (0, "")


def test_an_update_lets_the_alarms_watch_the_new_configuration_before_it_begins(deployed: Deployed) -> None:
    before, old = len(deployed.aws.calls()), deployed.serving
    terraform = deployed.with_change(_NEW_IMAGE)
    terraform.run("apply", "-auto-approve")
    calls = _changes(deployed.aws, before)
    put = ["PutMetricAlarm", "PutMetricAlarm"]
    assert calls == [
        "CreateModel",
        "CreateEndpointConfig",
        *put,
        "UpdateEndpoint",
        "DeleteEndpointConfig",
        "DeleteModel",
    ]
    assert deployed.serving != old
    assert {_configuration(alarm) for alarm in _alarms(deployed.aws)} == {deployed.serving}
    assert terraform.has_no_changes()
    deployed.keep(_NEW_IMAGE)


def test_errors_of_the_new_instances_roll_the_update_back_and_the_corrected_version_goes_through(
    deployed: Deployed,
) -> None:
    configuration = deployed.serving
    faulty = deployed.with_change((_ARTIFACT, _ARTIFACT.replace("model.tar.gz", "faulty.tar.gz")))
    with deployed.aws.traffic(ENDPOINT, requests_per_minute=10):
        with pytest.raises(CommandError) as failure:
            faulty.run("apply", "-auto-approve")
        assert "unexpected state 'RollingBack', wanted target 'InService'" in said(failure.value)
        _wait_for_service(deployed.aws)
        assert deployed.serving == configuration
        assert {alarm["StateValue"] for alarm in _alarms(deployed.aws)} == {"OK"}
        corrected = (_ARTIFACT, _ARTIFACT.replace("model.tar.gz", "corrected.tar.gz"))
        terraform = deployed.with_change(corrected)
        terraform.run("apply", "-auto-approve")
    assert deployed.serving != configuration
    assert terraform.has_no_changes()
    assert {_configuration(alarm) for alarm in _alarms(deployed.aws)} == {deployed.serving}
    deployed.keep(corrected)


def test_without_a_second_instance_the_canary_is_refused_until_the_table_is_added(deployed: Deployed) -> None:
    deployed.with_change(_ONE_INSTANCE)
    code, message = deployed.check()
    advice = "; add to [endpoints.kmeans]: "
    assert message.startswith(
        "dev-kmeans: endpoint acme-dev-kmeans keeps its canary of 1, which must not exceed half of the instances of a "
        f"variant, here 1{advice}deployment_config = {{ "
    )
    assert code == 1
    table = message.rstrip().partition(advice)[2]
    edit = ("[endpoints.kmeans]\n", f"[endpoints.kmeans]\n{table}\n")
    terraform = deployed.with_change(_ONE_INSTANCE, edit)
    assert deployed.check() == (0, "")
    assert _actions(terraform)[_ADDRESS] == ["update"]
    terraform.run("apply", "-auto-approve")
    assert _rollout(deployed.aws)["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]["Type"] == "ALL_AT_ONCE"
    deployed.keep(_ONE_INSTANCE, edit)
    # Without the table, nothing changes any more: the endpoint keeps what it has, which is the default again.
    assert deployed.with_change((f"{table}\n", "")).has_no_changes()
    deployed.keep((f"{table}\n", ""))


def test_alarms_are_not_removed_from_an_endpoint(deployed: Deployed) -> None:
    terraform = deployed.with_change(_table(_BLUE_GREEN))
    assert _actions(terraform)[_ADDRESS] == ["delete", "create"]
    alarms = ", ".join(f'{{ alarm_name = "{name}" }}' for name in _ALARMS)
    assert deployed.check() == (
        1,
        "dev-kmeans: endpoint acme-dev-kmeans would be deleted and created again, because Terraform cannot remove "
        "auto_rollback_configuration from an endpoint that exists; add it to deployment_config of [endpoints.kmeans] "
        f"with alarms = [{alarms}], or remove deployment_config as a whole, with which the endpoint keeps what it has, "
        f"or {_NEW_ENDPOINT}\n",
    )


def test_deployment_config_changes_with_the_endpoint_configuration_only(deployed: Deployed) -> None:
    terraform = deployed.with_change(_table(_WITH_ALARM))
    assert _actions(terraform)[_ADDRESS] == ["update"]
    assert deployed.check() == (
        1,
        "dev-kmeans: only deployment_config of endpoint acme-dev-kmeans changes, but SageMaker does not update an "
        "endpoint to the endpoint configuration that it uses; change the model or the instances with it, or raise "
        "revision of [endpoints.kmeans]\n",
    )
    terraform = deployed.with_change(
        _table(_WITH_ALARM), ("[endpoints.kmeans]\n", "[endpoints.kmeans]\nrevision = 1\n")
    )
    assert deployed.check() == (0, "")
    terraform.run("apply", "-auto-approve")
    assert [alarm["AlarmName"] for alarm in _alarms(deployed.aws)] == _ALARMS[:1]
    assert terraform.has_no_changes()


@pytest.fixture(scope="module")
def earlier(
    account: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Deployed:
    """An endpoint without `deployment_config` and alarms, as it was before there was a default."""
    workspace = Workspace(tmp_path_factory.mktemp("earlier"), {**terraform_environment, **account.environment})
    workspace.edit('name = "acme"', 'name = "early"')
    earlier = Deployed(account, workspace)
    terraform = earlier.with_change()
    _remove_rollout(terraform)
    terraform.run("apply", "-auto-approve")
    return earlier


def test_an_endpoint_from_before_the_default_is_not_touched_and_gets_the_alarms(earlier: Deployed) -> None:
    before = len(earlier.aws.calls())
    terraform = earlier.with_change()
    actions = _actions(terraform)
    assert _ADDRESS not in actions
    terraform.run("apply", "-auto-approve")
    assert {*_changes(earlier.aws, before)} <= {"PutMetricAlarm"}
    assert terraform.has_no_changes()
    assert earlier.check() == (
        0,
        "dev-kmeans: endpoint early-dev-kmeans has no rollback alarms, and Terraform cannot add them to an endpoint "
        f"that exists; to update with them, {_NEW_ENDPOINT}\n",
    )


def test_such_an_endpoint_is_updated_without_a_deployment_config(earlier: Deployed) -> None:
    terraform = earlier.with_change(_NEW_IMAGE)
    assert _actions(terraform)[_ADDRESS] == ["update"]
    terraform.run("apply", "-auto-approve")
    assert "LastDeploymentConfig" not in earlier.aws.client("sagemaker").describe_endpoint(
        EndpointName="early-dev-kmeans"
    )
    assert terraform.has_no_changes()
    earlier.keep(_NEW_IMAGE)


def test_alarms_are_not_added_to_such_an_endpoint_and_the_rest_is(earlier: Deployed) -> None:
    terraform = earlier.with_change(_table(_WITH_ALARM.replace("acme", "early")))
    assert _actions(terraform)[_ADDRESS] == ["delete", "create"]
    assert earlier.check() == (
        1,
        "dev-kmeans: endpoint early-dev-kmeans would be deleted and created again, because Terraform cannot add "
        "auto_rollback_configuration to an endpoint that exists; remove it from deployment_config of "
        f"[endpoints.kmeans], or {_NEW_ENDPOINT}\n",
    )
    edits = (_table(_BLUE_GREEN), ("[endpoints.kmeans]\n", "[endpoints.kmeans]\nrevision = 1\n"))
    terraform = earlier.with_change(*edits)
    assert earlier.check() == (0, "")
    assert _actions(terraform)[_ADDRESS] == ["update"]


def _remove_rollout(terraform: Terraform) -> None:
    """Remove what the default adds from a synthesized stack."""
    file = terraform.directory / "cdk.tf.json"
    stack = json.loads(file.read_text())
    resources = stack["resource"]
    alarms = resources.pop("aws_cloudwatch_metric_alarm")
    endpoint = resources["aws_sagemaker_endpoint"]["Endpoint"]
    del endpoint["deployment_config"], endpoint["lifecycle"]["ignore_changes"]
    endpoint["depends_on"] = [address for address in endpoint["depends_on"] if address.partition(".")[2] not in alarms]
    file.write_text(json.dumps(stack))


def _wait_for_service(aws: Emulator) -> None:
    while aws.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)["EndpointStatus"] != "InService":
        pass


def _rollout(aws: Emulator) -> Json:
    rollout: Json = aws.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)["LastDeploymentConfig"]
    return rollout


def _alarms(aws: Emulator) -> list[Json]:
    alarms: list[Json] = aws.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{ENDPOINT}/rollback")[
        "MetricAlarms"
    ]
    return alarms


def _configuration(alarm: Json) -> str:
    return next(str(item["Value"]) for item in alarm["Dimensions"] if item["Name"] == "EndpointConfigName")


def _changes(aws: Emulator, since: int) -> list[str]:
    """Return the calls that change SageMaker or an alarm."""
    changing = ("Create", "Delete", "Put", "Update")
    return [
        call.action
        for call in aws.calls()[since:]
        if call.service in ("sagemaker", "monitoring") and call.action.startswith(changing)
    ]


def _actions(terraform: Terraform) -> dict[str, list[str]]:
    """Return the planned actions of each resource that changes."""
    changes = terraform.plan()["resource_changes"]
    actions = {change["address"]: change["change"]["actions"] for change in changes if "deposed" not in change}
    return {address: planned for address, planned in actions.items() if planned != ["no-op"]}
