"""How an endpoint is operated is one table: scaling, alarms, updates, dashboards, audit, and what is not known."""

import os
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.explain.operations import operations
from protected_endpoints.commands.explain.pages import Table, as_markdown, for_terminal
from protected_endpoints.loading.load import load
from tests.deployers.operations import OPERATED
from tests.examples import EXAMPLES
from tests.support import IMAGE, deployment

_GOLDEN = Path(__file__).parent / "explained"
_WEEKDAYS = {"name": "weekend", "schedule": "cron(0 0 ? * SAT *)", "timezone": "Europe/Zurich", "max_capacity": 2}
_FULL: dict[str, Any] = {
    **OPERATED,
    "in_environment": {
        **OPERATED["in_environment"],
        "create_dashboard": True,
        "audit": {"create_trail": True, "readers": ["arn:aws:iam::111122223333:role/auditor"]},
    },
    "alarms": {**OPERATED["alarms"], "cpu": False, "silent": True},
    "scaling": {**OPERATED["scaling"], "scheduled_actions": [_WEEKDAYS]},
}


def _rows(**changes: Any) -> dict[str, str]:
    rows = [*operations(deployment(**changes))]
    assert len({subject for subject, _ in rows}) == len(rows)
    return dict(rows)


@pytest.mark.parametrize("suffix", ["txt", "md"])
@pytest.mark.parametrize(("name", "changes"), [("default", {}), ("operated", _FULL)])
def test_the_table_equals_the_golden_page(name: str, changes: dict[str, Any], suffix: str) -> None:
    table = Table("Operations", [*operations(deployment(**changes))])
    title = "Endpoint dev-kmeans"
    page = for_terminal(title, [table], 100) if suffix == "txt" else as_markdown(title, [table])
    file = _GOLDEN / f"{name}.{suffix}"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(f"{page}\n")
    assert f"{page}\n" == file.read_text()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_described_without_empty_cells(name: str) -> None:
    for described in load(EXAMPLES[name]).deployments:
        rows = [*operations(described)]
        assert all(cell.strip() and "None" not in cell for row in rows for cell in row)
        assert len({subject for subject, _ in rows}) == len(rows)


def test_alarms_that_notify_nobody_say_where_to_set_a_topic() -> None:
    nobody = "nobody; set topic_arn or create_topic in [environments.dev.alarms]"
    assert _rows()["alarms"] == f"7, listed below; they notify {nobody}"
    off = _rows(alarms={"enable_alarms": False})
    assert off["alarms"] == "none, all are switched off in alarms"
    assert not [subject for subject in off if subject.startswith("alarms ")]


def test_what_an_existing_topic_lets_in_is_not_known() -> None:
    pager = {"topic_arn": "arn:aws:sns:us-west-2:111122223333:pager"}
    unknown = "not checked: whether its policy and its key let CloudWatch publish, and who has subscribed"
    assert _rows(alarms=pager)["topic of alarms"] == unknown
    managed = _rows(in_environment={"alarms": {"create_topic": True}})
    assert managed["topic of alarms"] == "not checked: who has subscribed"
    assert managed["alarms"].endswith("they notify arn:aws:sns:us-west-2:111122223333:acme-dev-alarms")


def _policy(routing: dict[str, Any]) -> dict[str, Any]:
    return {"deployment_config": {"blue_green_update_policy": {"traffic_routing_configuration": routing}}}


@pytest.mark.parametrize(
    ("changes", "update"),
    [
        (
            {"initial_instance_count": 1},
            "all requests at once, watched for 600 s; the previous instances are kept for 300 s; "
            "rolled back by rollback-errors, rollback-latency; "
            "the default, while an endpoint that was created before it keeps what it has",
        ),
        (
            _policy(
                {
                    "type": "LINEAR",
                    "wait_interval_in_seconds": 120,
                    "linear_step_size": {"type": "CAPACITY_PERCENT", "value": 25},
                }
            ),
            "in steps of 25 % of the capacity, each after 120 s; rolled back by health checks only",
        ),
        (
            {
                "deployment_config": {
                    "rolling_update_policy": {
                        "maximum_batch_size": {"type": "INSTANCE_COUNT", "value": 2},
                        "wait_interval_in_seconds": 60,
                    },
                    "auto_rollback_configuration": {"alarms": [{"alarm_name": "kmeans-5xx"}]},
                }
            },
            "in batches of 2 instances, 60 s apart; rolled back by kmeans-5xx",
        ),
        (
            {
                "instance_type": None,
                "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5},
            },
            "all requests at once when the new version is healthy; rolled back by health checks only",
        ),
    ],
    ids=["default", "linear", "rolling", "serverless"],
)
def test_the_update_is_described_with_what_rolls_it_back(changes: dict[str, Any], update: str) -> None:
    assert _rows(**changes)["update"].startswith(update)


@pytest.mark.parametrize(
    ("region", "console"),
    [
        ("eu-west-1", "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"),
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1"),
    ],
)
def test_a_dashboard_is_linked_in_the_console_of_its_partition(region: str, console: str) -> None:
    rows = _rows(create_dashboard=True, in_environment={"region": region})
    assert rows["dashboard"] == f"{console}#dashboards/dashboard/acme-dev-kmeans"


def test_the_quota_includes_what_scaling_may_add() -> None:
    scaling = {"min_capacity": 2, "max_capacity": 9, "target_value": 70}
    assert "has to allow 9, and the new instances" in _rows(scaling=scaling)["quota of ml.m4.xlarge"]
    assert "has to allow 2, and the new instances" in _rows()["quota of ml.m4.xlarge"]


def test_each_component_has_its_scaling() -> None:
    scaling = {"min_capacity": 1, "max_capacity": 4, "target_value": 5}
    compute = {"min_memory_required_in_mb": 1024}
    rows = _rows(
        image=None,
        model_data_url=None,
        inference_components={
            "llama": {"image": IMAGE, "compute_resource_requirements": compute, "scaling": scaling},
        },
    )
    assert rows["scaling of llama"] == "from 1 to 4 copies to keep SageMakerInferenceComponentInvocationsPerCopy at 5"
