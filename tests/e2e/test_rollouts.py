"""The default deployment of updates on the sandbox: a new endpoint, one from before there was a default, and changes.

One deployment serves the tests of an endpoint, in their order.
"""

import pytest

from sandbox.emulator import Emulator
from sandbox.workspace import Workspace
from tests.e2e.deployed import Deployed

_TWO_INSTANCES = ("initial_instance_count = 1", "initial_instance_count = 2")
_ADDRESS, _ALARM = "aws_sagemaker_endpoint.Endpoint", "aws_cloudwatch_metric_alarm.Rollback-"
_ALARMS = ["acme-dev-kmeans/rollback-errors", "acme-dev-kmeans/rollback-latency"]
_CHANGING = ("Create", "Delete", "Put", "Update")
_TABLE = """
[endpoints.kmeans.deployment_config]
blue_green_update_policy = { traffic_routing_configuration = { type = "ALL_AT_ONCE", wait_interval_in_seconds = 60 } }
"""
_WITH_ALARM = f"""{_TABLE}auto_rollback_configuration = {{ alarms = [{{ alarm_name = "{_ALARMS[0]}" }}] }}
"""


@pytest.fixture(scope="module")
def environment(aws: Emulator, terraform_environment: dict[str, str]) -> dict[str, str]:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    return {**terraform_environment, **aws.environment}


@pytest.fixture(scope="module")
def deployed(aws: Emulator, tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Deployed:
    deployed = Deployed(aws, Workspace(tmp_path_factory.mktemp("deployed"), environment))
    deployed.keep(_TWO_INSTANCES)
    deployed.with_change().run("apply", "-auto-approve")
    return deployed


def test_a_new_endpoint_gets_a_canary_and_the_alarms_before_it(deployed: Deployed) -> None:
    actions = [call.action for call in deployed.aws.calls()]
    assert actions.count("PutMetricAlarm") == len(_ALARMS)
    assert actions.index("PutMetricAlarm") < actions.index("CreateEndpoint")
    assert deployed.with_change().has_no_changes()
