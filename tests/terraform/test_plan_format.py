"""What the real Terraform writes is a plan, and which plans have no changes of resources."""

import json
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.review.plan.plan import Plan, Unreadable
from protected_endpoints.review.plan.reading import parse_plan

Json = dict[str, Any]

_COMPARED = {"condition": '${self.input != ""}', "error_message": "empty"}
_KEPT: Json = {
    "resource": {"terraform_data": {"A": {"input": "a", "lifecycle": {"postcondition": [_COMPARED]}}}},
    "output": {"id": {"value": "${terraform_data.A.id}"}},
}
_NONE: Json = {"resource": {"terraform_data": {"A": {"count": 0}}}, "output": {"x": {"value": "y"}}}


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


def test_a_plan_of_no_resources_has_no_changes_and_is_read(terraform: Terraform) -> None:
    for configuration in ({"locals": {"x": 1}}, _NONE):
        plan = _planned(terraform, configuration)
        assert "resource_changes" not in plan
        assert _read(plan).changes == ()


def test_a_plan_is_read_whatever_it_does_and_refused_without_its_changes(terraform: Terraform) -> None:
    made = _planned(terraform, _KEPT)
    terraform.run("apply", "-auto-approve")
    stays, goes, emptied = (
        _planned(terraform, configuration, *arguments)
        for configuration, arguments in ((_KEPT, ()), (_KEPT, ("-destroy",)), (_NONE, ()))
    )
    for plan, actions in ((made, "create"), (stays, "no-op"), (goes, "delete"), (emptied, "delete")):
        assert [change.actions for change in _read(plan).changes] == [(actions,)]
        with pytest.raises(Unreadable, match="resource_changes: no changes, although resources exist"):
            _read({key: value for key, value in plan.items() if key != "resource_changes"})
    assert _read(stays).conditions == (("terraform_data.A", "pass"),)


def test_a_plan_that_only_refreshes_is_refused(terraform: Terraform) -> None:
    _planned(terraform, _KEPT)
    terraform.run("apply", "-auto-approve")
    with pytest.raises(Unreadable, match="a -refresh-only plan does not show what an apply would do"):
        _read(_planned(terraform, _KEPT, "-refresh-only"))
