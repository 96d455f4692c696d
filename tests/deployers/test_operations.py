"""What the printed policies allow and deny about alarms, dashboards, the topic, scaling and the trail."""

from collections.abc import Iterator
from functools import cache

import pytest

from protected_endpoints.policies import Document
from protected_endpoints.policies.document import document
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.policies.packing import MAX_POLICIES_PER_ROLE, MAX_POLICY_SIZE, pack, size
from tests.attacks.simulator import Request, Simulator
from tests.attacks.test_mutations import likely_first, weakened
from tests.deployers.operations import ALLOWED, DENIED, NOT_ALLOWED, NOT_DENIED, OPERATED, Row
from tests.support import deployment

_ACCOUNT = "111122223333"
_EVERYTHING = document({"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"})
_KEY_POLICY = document(
    {
        "Sid": "Account",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
)
_READ = ("Describe", "Get", "List")
_NEW = {
    "ReadAlarms",
    "ReadDashboards",
    "ReadTopic",
    "ScalingHasNoResource",
    "ReadTagsOfScaling",
    "TrailsHaveNoResource",
    "ReadTrail",
    "ReadBucketOfTrail",
    "MakeAlarms",
    "CheckPutOfScaling",
    "DeleteAlarms",
    "TagAlarms",
    "MakeDashboards",
    "MakeTopic",
    "ChangeKeyOfTopic",
    "TagKeyOfTopic",
    "MakeScaling",
    "DeleteScaling",
    "TagScaling",
    "ScaleEndpoints",
    "CheckAlarmsOfScaling",
    "MakeRoleOfScaling",
    "ReadParameters",
    "DescribingParametersHasNoResource",
    "MakeParameters",
}
# The permissions that remain when nothing scales and there is no dashboard.
_ALWAYS = {
    "ReadAlarms",
    "ReadDashboards",
    "ReadTopic",
    "ScalingHasNoResource",
    "ReadTagsOfScaling",
    "MakeAlarms",
    "DeleteAlarms",
    "TagAlarms",
    "DeleteDashboards",
    "DeleteScaling",
    "ReadParameters",
    "DescribingParametersHasNoResource",
    "DeleteParameters",
}
_REMOVED = {"scaling", "create_dashboard", "create_ssm_parameters", "data_capture"}
_NEW_DENIALS = {
    "NeverTheTrail",
    "NeverTheBucketOfTheTrail",
    "NeverTheRecords",
    "NeverTheAliasOfTheTrail",
    "NeverTheStateOfTheTrail",
}
# Weakenings that no request can show, with the reasons.
_REDUNDANT = {
    "DeleteScaling, Action application-autoscaling:*": "MakeScaling allows the other actions of the namespace",
    "MakeRoleOfScaling, Action iam:*": "only CreateServiceLinkedRole has the name of a service",
}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@cache
def _deployer() -> Document:
    return document(*deployer_statements(EnvironmentScope([deployment(**OPERATED)])))


@cache
def _deployer_after_removal() -> Document:
    """Return the permissions after the last scaling, dashboard and `eventbridge` were removed from endpoints.toml."""
    remaining = {key: value for key, value in OPERATED.items() if key not in _REMOVED}
    return document(*deployer_statements(EnvironmentScope([deployment(**remaining)])))


@cache
def _planner() -> Document:
    return document(*planner_statements(EnvironmentScope([deployment(**OPERATED)])))


def _allows(simulator: Simulator, policies: list[Document], row: Row) -> bool:
    action, resource, context = row
    tls = {"s3:TlsVersion": "1.2"} if action.startswith("s3:") else {}
    return simulator.allows(
        Request(
            f"arn:aws:iam::{_ACCOUNT}:role/platform",
            action,
            resource,
            _ACCOUNT,
            {"aws:SecureTransport": "true", **tls, **context},
            identity=policies,
            resource_policy=_KEY_POLICY if action.startswith("kms:") else None,
        )
    )


def _name(row: Row) -> str:
    return f"{row[0]} {row[1]} {row[2] or ''}"


@pytest.mark.parametrize("row", ALLOWED, ids=_name)
def test_a_deployer_may_operate_the_endpoints_of_its_environment(simulator: Simulator, row: Row) -> None:
    assert _allows(simulator, [_deployer()], row)


@pytest.mark.parametrize("row", NOT_ALLOWED, ids=_name)
def test_a_deployer_may_not_operate_anything_else(simulator: Simulator, row: Row) -> None:
    assert not _allows(simulator, [_deployer()], row)


@pytest.mark.parametrize("row", DENIED, ids=_name)
def test_no_other_policy_lets_a_deployer_stop_the_audit(simulator: Simulator, row: Row) -> None:
    assert not _allows(simulator, [_deployer(), _EVERYTHING], row)


@pytest.mark.parametrize("row", NOT_DENIED, ids=_name)
def test_the_denials_are_about_the_trail_only(simulator: Simulator, row: Row) -> None:
    assert _allows(simulator, [_deployer(), _EVERYTHING], row)


@pytest.mark.parametrize("row", ALLOWED, ids=_name)
def test_a_planner_reads_the_same_and_changes_nothing(simulator: Simulator, row: Row) -> None:
    is_read = row[0].partition(":")[2].startswith(_READ)
    # Only who registers a target or puts a policy needs to describe any alarm.
    assert _allows(simulator, [_planner()], row) is (is_read and not row[1].endswith("alarm:any"))


def test_the_check_of_application_auto_scaling_may_name_no_alarm() -> None:
    (put, delete) = _only({"CheckPutOfScaling", "DeleteAlarms"})["Statement"]
    nameless = f"arn:aws:cloudwatch:us-west-2:{_ACCOUNT}:alarm:"  # an ARN that the simulator does not evaluate
    assert nameless in put["Resource"]
    assert nameless in delete["Resource"]


def test_an_environment_without_these_has_none_of_their_actions() -> None:
    statements = deployer_statements(EnvironmentScope([deployment()]))
    sids = {statement["Sid"] for statement in statements}
    assert sids & (_NEW | _ALWAYS | _NEW_DENIALS) == _ALWAYS


def test_a_deployer_may_remove_the_last_of_each_and_create_none(simulator: Simulator) -> None:
    refused = {row[0] for row in ALLOWED if not _allows(simulator, [_deployer_after_removal()], row)}
    assert refused == {
        "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:PutScheduledAction",
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:TagResource",
        "application-autoscaling:UntagResource",
        "cloudwatch:DescribeAlarms",  # of any alarm, for the check of Application Auto Scaling
        "cloudwatch:PutDashboard",
        "cloudwatch:PutMetricAlarm",  # of target tracking, or with a scaling policy as the action
        "iam:CreateServiceLinkedRole",
        "sagemaker:UpdateEndpointWeightsAndCapacities",
        "ssm:AddTagsToResource",
        "ssm:PutParameter",
        "ssm:RemoveTagsFromResource",
    }
    assert not [row for row in NOT_ALLOWED if _allows(simulator, [_deployer_after_removal()], row)]


def test_an_alarm_of_an_environment_without_topics_and_scaling_does_nothing(simulator: Simulator) -> None:
    policies = [document(*deployer_statements(EnvironmentScope([deployment()])))]
    alarm = f"arn:aws:cloudwatch:us-west-2:{_ACCOUNT}:alarm:acme-dev-kmeans/errors"
    assert _allows(simulator, policies, ("cloudwatch:PutMetricAlarm", alarm, {}))
    action = {"cloudwatch:AlarmActions": ["arn:aws:automate:us-west-2:ec2:stop"]}
    assert not _allows(simulator, policies, ("cloudwatch:PutMetricAlarm", alarm, action))


def test_an_endpoint_with_a_name_of_its_own_scales(simulator: Simulator) -> None:
    named = deployment(**{**OPERATED, "endpoint_name": "Churn-Predictor"})
    policies = [document(*deployer_statements(EnvironmentScope([named])))]
    region = f"us-west-2:{_ACCOUNT}"
    alarm = f"arn:aws:cloudwatch:{region}:alarm"
    policy = f"arn:aws:autoscaling:{region}:scalingPolicy:1:resource/sagemaker/endpoint/Churn-Predictor/variant/a"
    wake_up = {"cloudwatch:AlarmActions": [f"{policy}:policyName/wake-up"]}
    rows: list[Row] = [
        ("sagemaker:UpdateEndpointWeightsAndCapacities", f"arn:aws:sagemaker:{region}:endpoint/churn-predictor", {}),
        ("cloudwatch:PutMetricAlarm", f"{alarm}:TargetTracking-endpoint/Churn-Predictor/variant/a-AlarmLow-1", {}),
        ("cloudwatch:PutMetricAlarm", f"{alarm}:acme-dev-kmeans/wake-up", wake_up),
    ]
    assert all(_allows(simulator, policies, row) for row in rows)


def test_a_case_fails_for_every_weakened_permission(simulator: Simulator) -> None:
    survivors, tried = _survivors(simulator, _only(_NEW))
    assert survivors == {*_REDUNDANT}
    assert tried > 60


def test_a_case_fails_for_every_weakened_permission_that_remains(simulator: Simulator) -> None:
    survivors, tried = _survivors(simulator, _only(_ALWAYS, _deployer_after_removal()))
    assert survivors == set()
    assert tried > 20


def _survivors(simulator: Simulator, policy: Document) -> tuple[set[str], int]:
    """Return the weakenings of a policy that no request shows, and the number of all."""
    survivors, tried = set(), 0
    answers = [(row, _allows(simulator, [policy], row)) for row in (*NOT_ALLOWED, *ALLOWED)]
    for name, statement, weak in weakened(policy):
        tried += 1
        likely = likely_first(statement, answers, lambda item: item[0][0])
        if all(_allows(simulator, [weak], row) is answer for row, answer in likely):
            survivors.add(name)
    return survivors, tried


def test_a_case_fails_for_every_weakened_denial(simulator: Simulator) -> None:
    survivors, tried = set(), 0
    for name, statement, weak in weakened(_only(_NEW_DENIALS)):
        tried += 1
        likely = likely_first(statement, DENIED, lambda row: row[0])
        if not any(_allows(simulator, [weak, _EVERYTHING], row) for row in likely):
            survivors.add(name)
    assert survivors == set()
    assert tried > 25


@pytest.mark.parametrize("count", [1, 30, 150])
def test_the_policies_of_a_role_do_not_grow_with_the_number_of_endpoints(count: int) -> None:
    endpoints = [deployment(**OPERATED, name=f"endpoint-{number}") for number in range(count)]
    for statements in (deployer_statements, planner_statements):
        assert len(pack(statements(EnvironmentScope(endpoints)))) <= MAX_POLICIES_PER_ROLE / 2


def test_the_policies_of_many_topics_and_names_fit_into_those_of_a_role(simulator: Simulator) -> None:
    pager = f"arn:aws:sns:us-west-2:{_ACCOUNT}:pager-of-the-team"
    endpoints = [
        deployment(
            **{**OPERATED, "alarms": {"topic_arn": f"{pager}-{number}"}},
            name=f"endpoint-{number}",
            endpoint_name=f"Customer-Predictions-{number}",
        )
        for number in range(20)
    ]
    policies = pack(deployer_statements(EnvironmentScope(endpoints)))
    assert len(policies) <= MAX_POLICIES_PER_ROLE
    assert all(size(policy) <= MAX_POLICY_SIZE for policy in policies)
    for number in (0, 19):
        alarm = f"arn:aws:cloudwatch:us-west-2:{_ACCOUNT}:alarm:acme-dev-endpoint-{number}/errors"
        action = {"cloudwatch:AlarmActions": [f"{pager}-{number}"]}
        assert _allows(simulator, policies, ("cloudwatch:PutMetricAlarm", alarm, action))


def _only(sids: set[str], policy: Document | None = None) -> Document:
    statements = [statement for statement in (policy or _deployer())["Statement"] if statement["Sid"] in sids]
    assert {statement["Sid"] for statement in statements} == sids
    return document(*statements)
