"""The reviews of real plans equal the golden files: `make snapshots` updates them."""

import os
import tempfile
from datetime import date
from pathlib import Path

import pytest

from protected_endpoints.review import review_file
from protected_endpoints.review.admission.admitted import admitted
from protected_endpoints.review.admission.plans import admit_plans
from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.plan.reading import read
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review
from tests.plans.scenarios import SCENARIOS

_PLANS = Path(__file__).parent.parent / "plans"
_TODAY = date(2026, 11, 23)
_WRITES = bool(os.environ.get("UPDATE_SNAPSHOTS"))


def _plan(name: str) -> Plan:
    return read(_PLANS / f"{name}.json")


def _comment(*names: str) -> str:
    entries = admitted(review_file.read(_PLANS / "review.toml"))
    plans = admit_plans([_plan(name) for name in names], entries)
    return comment([Review(plan, (), _TODAY) for plan in plans], source="Plan")


@pytest.mark.parametrize("name", [*SCENARIOS, "image+invoker-added+no-op"])
def test_a_review_equals_its_golden_file(name: str) -> None:
    file, text = _PLANS / f"{name}.md", _comment(*name.split("+"))
    if _WRITES:
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, "the review changed; run: make snapshots"


def test_every_scenario_has_its_plan_and_every_plan_its_scenario() -> None:
    assert {file.stem for file in _PLANS.glob("*.json")} == {*SCENARIOS}
    assert {file.stem for file in _PLANS.glob("*.md")} == {*SCENARIOS, "image+invoker-added+no-op"}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_plan_has_the_actions_of_its_scenario(name: str) -> None:
    shown = {change.address: change.actions for change in _plan(name).changes}
    for address, actions in SCENARIOS[name].actions.items():
        matching = [
            done
            for changed, done in shown.items()
            if changed == address
            or (changed.startswith((f"{address}_", f"{address}[")) and "create" not in (set(done) - set(actions)))
        ]
        assert actions in matching, (address, matching)


def test_plans_contain_no_path_or_address_of_the_machine() -> None:
    folders = [str(Path(tempfile.gettempdir())), str(Path.home()), str(_PLANS)]
    for file in _PLANS.glob("*.json"):
        text = file.read_text(encoding="utf-8")
        assert not [path for path in (*folders, "127.0.0.1", "localhost") if f"{path}/" in text or f"{path}:" in text]


def test_a_secret_of_a_plan_is_never_in_its_review() -> None:
    assert "hunter2" in (_PLANS / "secret.json").read_text(encoding="utf-8")
    assert "hunter2" not in _comment("secret")
    assert "s3cr3t-of-a-variable" not in _comment("sensitive")
