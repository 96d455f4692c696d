"""Step scaling policies: their names and their steps."""

from tests.loading.support import Table
from tests.rules.pair import Pair
from tests.rules.scaling import scaled

_PATH = "endpoints.kmeans.scaling.step_scaling_policies[0]"
_ABOVE, _BELOW = "GreaterThanThreshold", "LessThanThreshold"
_FROM_THRESHOLD = "begin with metric_interval_lower_bound = 0, the threshold, and omit metric_interval_upper_bound"


def _step(lower: float | None, upper: float | None, change: int = 1) -> Table:
    return {
        "metric_interval_lower_bound": lower,
        "metric_interval_upper_bound": upper,
        "scaling_adjustment": change,
    }


def _policy(*steps: Table, operator: str = _ABOVE, name: str = "add", **changes: object) -> Table:
    return {
        "name": name,
        "metric_name": "ModelLatency",
        "statistic": "Average",
        "threshold": 50000,
        "comparison_operator": operator,
        "step_adjustments": [*steps],
        **changes,
    }


def _policies(*policies: Table) -> Table:
    return scaled(step_scaling_policies=[*policies])


_ADD, _REMOVE = _step(0, None), _step(None, 0, -1)

PAIRS = [
    Pair(
        "scaling-policy-name",
        passes=_policies(_policy(_ADD), _policy(_REMOVE, operator=_BELOW, name="remove")),
        fails=_policies(_policy(_ADD), _policy(_ADD), _policy(_ADD, name="target-tracking")),
        messages=(
            'endpoints.kmeans.scaling.step_scaling_policies[1].name: duplicate entry, got "add"; rename one of the two',
            "endpoints.kmeans.scaling.step_scaling_policies[2].name: is the name of a managed policy, got "
            '"target-tracking"; rename it',
        ),
    ),
    Pair(
        "step-adjustment-bounds",
        passes=_policies(_policy(_ADD)),
        fails=_policies(_policy(_step(None, None))),
        messages=(
            f"{_PATH}.step_adjustments[0]: requires metric_interval_lower_bound or metric_interval_upper_bound; add "
            "metric_interval_lower_bound = 0",
        ),
    ),
    Pair(
        "step-adjustment-bounds",
        passes=_policies(_policy(_step(0, 10), _step(10, None))),
        fails=_policies(_policy(_step(10, 0), _step(10, None))),
        messages=(
            f"{_PATH}.step_adjustments[0].metric_interval_lower_bound: must be less than metric_interval_upper_bound "
            "(0), got 10; exchange the bounds or correct one of them",
        ),
    ),
    Pair(
        "step-adjustment-intervals",
        passes=_policies(_policy(_step(20, None), _step(0, 10), _step(10, 20))),
        fails=_policies(_policy(_step(25, None), _step(0, 10), _step(5, 20))),
        messages=(
            f"{_PATH}.step_adjustments: the intervals of two steps overlap between 5 and 10; let one end where the "
            "next one starts, for example at 5",
            f"{_PATH}.step_adjustments: the intervals of two steps have a gap between 20 and 25; let one end where the "
            "next one starts, for example at 25",
        ),
    ),
    Pair(
        "step-adjustment-intervals",
        passes=_policies(_policy(_ADD)),
        fails=_policies(_policy(_step(10, None)), _policy(_step(0, 10), name="also")),
        messages=tuple(
            f"endpoints.kmeans.scaling.step_scaling_policies[{index}].step_adjustments: no step covers some values "
            f"above the threshold; {_FROM_THRESHOLD} of the last step"
            for index in (0, 1)
        ),
    ),
    Pair(
        "step-adjustment-intervals",
        passes=_policies(_policy(_step(-10, 0, -1), _step(None, -10, -2), operator=_BELOW)),
        fails=_policies(_policy(_step(-10, 0, -1), operator=_BELOW)),
        messages=(
            f"{_PATH}.step_adjustments: no step covers some values below the threshold; begin with "
            "metric_interval_upper_bound = 0, the threshold, and omit metric_interval_lower_bound of the last step",
        ),
    ),
    Pair(
        "step-adjustment-unused",
        passes=_policies(_policy(_ADD)),
        fails=_policies(_policy(_step(0, None), _step(None, 0))),
        messages=(
            f"{_PATH}.step_adjustments[1]: has no effect with GreaterThanThreshold, because bounds are relative to the "
            f"threshold; {_FROM_THRESHOLD} of the last step",
        ),
    ),
    Pair(
        "step-adjustment-unused",
        passes=_policies(_policy(_ADD, adjustment_type="PercentChangeInCapacity", min_adjustment_magnitude=1)),
        fails=_policies(_policy(_ADD, min_adjustment_magnitude=1)),
        messages=(
            f"{_PATH}.min_adjustment_magnitude: has no effect with ChangeInCapacity, got 1; remove it, or set "
            'adjustment_type = "PercentChangeInCapacity"',
        ),
    ),
    Pair(
        "step-adjustment-negative",
        passes=_policies(_policy(_step(0, None, 4), adjustment_type="ExactCapacity")),
        fails=_policies(_policy(_step(0, None, -1), adjustment_type="ExactCapacity")),
        messages=(
            f"{_PATH}.step_adjustments[0].scaling_adjustment: must not be negative with ExactCapacity, got -1; set the "
            'capacity, or adjustment_type = "ChangeInCapacity"',
        ),
    ),
    Pair(
        "step-adjustment-direction",
        passes=_policies(_policy(_ADD), _policy(_REMOVE, operator=_BELOW, name="remove")),
        fails=_policies(_policy(_step(0, None, -2)), _policy(_step(None, 0, 1), operator=_BELOW, name="remove")),
        messages=(
            f"{_PATH}.step_adjustments[0].scaling_adjustment: removes capacity with GreaterThanThreshold, got -2; set "
            "it to 2, or correct comparison_operator",
            "endpoints.kmeans.scaling.step_scaling_policies[1].step_adjustments[0].scaling_adjustment: adds capacity "
            "with LessThanThreshold, got 1; set it to -1, or correct comparison_operator",
        ),
    ),
]
