"""The scalable targets of an endpoint, and their lowest and highest capacity."""

from protected_endpoints.deployment.scaling import ScalingTarget
from protected_endpoints.deployment.scaling_policies import step_policies
from tests.loading.support import Table, deployment
from tests.rules.pair import IMAGE, adapter, component, components, variant, variants
from tests.rules.scaling import ASYNC, action, scaled, scaling


def _targets(endpoint: Table) -> tuple[ScalingTarget, ...]:
    return deployment(**endpoint).scaling_targets


def test_variants_precede_components_and_a_target_has_the_path_of_its_table() -> None:
    (target,) = _targets(scaled())
    assert (target.path, target.variant, target.component) == (("scaling",), "AllTraffic", None)
    (second,) = _targets(variants(variant("a"), variant("b", scaling=scaling())))
    assert (second.path, second.variant_index) == (("variants", 1, "scaling"), 1)
    assert second.resource_id == "endpoint/acme-dev-kmeans/variant/b"
    named = {"one": component(scaling=scaling()), "two": component(image=IMAGE), "tax": adapter()}
    (third,) = _targets(components(named))
    assert (third.path, third.component) == (("inference_components", "one", "scaling"), "one")


def test_the_limits_include_those_of_scheduled_actions() -> None:
    actions = [action(min_capacity=0), action("day", min_capacity=None, max_capacity=9)]
    (target,) = _targets(scaled(2, 4, scheduled_actions=actions))
    assert (target.min_capacity, target.max_capacity) == (2, 4)
    assert (target.lowest_capacity, target.highest_capacity) == (0, 9)


def test_alarms_have_the_name_of_the_policy_that_they_start() -> None:
    policy = {
        "name": "drain",
        "metric_name": "ApproximateBacklogSize",
        "statistic": "Average",
        "threshold": 1,
        "comparison_operator": "GreaterThanThreshold",
        "step_adjustments": [{"metric_interval_lower_bound": 0, "scaling_adjustment": 1}],
    }
    (target,) = _targets(scaled(0, 4, step_scaling_policies=[policy]) | ASYNC)
    assert [step.alarm.name for step in step_policies(target)] == [
        "acme-dev-kmeans/wake-up",
        "acme-dev-kmeans/scaling-drain",
    ]
