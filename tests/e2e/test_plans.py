"""The plans that the review is tested on can be made again, and are the same then."""

import json
from pathlib import Path

import pytest

from tests.plans.make import plans, to_text

_PLANS = Path(__file__).parent.parent / "plans"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return {name: to_text(plan) for name, plan in plans(["first-plan", "fixed-name", "network-first-plan"])}


def test_a_first_plan_is_the_same_when_it_is_made_again(made: dict[str, str]) -> None:
    assert json.loads(made["first-plan"]) == json.loads((_PLANS / "first-plan.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["fixed-name", "network-first-plan"])
def test_a_plan_does_the_same_when_it_is_made_again(name: str, made: dict[str, str]) -> None:
    kept = json.loads((_PLANS / f"{name}.json").read_text(encoding="utf-8"))
    done, again = (
        [(each["address"], each["change"]["actions"]) for each in plan["resource_changes"]]
        for plan in (kept, json.loads(made[name]))
    )
    assert done == again
