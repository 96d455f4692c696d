"""The real Terraform and the real AWS provider accept every deployment that is accepted."""

import json

import pytest

from tests.field.cases import CASES, is_accepted
from tests.support import write_stacks
from tests.terraform.planned import Json, plan_stacks

# What AWS provider 5.100.0 lacks, by case.
_NEEDS_PROVIDER_6: dict[str, str] = {}
_PLANNED = [name for name in CASES if is_accepted(name) and name not in _NEEDS_PROVIDER_6]


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> dict[str, list[Json]]:
    """The plans of the stacks of every case, by the name of the case."""
    stacks = {
        (name, folder.name): json.loads((folder / "cdk.tf.json").read_text())
        for name in _PLANNED
        for folder in write_stacks(CASES[name], tmp_path_factory.mktemp(name)).values()
    }
    modules = {f"stack-{number}": stack for number, stack in enumerate(stacks.values())}
    planned = plan_stacks(tmp_path_factory.mktemp("planned"), terraform_environment, modules)
    plans: dict[str, list[Json]] = {name: [] for name in _PLANNED}
    for (name, _), plan in zip(stacks, planned.values(), strict=True):
        plans[name].append(plan)
    return plans


@pytest.mark.parametrize("name", _PLANNED)
def test_an_accepted_deployment_can_be_planned(name: str, plans: dict[str, list[Json]]) -> None:
    changes = [change for plan in plans[name] for change in plan["resource_changes"]]
    assert "aws_sagemaker_endpoint" in {change["type"] for change in changes}
    assert {tuple(change["change"]["actions"]) for change in changes} == {("create",)}
