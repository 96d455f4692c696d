"""Arguments that Terraform ignores apply when another resource replaces the one that has them."""

import pytest

from protected_endpoints.review.plan.lifecycle import is_triggered, with_ignored_changes
from tests.review.fragments import Json

_TARGET, _LIMITS = "aws_appautoscaling_target.T", "terraform_data.L"
_ENDPOINT = "aws_sagemaker_endpoint.E"


def _stack(most: int, instance_type: str) -> dict[str, Json]:
    triggers = [f"{_ENDPOINT}.id", f"{_LIMITS}.input.max_capacity"]
    return {
        _ENDPOINT: {"name": "a", "tags": {"type": instance_type}},
        _LIMITS: {"input": {"max_capacity": most, "instance_type": instance_type}},
        _TARGET: {
            "max_capacity": most,
            "lifecycle": {"replace_triggered_by": triggers, "ignore_changes": ["max_capacity"]},
        },
    }


def test_an_argument_that_differs_replaces_what_names_it() -> None:
    before, after = _stack(4, "ml.m5.large"), _stack(8, "ml.m5.large")
    assert is_triggered(_TARGET, before, after)
    assert (with_ignored_changes(_TARGET, before, after) or {})["max_capacity"] == 8


def test_another_argument_of_the_resource_replaces_nothing() -> None:
    before, after = _stack(4, "ml.m5.large"), _stack(4, "ml.m5.xlarge")
    assert not is_triggered(_TARGET, before, after)
    changed = {**after, _TARGET: {**after[_TARGET], "max_capacity": 8}}
    assert (with_ignored_changes(_TARGET, before, changed) or {})["max_capacity"] == 4


@pytest.mark.parametrize("missing", [_LIMITS, _TARGET])
def test_what_is_created_replaces_nothing(missing: str) -> None:
    before, after = _stack(4, "ml.m5.large"), _stack(8, "ml.m5.large")
    del before[missing]
    assert not is_triggered(_TARGET, before, after)
