"""The real Terraform and the real AWS provider accept every deployment that is accepted."""

import json
from pathlib import Path

import pytest

from protected_endpoints.commands.registry_mirror import mirrored_version
from tests.examples import NEEDS_PROVIDER_6
from tests.field.cases import CASES, is_accepted
from tests.support import write_stacks
from tests.terraform.planned import Json, plan_stacks, provider_errors

# Their variants have no model, as in the example of inference components.
_WITH_COMPONENTS = (
    "enhanced-metrics.corrected",
    "public-lora-adapters",
    "public-perception-steps-to-zero.corrected",
    "sglang-scale-to-zero.corrected",
    "vllm-inference-component.corrected",
)
_PLANNED = [name for name in CASES if is_accepted(name) and name not in _WITH_COMPONENTS]


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> dict[str, list[Json]]:
    """The plans of the stacks of every case, by the name of the case."""
    stacks = [
        (name, json.loads((folder / "cdk.tf.json").read_text()))
        for name in _PLANNED
        for folder in write_stacks(CASES[name], tmp_path_factory.mktemp(name)).values()
    ]
    modules = {f"stack-{number}": stack for number, (_, stack) in enumerate(stacks)}
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


@pytest.mark.skipif(not (mirrored_version() or "6").startswith("5."), reason="the installed AWS provider is newer")
@pytest.mark.parametrize("name", _WITH_COMPONENTS)
def test_provider_5_rejects_inference_components_for_the_expected_reasons_only(
    name: str, tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    (folder,) = write_stacks(CASES[name], tmp_path).values()
    assert provider_errors(folder, terraform_environment) == NEEDS_PROVIDER_6["inference-components"]
