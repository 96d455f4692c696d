"""The rule about a topic of an environment that no alarm notifies."""

import pytest

from tests.loading.support import Table, example, load_parsed

_TOPIC = "arn:aws:sns:us-west-2:111122223333:pager"
_UNUSED = (
    "environments.dev.alarms.create_topic: no alarm notifies the topic, because every endpoint has no alarms or "
    "another topic, got true; remove it, or remove enable_alarms = false or topic_arn from an endpoint "
    "[alarm-topic-unused]"
)


def _file(**alarms: object) -> Table:
    file = example()
    file["environments"]["dev"]["alarms"] = {"create_topic": True}
    file["endpoints"]["kmeans"]["alarms"] = alarms
    return file


@pytest.mark.parametrize("alarms", [{"topic_arn": _TOPIC}, {"enable_alarms": False}])
def test_a_topic_that_no_alarm_notifies_is_reported(alarms: Table) -> None:
    file = _file(**alarms)
    # Without alarms of its own, the alarms that roll an update back still notify the topic.
    if "enable_alarms" in alarms:
        file["endpoints"]["kmeans"]["deployment_config"] = {
            "blue_green_update_policy": {
                "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}
            }
        }
    assert [str(problem) for problem in load_parsed(file).warnings if problem.rule == "alarm-topic-unused"] == [_UNUSED]


def test_a_topic_that_an_alarm_notifies_is_not_reported() -> None:
    assert [problem for problem in load_parsed(_file()).warnings if problem.rule == "alarm-topic-unused"] == []
