"""CloudWatch alarms of the stack of an endpoint."""

from tests.support import only, resources, synth

_TYPE = "aws_cloudwatch_metric_alarm"
_TOPIC = "arn:aws:sns:us-west-2:111122223333:on-call"


def test_the_endpoint_is_created_after_its_alarms() -> None:
    stack = synth()
    alarms = {f"aws_cloudwatch_metric_alarm.{id_}" for id_ in stack["resource"]["aws_cloudwatch_metric_alarm"]}
    assert alarms <= {*only(stack, "aws_sagemaker_endpoint")["depends_on"]}
    assert any("Alarms_errors" in alarm for alarm in alarms)


def test_a_percentile_is_an_extended_statistic_that_few_requests_have_as_well() -> None:
    latency = _alarm("latency")
    assert (latency["extended_statistic"], latency["evaluate_low_sample_count_percentiles"]) == ("p99", "evaluate")
    assert "statistic" not in latency


def test_another_statistic_has_no_setting_for_few_requests() -> None:
    errors = _alarm("errors")
    assert errors["statistic"] == "Average"
    assert {"extended_statistic", "evaluate_low_sample_count_percentiles"}.isdisjoint(errors)


def test_alarms_notify_the_topic_when_they_fire_and_when_they_return_to_ok() -> None:
    errors = _alarm("errors", alarms={"topic_arn": _TOPIC})
    assert (errors["alarm_actions"], errors["ok_actions"]) == ([_TOPIC], [_TOPIC])
    assert "insufficient_data_actions" not in errors
    assert {"alarm_actions", "ok_actions"}.isdisjoint(_alarm("errors"))


def test_an_endpoint_without_alarms_has_none_of_the_table() -> None:
    names = [alarm["alarm_name"] for alarm in resources(synth(alarms={"enable_alarms": False}), _TYPE)]
    assert names == ["acme-dev-kmeans/rollback-errors", "acme-dev-kmeans/rollback-latency"]


def _alarm(name: str, **changes: object) -> dict[str, object]:
    """Return an alarm by the part of its name after the base name."""
    named = {alarm["alarm_name"]: alarm for alarm in resources(synth(**changes), _TYPE)}
    alarm: dict[str, object] = named[f"acme-dev-kmeans/{name}"]
    return alarm
