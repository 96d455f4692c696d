"""Statistics over simulated minutes, and metric math."""

import pytest

from sandbox.metric_math import evaluate_expression
from sandbox.metrics import INVOCATIONS, Metrics, dimensions, statistic

_OF = dimensions(EndpointName="e", VariantName="A")
_KEY = (INVOCATIONS, "ModelLatency", _OF)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Average", 2.5),
        ("Maximum", 4),
        ("Minimum", 1),
        ("SampleCount", 4),
        ("Sum", 10),
        ("p50", 2),
        ("p99", 4),
        ("p0", 1),
    ],
)
def test_a_statistic(name: str, value: float) -> None:
    assert statistic([4, 1, 3, 2], name) == value


def test_a_datapoint_is_of_its_period_and_dimensions() -> None:
    metrics = Metrics()
    for value in (1, 2, 3, 4):
        metrics.record("ModelLatency", value, _OF)
        metrics.record("ModelLatency", 100, dimensions(EndpointName="e"))
        metrics.end_minute()
    metrics.record("ModelLatency", 50, _OF)  # of a minute that has not ended
    assert metrics.datapoint(_KEY, "Sum", minutes=1, periods_ago=0) == 4
    assert metrics.datapoint(_KEY, "Sum", minutes=2, periods_ago=0) == 7
    assert metrics.datapoint(_KEY, "Sum", minutes=2, periods_ago=1) == 3
    assert metrics.datapoint(_KEY, "Sum", minutes=3, periods_ago=1) == 1
    assert metrics.datapoint(_KEY, "Sum", minutes=2, periods_ago=2) is None


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("MAX([m0, m1])", 3),
        ("MAX([m0, m2])", 2),
        ("MAX([m2])", None),
        ("SUM([m0, m1]) / 2 - 1", 1.5),
        ("AVG([m0, m1]) * MIN([m0, m1])", 5),
        ("m0 + m2", None),
        ("m0 + FILL(m2, 10)", 12),
    ],
)
def test_an_expression(expression: str, value: float | None) -> None:
    assert evaluate_expression(expression, {"m0": 2, "m1": 3, "m2": None}) == value


def test_an_unknown_function_is_an_error() -> None:
    with pytest.raises(NotImplementedError, match="ANOMALY_DETECTION_BAND"):
        evaluate_expression("ANOMALY_DETECTION_BAND(m0, 2)", {"m0": 1})
