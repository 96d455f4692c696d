"""The review reads the plans of the real Terraform, including those without resource changes."""

import json
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.review.plan.fingerprint import fingerprint
from protected_endpoints.review.plan.plan import Check, Plan, Unreadable
from protected_endpoints.review.plan.reading import parse_plan

Json = dict[str, Any]

_POSTCONDITION = {"condition": '${self.input != ""}', "error_message": "empty"}
_ONE_RESOURCE: Json = {
    "resource": {"terraform_data": {"A": {"input": "a", "lifecycle": {"postcondition": [_POSTCONDITION]}}}},
    "output": {"id": {"value": "${terraform_data.A.id}"}},
}
_NO_RESOURCES: Json = {"resource": {"terraform_data": {"A": {"count": 0}}}, "output": {"x": {"value": "y"}}}


@pytest.fixture
def terraform(tmp_path: Path, terraform_environment: dict[str, str]) -> Terraform:
    return Terraform(tmp_path, terraform_environment)


def _planned(terraform: Terraform, configuration: Json, *arguments: str) -> Json:
    (terraform.directory / "main.tf.json").write_text(json.dumps(configuration))
    terraform.init()
    terraform.run("plan", "-input=false", "-out=plan.bin", *arguments)
    plan: Json = json.loads(terraform.run("show", "-json", "plan.bin").stdout)
    return plan


def _read(plan: Json) -> Plan:
    return parse_plan(plan, "dev", "dev.json")


def test_a_plan_without_resources_has_no_changes(terraform: Terraform) -> None:
    for configuration in ({"locals": {"x": 1}}, _NO_RESOURCES):
        plan = _planned(terraform, configuration)
        assert "resource_changes" not in plan
        assert _read(plan).changes == ()


def test_a_plan_is_read_with_any_action_and_refused_without_its_changes(terraform: Terraform) -> None:
    created = _planned(terraform, _ONE_RESOURCE)
    terraform.run("apply", "-auto-approve")
    unchanged, destroyed, removed = (
        _planned(terraform, configuration, *arguments)
        for configuration, arguments in ((_ONE_RESOURCE, ()), (_ONE_RESOURCE, ("-destroy",)), (_NO_RESOURCES, ()))
    )
    for plan, actions in ((created, "create"), (unchanged, "no-op"), (destroyed, "delete"), (removed, "delete")):
        assert [change.actions for change in _read(plan).changes] == [(actions,)]
        with pytest.raises(Unreadable, match="resource_changes: no changes, although resources exist"):
            _read({key: value for key, value in plan.items() if key != "resource_changes"})
    assert _read(unchanged).conditions == (("terraform_data.A", "pass"),)


def test_a_plan_that_only_refreshes_is_refused(terraform: Terraform) -> None:
    _planned(terraform, _ONE_RESOURCE)
    terraform.run("apply", "-auto-approve")
    with pytest.raises(Unreadable, match="a -refresh-only plan does not show what an apply would do"):
        _read(_planned(terraform, _ONE_RESOURCE, "-refresh-only"))


def test_a_check_block_and_an_output_that_is_no_longer_sensitive_are_read(terraform: Terraform) -> None:
    _planned(terraform, {**_ONE_RESOURCE, "output": {"token": {"value": "a", "sensitive": True}}})
    terraform.run("apply", "-auto-approve")
    checked = {"assert": [{"condition": '${terraform_data.A.input == "b"}', "error_message": "another version"}]}
    plan = _planned(terraform, {**_ONE_RESOURCE, "check": {"serves": checked}, "output": {"token": {"value": "a"}}})
    assert _read(plan).checks == (Check("check.serves", "fail", ("another version",)),)
    assert _read(plan).exposed_outputs == ("token",)
    assert [change.actions for change in _read(plan).changes] == [("no-op",)]
    without_checks = [check for check in plan["checks"] if check["address"]["kind"] != "check"]
    parts: list[Json] = [{"checks": without_checks}, {"output_changes": {}}]
    for part in parts:
        assert fingerprint([_read({**plan, **part})]) != fingerprint([_read(plan)])
