"""A deploy that removes the last scaling, dashboard and `eventbridge` runs with the policies printed after the removal.

The policies allow creating only what `endpoints.toml` uses, and an administrator updates them before workflows deploy.
The environment is that of `test_recorded.py`: Terraform runs as the role, and each recorded call is evaluated with its
resource and conditions.
"""

from collections.abc import Iterator

import pytest

from protected_endpoints.policies import Document
from sandbox.emulator import Emulator
from tests.attacks.simulator import Simulator
from tests.deployers.phases import Environment
from tests.deployers.test_recorded import Recording
from tests.workspace import Workspace

_CREATE = {
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:PutScheduledAction",
    "application-autoscaling:RegisterScalableTarget",
    "cloudwatch:PutDashboard",
    "ssm:PutParameter",
}
_REMOVE = {
    "application-autoscaling:DeleteScalingPolicy",
    "application-autoscaling:DeleteScheduledAction",
    "application-autoscaling:DeregisterScalableTarget",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DeleteDashboards",
    "s3:PutBucketNotification",
    "ssm:DeleteParameter",
}


@pytest.fixture(scope="module")
def recording(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Recording:
    workspace = Workspace(tmp_path_factory.mktemp("removal"), {**terraform_environment, **aws.environment})
    return Recording(aws, workspace, Environment.removal)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def test_a_deployer_removes_the_last_of_each_with_the_policies_after_the_removal(
    recording: Recording, simulator: Simulator
) -> None:
    assert _actions(recording.deployer["apply"]) >= _CREATE
    assert not _actions(recording.deployer["removal"]) & _CREATE
    assert {request.action for request in recording.requests["removal"]} >= _REMOVE
    assert recording.denied(simulator, "removal", recording.deployer["removal"]) == []


def test_a_planner_plans_the_removal_with_the_policies_after_it(recording: Recording, simulator: Simulator) -> None:
    read = {request.action for request in recording.requests["plan"]}
    assert read >= {"application-autoscaling:DescribeScalableTargets", "cloudwatch:GetDashboard", "ssm:GetParameter"}
    assert recording.denied(simulator, "plan", recording.planner["plan"]) == []


def _actions(policies: list[Document]) -> set[str]:
    statements = [
        statement for policy in policies for statement in policy["Statement"] if statement["Effect"] == "Allow"
    ]
    return {
        action
        for statement in statements
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
