"""The parts of a plan that are no changes of resources are read, shown and hidden like the others."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.plan.synthesized import plans
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review
from tests.review.fragments import Json, change, findings_by_rule, plan

_TODAY = date(2026, 11, 26)
_ADDRESS = "action.aws_lambda_invoke.grant"
_INVOCATION: Json = {
    "address": _ADDRESS,
    "type": "aws_lambda_invoke",
    "config_values": {"payload": "hunter2-of-an-action"},
}
_UPDATED = {"triggering_resource_address": "aws_kms_key.Key", "action_trigger_event": "AfterUpdate"}


def _comment(reviewed: Plan) -> str:
    return comment([Review(reviewed, (), _TODAY)], source="Plan")


def _invoked(**more: Any) -> str:
    (message,) = findings_by_rule(action_invocations=[{**_INVOCATION, **more}])["action-invoked"]
    return message


def test_an_invocation_names_its_trigger_and_its_arguments() -> None:
    assert _invoked().startswith('The apply invokes `aws_lambda_invoke`, with the arguments `{"payload": ')
    triggered = "The apply invokes `aws_lambda_invoke` after update of `aws_kms_key.Key`, with the arguments "
    assert _invoked(lifecycle_action_trigger=_UPDATED).startswith(triggered)


def test_a_sensitive_argument_of_an_action_is_hidden() -> None:
    reviewed = plan(action_invocations=[{**_INVOCATION, "config_sensitive": {"payload": True}}])
    assert "hunter2" not in _comment(reviewed)
    assert _ADDRESS in _comment(reviewed)


def test_a_deferred_invocation_says_when_it_runs() -> None:
    deferred = {"reason": "deferred_prereq", "action_invocation": _INVOCATION}
    (message,) = findings_by_rule(deferred_action_invocations=[deferred])["action-invoked"]
    assert "`aws_lambda_invoke`, once Terraform knows its arguments, with" in message


def test_deferred_changes_are_named() -> None:
    later = {"reason": "unknown", "resource_change": change("aws_kms_key.Later", None, {"tags": {}}, ("create",))}
    (message,) = findings_by_rule(deferred_changes=[later], complete=False)["plan-incomplete"]
    assert message == "Terraform defers changes to a later plan: `aws_kms_key.Later`."


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"errored": True, "complete": False}, "The plan failed: it has only the changes before the error."),
        ({"complete": False}, "The plan is incomplete: it has targets (-target)."),
    ],
)
def test_an_incomplete_plan_says_why(more: Json, message: str) -> None:
    (found,) = findings_by_rule(**more)["plan-incomplete"]
    assert found.startswith(message)


def _output(**more: Any) -> Json:
    flags = {"after_unknown": False, "before_sensitive": False, "after_sensitive": False}
    return {"actions": ["update"], "before": "a", "after": "a", **flags, **more}


def test_an_output_that_changes_is_a_change_also_with_the_same_value() -> None:
    """Terraform plans an update if only the sensitivity differs."""
    assert Review(plan(output_changes={"x": _output(actions=["no-op"])}), (), _TODAY).is_empty
    assert not Review(plan(output_changes={"x": _output()}), (), _TODAY).is_empty


def test_the_value_of_an_output_that_was_sensitive_is_hidden() -> None:
    output = _output(before="hunter2-a", after="hunter2-a", before_sensitive=True, after_sensitive=True)
    configured: Json = {"root_module": {"outputs": {"x": {"expression": {}}}}}
    text = _comment(plan(output_changes={"x": output}, configuration=configured))
    assert "hunter2" not in text
    assert "The output is no longer sensitive" in text


def test_an_output_of_a_synthesized_stack_is_compared_as_well(tmp_path: Path) -> None:
    for side, is_sensitive in (("base", True), ("head", False)):
        folder = tmp_path / side / "stacks" / "dev"
        folder.mkdir(parents=True)
        stack = {
            "resource": {"aws_kms_key": {"Key": {"tags": {}}}},
            "output": {"x": {"value": "a", "sensitive": is_sensitive}},
        }
        (folder / "cdk.tf.json").write_text(json.dumps(stack))
    (compared,) = plans(tmp_path / "base", tmp_path / "head")
    assert compared.exposed_outputs == ("x",)
    assert "output-exposed" in _comment(compared)


def test_a_deposed_object_is_listed() -> None:
    deposed = {**change("aws_iam_policy.Old", {"name": "old"}, None, ("delete",)), "deposed": "0123abcd"}
    assert "`aws_iam_policy.Old` (deposed) deleted" in _comment(plan(None, deposed))
    forgotten = {**change("aws_iam_policy.Old", {"name": "old"}, None, ("forget",)), "deposed": "0123abcd"}
    assert "removed-from-state" in findings_by_rule(None, forgotten)
