"""With `endpoint_name`, policies name the endpoint and the log group of that name, and no default name."""

from typing import Any

import pytest

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import INVOKER, SCENARIOS, VPC, principal_of
from tests.attacks.cases.network import through_vpc_endpoint
from tests.attacks.simulator import Simulator
from tests.support import deployment

_ARN = "arn:aws:sagemaker:us-west-2:111122223333:endpoint"
_LOGS = "arn:aws:logs:us-west-2:111122223333:log-group:/aws/sagemaker/Endpoints"
# SageMaker writes the name in an ARN in lower case, and CloudWatch Logs does not.
_ENDPOINTS = [("churn-predictor", True), ("acme-dev-kmeans", False), ("churn-predictor-2", False)]
_LOG_GROUPS = [("Churn-Predictor", True), ("churn-predictor", False), ("acme-dev-kmeans", False)]


@pytest.fixture(scope="module")
def state() -> AwsState:
    return AwsState.of(deployment(**SCENARIOS["network"], endpoint_name="Churn-Predictor"))


@pytest.mark.parametrize(("name", "allowed"), _ENDPOINTS)
def test_an_invoker_invokes_the_endpoint_of_that_name(
    simulator: Simulator, state: AwsState, name: str, *, allowed: bool
) -> None:
    invoker, _ = principal_of(state, INVOKER)
    context = {"aws:SourceVpc": VPC}
    request = state.request(invoker, "sagemaker:InvokeEndpoint", f"{_ARN}/{name}", context=context)
    assert simulator.allows(request) is allowed
    through = through_vpc_endpoint(
        "Runtime", f"administrator {INVOKER}", "sagemaker:InvokeEndpoint", f"{_ARN}/{name}", {}, state
    )
    assert simulator.allows(through) is allowed


@pytest.mark.parametrize(("name", "allowed"), _LOG_GROUPS)
def test_the_execution_role_writes_to_the_log_group_of_that_name(
    simulator: Simulator, state: AwsState, name: str, *, allowed: bool
) -> None:
    stream = f"{_LOGS}/{name}:log-stream:AllTraffic/i-0a1b"
    assert simulator.allows(state.request(state.execution_role, "logs:PutLogEvents", stream)) is allowed
    context: dict[str, Any] = {"kms:EncryptionContext:aws:logs:arn": f"{_LOGS}/{name}"}
    encrypt = state.request(
        "logs.us-west-2.amazonaws.com",
        "kms:Encrypt",
        state.key_arn,
        resource_policy=state.key_policy,
        context=context,
    )
    assert simulator.allows(encrypt) is allowed
