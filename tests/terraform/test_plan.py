"""The real Terraform and the real provider accept what is synthesized, and a first plan can be reviewed."""

import json
from pathlib import Path
from typing import Any

import pytest

from modules.load import load
from sandbox.terraform import Terraform, offline_override, offline_stack
from tests.examples import EXAMPLES
from tests.support import write_stacks

Json = dict[str, Any]


def _stacks(file: Path) -> list[str]:
    configuration = load(file)
    endpoints = [each.names.stack for each in configuration.deployments]
    return [*endpoints, *(each.names.network_stack for each in configuration.networks)]


_STACKS = [(name, stack) for name, file in EXAMPLES.items() for stack in _stacks(file)]
_DOCUMENTS = ("policy", "assume_role_policy")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> dict[str, Json]:
    """The validated plan of every stack of every example, by its name."""
    return {
        f"{name}/{stack}": _planned(Terraform(folder, terraform_environment), f"{name}/{stack}")
        for name, file in EXAMPLES.items()
        for stack, folder in write_stacks(file, tmp_path_factory.mktemp(name)).items()
    }


@pytest.mark.parametrize(("name", "stack"), _STACKS)
def test_a_first_plan_makes_every_resource_and_nothing_else(name: str, stack: str, plans: dict[str, Json]) -> None:
    changes = plans[f"{name}/{stack}"]["resource_changes"]
    assert changes
    assert {tuple(each["change"]["actions"]) for each in changes} == {("create",)}


@pytest.mark.parametrize(("name", "stack"), _STACKS)
def test_every_iam_document_is_in_clear_but_for_those_that_name_the_made_key(
    name: str, stack: str, plans: dict[str, Json]
) -> None:
    plan = plans[f"{name}/{stack}"]
    hidden = {
        each["address"]
        for each in plan["resource_changes"]
        for attribute in _DOCUMENTS
        if each["change"]["after_unknown"].get(attribute) is True and each["type"] != "aws_s3_bucket"
    }
    naming_the_key = {
        each["address"]
        for each in plan["configuration"]["root_module"]["resources"]
        if "aws_kms_key.Key.arn" in each.get("expressions", {}).get("policy", {}).get("references", [])
    }
    assert hidden == naming_the_key
    assert {address.rsplit("_", 1)[0] for address in hidden} <= {
        "aws_iam_role_policy.Role_KeyUse",
        "aws_s3_bucket_policy.Capture_Policy",
        "aws_iam_policy.Capture_ReadPolicy",
    }


def test_every_document_is_in_clear_where_the_key_exists_already(plans: dict[str, Json]) -> None:
    plan = plans["everything/prod-relaxed"]
    documents = [
        each["change"]["after"][attribute]
        for each in plan["resource_changes"]
        for attribute in _DOCUMENTS
        if each["change"]["after"].get(attribute)
    ]
    assert len(documents) == 5
    assert all(json.loads(each)["Statement"] for each in documents)


def test_a_value_that_looks_like_a_template_arrives_as_it_was_written(plans: dict[str, Json]) -> None:
    (model,) = (e for e in plans["everything/prod-fraud"]["resource_changes"] if e["type"] == "aws_sagemaker_model")
    (container,) = model["change"]["after"]["primary_container"]
    assert container["environment"]["FORMAT"] == "${time} %{level}"


def _planned(terraform: Terraform, name: str) -> Json:
    written = terraform.directory / "cdk.tf.json"
    (terraform.directory / "offline_override.tf.json").write_text(offline_override())
    terraform.init()
    valid = json.loads(terraform.run("validate", "-json").stdout)
    assert (valid["valid"], valid["diagnostics"]) == (True, []), name
    # What is validated is what was written; a plan would look things up in AWS.
    written.write_text(offline_stack(written.read_text()))
    return terraform.plan()
