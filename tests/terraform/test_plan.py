"""The real Terraform and the real AWS provider accept the synthesized stacks, and a first plan can be reviewed."""

import json
import re
from pathlib import Path

import pytest

from protected_endpoints.commands.registry_mirror import mirrored_version
from tests.examples import EXAMPLES, NEEDS_PROVIDER_6
from tests.stacks.synthesized import CONFIGURATIONS
from tests.support import write_stacks
from tests.terraform.planned import Json, plan_stacks, provider_errors


def _stacks(name: str) -> list[str]:
    configuration = CONFIGURATIONS[name]
    endpoints = [deployment.names.stack for deployment in configuration.deployments]
    return [*endpoints, *(shared.stack for shared in configuration.shared)]


_STACKS = [(name, stack) for name in EXAMPLES if name not in NEEDS_PROVIDER_6 for stack in _stacks(name)]
_DOCUMENTS = ("policy", "assume_role_policy")
_WITH_POLICY_RESOURCE = ("aws_s3_bucket", "aws_sns_topic")  # the policy is a resource of its own


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> dict[str, Json]:
    """The validated plan of every stack of every example, by its name."""
    stacks = {
        f"{name}-{folder.name}": json.loads((folder / "cdk.tf.json").read_text())
        for name, file in EXAMPLES.items()
        if name not in NEEDS_PROVIDER_6
        for folder in write_stacks(file, tmp_path_factory.mktemp(name)).values()
    }
    return plan_stacks(tmp_path_factory.mktemp("planned"), terraform_environment, stacks)


@pytest.mark.parametrize(("name", "stack"), _STACKS)
def test_a_first_plan_only_creates_resources(name: str, stack: str, plans: dict[str, Json]) -> None:
    changes = plans[f"{name}-{stack}"]["resource_changes"]
    is_shared = stack.endswith(("-audit", "-network", "-operations", "-state"))
    assert "aws_sagemaker_endpoint" in {change["type"] for change in changes} or is_shared
    assert {tuple(change["change"]["actions"]) for change in changes} == {("create",)}


@pytest.mark.parametrize(("name", "stack"), _STACKS)
def test_a_plan_shows_every_policy_that_does_not_name_the_managed_key(
    name: str, stack: str, plans: dict[str, Json]
) -> None:
    plan = plans[f"{name}-{stack}"]
    hidden = {
        change["address"]
        for change in plan["resource_changes"]
        for attribute in _DOCUMENTS
        if change["change"]["after_unknown"].get(attribute) is True and change["type"] not in _WITH_POLICY_RESOURCE
    }
    with_the_key = {
        resource["address"]
        for resource in plan["configuration"]["root_module"]["resources"]
        if "aws_kms_key.Key.arn" in resource.get("expressions", {}).get("policy", {}).get("references", [])
    }
    assert hidden == with_the_key
    assert {re.sub(r"_[0-9A-F]{8}$", "", address) for address in hidden} <= {
        "aws_iam_role_policy.Role_KeyUse",
        "aws_iam_policy.ReadPolicy",
        "aws_s3_bucket_policy.AuditBucket_Policy",
        "aws_s3_bucket_policy.Bucket_Policy",
        "aws_s3_bucket_policy.Capture_Policy",
        "aws_iam_policy.Read-capture_Policy",
        "aws_iam_policy.Read-answers_Policy",
    }


def test_with_an_existing_key_a_plan_shows_every_policy(plans: dict[str, Json]) -> None:
    plan = plans["everything-prod-relaxed"]
    documents = [
        change["change"]["after"][attribute]
        for change in plan["resource_changes"]
        for attribute in _DOCUMENTS
        if change["change"]["after"].get(attribute)
    ]
    assert len(documents) == 5
    assert all(json.loads(document)["Statement"] for document in documents)


def test_every_resource_is_tagged(plans: dict[str, Json]) -> None:
    tags = [
        change["change"]["after"]["tags_all"]
        for plan in plans.values()
        for change in plan["resource_changes"]
        if "tags_all" in change["change"]["after"]
    ]
    assert len(tags) > len(plans)
    assert {tag["project"] for tag in tags} == {"acme"}


def test_a_value_with_the_syntax_of_a_template_is_not_changed(plans: dict[str, Json]) -> None:
    (model,) = (e for e in plans["everything-prod-fraud"]["resource_changes"] if e["type"] == "aws_sagemaker_model")
    (container,) = model["change"]["after"]["primary_container"]
    assert container["environment"]["FORMAT"] == "${time} %{level}"


@pytest.mark.skipif(not (mirrored_version() or "6").startswith("5."), reason="the installed AWS provider is newer")
@pytest.mark.parametrize(("name", "reasons"), NEEDS_PROVIDER_6.items())
def test_provider_5_rejects_stacks_that_require_provider_6_for_the_expected_reasons_only(
    name: str, reasons: set[str], tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    (folder,) = write_stacks(EXAMPLES[name], tmp_path).values()
    assert provider_errors(folder, terraform_environment) == reasons
