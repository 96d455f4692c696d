"""Tables of scaling: limits around the initial capacity, target tracking, steps and scheduled actions."""

from itertools import pairwise

from hypothesis import strategies as st

from tests.properties.parts import optional
from tests.properties.toml import Table
from tests.properties.values import bounded, words

_MOST = 1000
_SCHEDULES = ("cron(0 20 * * ? *)", "cron(0/15 6-18 ? * MON-FRI *)", "at(2099-01-31T08:00:00)", "rate(5 minutes)")
_TIMES = ("2098-01-31T08:00:00Z", "2099-01-31T08:00:00Z")
_MANAGED_POLICIES = ("target-tracking", "wake-up")


@st.composite
def tables(draw: st.DrawFn, initial: int | None, *, least: int, metrics: tuple[str, ...]) -> Table:
    """Generate scaling around an initial capacity, or for the default one, with one of these predefined metrics."""
    minimum = draw(bounded(least, initial or _MOST))
    maximum = draw(bounded(max(minimum, initial or 1), _MOST))
    table: Table = {"min_capacity": minimum, "max_capacity": maximum}
    kinds = draw(st.sets(st.sampled_from(["tracking", "steps", "actions"]), min_size=1))
    if "tracking" in kinds:
        table["target_value"] = draw(bounded(1, 10000) | st.sampled_from([0.5, 12.25]))
        cooldown = bounded(0, 86400)
        table |= draw(optional(scale_in_cooldown=cooldown, scale_out_cooldown=cooldown, disable_scale_in=st.booleans()))
        table |= draw(optional(predefined_metric_type=st.sampled_from(metrics))) if metrics else {}
    if "steps" in kinds:
        names = st.lists(
            words(36).filter(lambda name: name not in _MANAGED_POLICIES), min_size=1, max_size=2, unique=True
        )
        table["step_scaling_policies"] = [draw(_policies(name)) for name in draw(names)]
    if "actions" in kinds:
        names = st.lists(words(36), min_size=1, max_size=3, unique=True)
        table["scheduled_actions"] = [draw(_actions(name, minimum, maximum)) for name in draw(names)]
    return table


@st.composite
def _policies(draw: st.DrawFn, name: str) -> Table:
    is_above = draw(st.booleans())
    bounds = sorted(draw(st.sets(bounded(1, 10000000) | st.sampled_from([0.00001, 0.5]), max_size=3)))
    edges = [0, *bounds, None] if is_above else [None, *(-bound for bound in reversed(bounds)), 0]
    steps = [
        {
            **({} if lower is None else {"metric_interval_lower_bound": lower}),
            **({} if upper is None else {"metric_interval_upper_bound": upper}),
            "scaling_adjustment": draw(bounded(1, 1000)) * (1 if is_above else -1),
        }
        for lower, upper in pairwise(edges)
    ]
    kind = draw(st.sampled_from(["ChangeInCapacity", "PercentChangeInCapacity"]))
    return {
        "name": name,
        "metric_name": "ModelLatency",
        "statistic": draw(st.sampled_from(["Average", "Minimum", "Maximum", "Sum", "SampleCount"])),
        "threshold": draw(bounded(0, 10000000)),
        "comparison_operator": draw(
            st.sampled_from(
                ["GreaterThanThreshold", "GreaterThanOrEqualToThreshold"]
                if is_above
                else ["LessThanThreshold", "LessThanOrEqualToThreshold"]
            )
        ),
        "adjustment_type": kind,
        "step_adjustments": steps,
        **draw(
            optional(
                period=bounded(1, 60).map(lambda minutes: minutes * 60),
                evaluation_periods=bounded(1, 24),
                cooldown=bounded(0, 86400),
                metric_aggregation_type=st.sampled_from(["Average", "Minimum", "Maximum"]),
            )
        ),
        **(draw(optional(min_adjustment_magnitude=bounded(1, 1000))) if kind.startswith("Percent") else {}),
    }


@st.composite
def _actions(draw: st.DrawFn, name: str, minimum: int, maximum: int) -> Table:
    schedule = draw(st.sampled_from(_SCHEDULES))
    limits = {"min_capacity": bounded(minimum, maximum), "max_capacity": bounded(max(minimum, 1), maximum)}
    key = draw(st.sampled_from([*limits]))
    action: Table = {"name": name, "schedule": schedule, key: draw(limits[key])}
    if not schedule.startswith("rate"):
        action |= draw(optional(timezone=st.sampled_from(["UTC", "Europe/Zurich", "Etc/GMT+9"])))
    if not schedule.startswith("at"):
        action |= draw(optional(start_time=st.just(_TIMES[0]), end_time=st.just(_TIMES[1])))
    return action
