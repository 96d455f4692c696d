"""The fingerprint differs whenever an apply would do something else, and for nothing else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.review.plan.fingerprint import fingerprint
from protected_endpoints.review.plan.plan import Plan
from tests.review.fragments import Json, change, raw

_PLANS = Path(__file__).parent.parent / "plans"
# Together they have replacements, updates, deposed objects, imports, moves, data sources, outputs and variables.
_NAMES = ("after-a-rollback", "imported", "moved", "policy-of-a-data-source", "sensitive")
_WITHOUT_EFFECT = re.compile(
    r"(format_version|terraform_version|resource_drift|relevant_attributes|checks\.\*\.(status|instances))(\.|$)"
    r"|\.(version_constraint|schema_version|action_reason)$"
    r"|^output_changes\.[^.]+\.no-op\b|^unchanged\b"
)
_INDEX = re.compile(r"(?<=\.)\d+(?=\.|$)")
Path_ = tuple[str | int, ...]


def _fingerprint(plan: Json) -> str:
    return fingerprint([Plan("dev", (), raw=plan)])


def _leaves(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    if not items:
        yield path
    for key, item in items:
        yield from _leaves(item, (*path, key))


def _is_changed(plan: Json, path: Path_) -> bool:
    """Return whether a path is in a part of the plan that changes, or in none that can be unchanged."""
    match path:
        case ("resource_changes", int(index), *_):
            entry = plan["resource_changes"][index]
            is_moved = "previous_address" in entry or "importing" in entry["change"]
            return is_moved or entry["change"]["actions"] != ["no-op"]
        case ("output_changes", str(name), *_):
            return bool(plan["output_changes"][name]["actions"] != ["no-op"])
        case ("configuration", "root_module", "resources", int(index), *_):
            resource = plan["configuration"]["root_module"]["resources"][index]
            changed = {
                re.sub(r"\[.*?\]", "", entry["address"])
                for number, entry in enumerate(plan["resource_changes"])
                if _is_changed(plan, ("resource_changes", number))
            }
            return resource["mode"] == "data" or resource["address"] in changed
        case _:
            return True


def _shape(path: Path_) -> str:
    return _INDEX.sub("*", ".".join(map(str, path)))


def _examples(plan: Json, *, with_effect: bool) -> dict[str, Path_]:
    """Return one path of each shape whose values have an effect, or have none."""
    examples: dict[str, Path_] = {}
    for path in _leaves(plan):
        has_effect = not _WITHOUT_EFFECT.search(_shape(path)) and _is_changed(plan, path)
        if has_effect is with_effect:
            examples.setdefault(_shape(path), path)
    return examples


def _mutated(plan: Json, path: Path_) -> str:
    """Return the fingerprint of a plan in which another value is at a path."""
    node: Any = plan
    for key in path[:-1]:
        node = node[key]
    old = node[path[-1]]
    node[path[-1]] = not old if isinstance(old, bool) else f"{old}x" if isinstance(old, str) else ["x", old]
    mutated = _fingerprint(plan)
    node[path[-1]] = old
    return mutated


def _plan(name: str) -> Json:
    plan: Json = json.loads((_PLANS / f"{name}.json").read_bytes())
    return plan


@pytest.mark.parametrize("name", _NAMES)
def test_whatever_has_an_effect_changes_the_fingerprint(name: str) -> None:
    plan = _plan(name)
    expected, examples = _fingerprint(plan), _examples(plan, with_effect=True)
    assert len(examples) > 40
    assert [shape for shape, path in examples.items() if _mutated(plan, path) == expected] == []


@pytest.mark.parametrize("name", _NAMES)
def test_times_versions_and_unchanged_resources_do_not_change_it(name: str) -> None:
    plan = {**_plan(name), "timestamp": "2026-11-26T00:00:00Z"}
    expected, examples = _fingerprint(plan), _examples(plan, with_effect=False)
    # A no-op with another action is a change.
    shapes = [shape for shape in examples if ".actions." not in shape and not shape.endswith(".mode")]
    assert [shape for shape in shapes if _mutated(plan, examples[shape]) != expected] == []
    assert _fingerprint({**plan, "timestamp": "2027-01-01T00:00:00Z", "prior_state": {}}) == expected


_INVOCATION = {"address": "action.aws_lambda_invoke.a", "type": "aws_lambda_invoke", "config_values": {"payload": "{}"}}
_READ = {**change("data.aws_vpc.V", None, {"id": "vpc-1"}, ("read",)), "mode": "data", "type": "aws_vpc"}
_DEFERRED = {"reason": "unknown", "resource_change": change("aws_kms_key.K", None, {"tags": {}}, ("create",))}
_CHECK = {"address": {"kind": "check", "name": "c", "to_display": "check.c"}, "status": "pass"}
_OUTPUT = {"before": "a", "after": "a", "after_unknown": False, "before_sensitive": True, "after_sensitive": True}
_MODULE = {"source": "./a", "module": {"resources": [{"address": "data.external.E", "mode": "data"}]}}


@pytest.mark.parametrize(
    "part",
    [
        {"action_invocations": [_INVOCATION]},
        {"deferred_action_invocations": [{"reason": "unknown", "action_invocation": _INVOCATION}]},
        {"deferred_changes": [_DEFERRED]},
        {"complete": False},
        {"variables": {"token": {"value": "a"}}},
        {"checks": [_CHECK]},
        {"output_changes": {"token": {"actions": ["update"], **_OUTPUT}}},
        {"configuration": {"root_module": {}, "provider_config": {"aws": {"expressions": {"endpoints": [{}]}}}}},
        {"configuration": {"root_module": {"outputs": {"token": {"sensitive": True}}}}},
        {"configuration": {"root_module": {"module_calls": {"m": _MODULE}}}},
        {"a_part_of_a_newer_format": ["x"]},
    ],
    ids="-".join,
)
def test_a_part_that_an_apply_acts_on_changes_it(part: Json) -> None:
    assert _fingerprint(raw(**part)) != _fingerprint(raw())


def test_a_data_source_that_the_apply_reads_changes_it() -> None:
    assert _fingerprint(raw(None, _READ)) != _fingerprint(raw())


def test_the_status_of_a_check_does_not_change_it() -> None:
    """It may differ in the next plan of the same changes, as what a resource was before."""
    assert _fingerprint(raw(checks=[_CHECK])) == _fingerprint(raw(checks=[{**_CHECK, "status": "fail"}]))


def test_the_order_of_resources_does_not_change_it() -> None:
    plan = raw({"aws_kms_key.Key": {"tags": {"a": "b"}}, "aws_cloudwatch_log_group.Logs": {"tags": {"a": "b"}}})
    assert _fingerprint({**plan, "resource_changes": plan["resource_changes"][::-1]}) == _fingerprint(plan)
