"""The stack of an endpoint: its resources, outputs, provider and backend."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from cdktf import App
from constructs import Construct

from protected_endpoints.bindings import SagemakerModel
from protected_endpoints.stacks.endpoint import EndpointStack
from tests.examples import ACCOUNT
from tests.support import IMAGE, Json, deployment, only, resources, synth, synth_stacks

_ROUTES = {"route_table_ids": ["rtb-0a1b2c3d"]}
_EXISTING_KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_the_stack_has_all_resources_of_an_endpoint() -> None:
    stack = synth(initial_instance_count=1)
    model, configuration = only(stack, "aws_sagemaker_model"), only(stack, "aws_sagemaker_endpoint_configuration")
    (variant,) = configuration["production_variants"]
    assert only(stack, "aws_iam_role")["assume_role_policy"]
    assert resources(stack, "aws_iam_role_policy")
    assert only(stack, "aws_kms_key")
    assert model["primary_container"] == {"image": IMAGE, "model_data_url": "s3://my-bucket/model.tar.gz"}
    assert (variant["instance_type"], variant["initial_instance_count"]) == ("ml.m4.xlarge", 1)
    assert configuration["data_capture_config"]["initial_sampling_percentage"] == 100
    assert only(stack, "aws_sagemaker_endpoint")["endpoint_config_name"].startswith("${aws_sagemaker_endpoint_config")
    assert stack["output"]["endpoint_name"]["value"] == "${aws_sagemaker_endpoint.Endpoint.name}"


def test_the_execution_role_has_only_the_inline_policies_of_the_stack_after_the_endpoint_update() -> None:
    stack = synth(in_environment={"network": {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"], **_ROUTES}})
    exclusive = only(stack, "aws_iam_role_policies_exclusive")
    assert exclusive["role_name"] == "${aws_iam_role.Role.name}"
    policies = stack["resource"]["aws_iam_role_policy"]
    assert {*exclusive["policy_names"]} == {f"${{aws_iam_role_policy.{id_}.name}}" for id_ in policies}
    # After a rollback the previous version still needs its policies, so the endpoint is updated first.
    assert exclusive["depends_on"] == ["aws_sagemaker_endpoint.Endpoint"]


def test_the_outputs_are_those_that_invokers_and_operators_need() -> None:
    assert set(synth()["output"]) == {
        "endpoint_name",
        "endpoint_arn",
        "invoke_policy_arn",
        "kms_key_arn",
        "data_capture_s3_uri",
    }


def test_a_relaxed_protection_is_an_output_with_its_reason() -> None:
    reason = "the container calls the feature store, RISK-881"
    assert synth(relax={"network_isolation": reason})["output"]["relaxed_protections"]["value"] == {
        "network_isolation": reason
    }


def test_an_acknowledged_warning_is_an_output_with_its_reason() -> None:
    accepting = {"instance_type": "ml.g5.xlarge", "acknowledge": {"local-storage-not-under-key": "accepted, RISK-884"}}
    outputs = synth(**accepting)["output"]
    assert outputs.pop("acknowledged_warnings")["value"] == accepting["acknowledge"]
    assert outputs == synth(instance_type="ml.g5.xlarge")["output"]


def test_the_keys_that_were_set_are_an_output_of_the_same_stack() -> None:
    changed = replace(deployment(), set_keys=("endpoints.kmeans.image",))
    stack = synth_stacks([changed])[changed.names.stack]
    assert stack["output"].pop("set_keys")["value"] == {"endpoints.kmeans.image": "--set"}
    assert (stack["output"], stack["resource"]) == (synth()["output"], synth()["resource"])


def test_the_provider_accepts_only_the_account_of_the_environment() -> None:
    (provider,) = synth()["provider"]["aws"]
    assert provider["allowed_account_ids"] == [ACCOUNT]
    assert provider["region"] == "us-west-2"


def test_every_resource_has_the_tags_of_project_environment_and_endpoint() -> None:
    (provider,) = synth(project={"tags": {"cost-center": "ml"}})["provider"]["aws"]
    assert provider["default_tags"] == [
        {"tags": {"cost-center": "ml", "project": "acme", "environment": "dev", "endpoint": "kmeans"}}
    ]


def test_the_provider_version_is_a_range_that_can_be_changed() -> None:
    assert synth()["terraform"]["required_providers"]["aws"]["version"] == ">= 6.40, < 7"
    stack = synth(project={"aws_provider_version": "5.100.0"})
    assert stack["terraform"]["required_providers"]["aws"]["version"] == "5.100.0"


def test_a_local_state_is_in_the_project_folder_and_not_in_the_output_folder() -> None:
    assert synth()["terraform"]["backend"] == {"local": {"path": "../../../terraform.dev-kmeans.tfstate"}}


def test_a_state_in_s3_is_encrypted_and_has_a_lock_file() -> None:
    stack = synth(in_environment={"state": {"bucket": "acme-tfstate"}})
    assert stack["terraform"]["backend"] == {
        "s3": {
            "bucket": "acme-tfstate",
            "encrypt": True,
            "key": "acme/dev-kmeans.tfstate",
            "region": "us-west-2",
            "use_lockfile": True,
        }
    }


def test_a_state_in_s3_can_have_its_own_key_and_region() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    stack = synth(in_environment={"state": {"bucket": "acme-tfstate", "region": "eu-west-1", "kms_key_id": key}})
    backend = stack["terraform"]["backend"]["s3"]
    assert (backend["region"], backend["kms_key_id"]) == ("eu-west-1", key)


def test_two_synths_write_the_same_output() -> None:
    assert synth() == synth()


def test_the_output_contains_no_path_of_this_machine() -> None:
    text = json.dumps(synth())
    assert [path for path in (Path.cwd(), Path.home(), tempfile.gettempdir()) if f"{path}/" in text] == []


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com")],
)
def test_every_arn_has_the_partition_of_the_region(region: str, partition: str, suffix: str) -> None:
    stack = synth(in_environment={"region": region}, image=f"{ACCOUNT}.dkr.ecr.{region}.{suffix}/kmeans:1")
    text = json.dumps(stack["resource"])
    assert f"arn:{partition}:" in text
    assert "arn:aws:" not in text
    assert f"s3.{region}.{suffix}" in text


def test_terraform_refuses_to_destroy_a_key_that_was_removed_from_the_configuration() -> None:
    stack = synth(kms={"key_arn": _EXISTING_KEY})
    assert _destroy_guards(stack) == {"aws_kms_key.Key": True}
    assert _destroy_guards(
        synth(kms={"key_arn": _EXISTING_KEY}, relax={"prevent_destroy": "the endpoint is retired"})
    ) == {"aws_kms_key.Key": False}


def test_terraform_refuses_to_destroy_a_bucket_that_was_removed_from_the_configuration() -> None:
    existing = synth(data_capture={"destination_s3_uri": "s3://my-captures/kmeans"})
    assert _destroy_guards(existing) == {"aws_s3_bucket.Capture": True}
    assert _destroy_guards(synth(data_capture={"enable_capture": False})) == {"aws_s3_bucket.Capture": True}


def test_the_destroy_guards_have_the_addresses_of_the_resources_that_they_protect() -> None:
    addresses = {f"{type_}.{id_}" for type_, by_id in synth()["resource"].items() for id_ in by_id}
    assert {"aws_kms_key.Key", "aws_s3_bucket.Capture"} <= addresses
    assert not _destroy_guards(synth())


def test_a_dict_in_a_list_that_jsii_empties_fails_the_synth(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    stack = EndpointStack(app, "dev-kmeans", deployment=deployment())
    scope = Construct(stack, "Mistake")
    dicts: list[Json] = [{"model_access_config_": {}}]
    SagemakerModel(scope, "Default", execution_role_arn="arn", container=dicts)
    EndpointStack(app, "dev-other", deployment=deployment(name="other"))
    with pytest.raises(
        RuntimeError, match=r"dev-kmeans: aws_sagemaker_model.Mistake: container\[0\] is an empty block; "
    ):
        app.synth()
    assert [file.parent.name for file in tmp_path.glob("stacks/*/cdk.tf.json")] == ["dev-other"]


def _destroy_guards(stack: Json) -> dict[str, bool]:
    """Return the addresses of resource blocks with `count = 0`, and whether they prevent destruction."""
    return {
        f"{type_}.{id_}": resource["lifecycle"]["prevent_destroy"]
        for type_, by_id in stack["resource"].items()
        for id_, resource in by_id.items()
        if resource.get("count") == 0
    }
