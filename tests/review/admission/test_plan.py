"""Plans are admitted by the grammar: honest ones without a finding, and everything else with the address and why."""

import copy
import json
from typing import Any

import pytest

from protected_endpoints.review.admission.admitted import Admitted
from protected_endpoints.review.admission.plan import plan_problems
from protected_endpoints.review.plan.reading import parse_plan
from tests.examples import ROOT
from tests.review.fragments import Json

_INVOCATION = {"address": "action.aws_lambda_invoke.x", "type": "aws_lambda_invoke", "name": "x"}
_REASON = "approved by the platform team"
_TYPE: Json = {
    "address": "aws_sqs_queue.Alerts",
    "mode": "managed",
    "type": "aws_sqs_queue",
    "name": "Alerts",
    "provider_name": "hashicorp/aws",
    "change": {
        "actions": ["create"],
        "before": None,
        "after": {"name": "alerts"},
        "after_unknown": {},
        "before_sensitive": False,
        "after_sensitive": {},
    },
}


def _raw(name: str = "image") -> Json:
    content: Json = json.loads((ROOT / "tests" / "plans" / f"{name}.json").read_text(encoding="utf-8"))
    return content


def _problems(raw: Json, *admitted: Admitted) -> list[tuple[str, str, str]]:
    problems = plan_problems(parse_plan(raw, "dev-kmeans", "plan.json"), admitted)
    return [(problem.address, problem.argument, problem.message) for problem in problems]


@pytest.mark.parametrize(
    "name",
    ["first-plan", "image", "invoker-added", "isolation-relaxed", "key-replaced", "moved", "network-first-plan",
     "everything-destroyed", "capture-off", "targeted", "removed-from-state", "logs-removed"],
)  # fmt: skip
def test_an_honest_plan_is_admitted(name: str) -> None:
    assert _problems(_raw(name)) == []


def test_another_type_is_one_finding_and_an_owner_can_admit_it() -> None:
    raw = _raw()
    raw["resource_changes"] += [_TYPE, {**_TYPE, "address": "aws_sqs_queue.More", "name": "More"}]
    configured = {"mode": "managed", "type": "aws_sqs_queue", "expressions": {"name": {"constant_value": "alerts"}}}
    raw["configuration"]["root_module"]["resources"] += [
        {**configured, "address": f"aws_sqs_queue.{name}", "name": name} for name in ("Alerts", "More")
    ]
    ((address, _, message),) = _problems(raw)
    assert (address, message) == ("aws_sqs_queue", "this project writes no resource of this type, got `Alerts`, `More`")
    assert _problems(raw, Admitted("aws_sqs_queue", _REASON)) == []


def test_an_unchanged_resource_of_another_type_was_there_before() -> None:
    raw = _raw()
    unchanged = {**_TYPE["change"], "actions": ["no-op"], "before": {"name": "a"}, "after": {"name": "a"}}
    raw["resource_changes"].append({**_TYPE, "change": {**unchanged, "before_sensitive": {}}})
    assert _problems(raw) == []


def test_of_another_cloud_nothing_was_read() -> None:
    raw = _raw()
    owner = {**_TYPE, "address": "azurerm_role_assignment.owner", "type": "azurerm_role_assignment", "name": "owner"}
    raw["resource_changes"].append(owner)
    ((address, _, message),) = _problems(raw)
    assert address == "azurerm_role_assignment"
    assert "nothing of this type was read" in message


@pytest.mark.parametrize(
    ("path", "value", "address"),
    [
        (("action_invocations",), [_INVOCATION], "action_invocations"),
        (("changes_of_a_later_version",), [{"address": "x"}], "changes_of_a_later_version"),
        (("configuration", "provider_config", "aws", "alias"), "x", "provider.aws"),
        (("configuration", "provider_config", "aws", "full_name"), "others/aws", "provider.aws"),
        (("configuration", "provider_config", "aws", "expressions", "endpoints"), [{}], "provider.aws"),
        (("configuration", "provider_config", "null"), {"full_name": "hashicorp/null"}, "provider.null"),
        (("configuration", "root_module", "module_calls"), {"x": {"module": {}}}, "module_calls"),
        (("configuration", "root_module", "variables"), {"x": {}}, "variables"),
    ],
)
def test_what_the_project_does_not_write_is_not_admitted(path: tuple[str, ...], value: Any, address: str) -> None:
    raw = copy.deepcopy(_raw())
    node = raw
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    assert address in {problem[0] for problem in _problems(raw)}


@pytest.mark.parametrize("value", ["2026-11-26", True, None, [], {}])
def test_an_informational_key_of_a_newer_terraform_is_no_finding(value: Any) -> None:
    assert _problems({**_raw(), "described_by": value}) == []


def test_a_policy_without_its_denial_is_not_admitted_in_a_first_plan() -> None:
    raw = _raw("first-plan")
    for resource in raw["resource_changes"]:
        if resource["address"].startswith("aws_s3_bucket_policy."):
            configured = next(
                item
                for item in raw["configuration"]["root_module"]["resources"]
                if item["address"] == resource["address"]
            )
            expression = configured["expressions"]["policy"]
            document = json.loads(expression["constant_value"])
            document["Statement"] = [item for item in document["Statement"] if item["Sid"] != "NeverWithoutTls"]
            expression["constant_value"] = json.dumps(document)
            if resource["change"]["after"].get("policy"):
                resource["change"]["after"]["policy"] = json.dumps(document)
    ((address, argument, message),) = _problems(raw)
    assert (address.partition(".")[0], argument) == ("aws_s3_bucket_policy", "policy")
    assert "it lacks the statement `NeverWithoutTls`" in message
