"""One stack holds the whole of the mission's program, and says where its state is and which account it may touch."""

import json
import tempfile
from pathlib import Path

import pytest
from cdktf import App
from constructs import Construct

from protected_endpoints.bindings import SagemakerModel
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.stacks.endpoint import EndpointStack
from tests.examples import ACCOUNT
from tests.support import IMAGE, Json, deployment, only, resources, synth

_ROUTES = {"route_table_ids": ["rtb-0a1b2c3d"]}
_OWN_KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_every_resource_of_the_first_program_is_there() -> None:
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


def test_the_execution_role_has_its_own_inline_policies_alone_once_the_endpoint_has_arrived() -> None:
    stack = synth(in_environment={"network": {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"], **_ROUTES}})
    exclusive = only(stack, "aws_iam_role_policies_exclusive")
    assert exclusive["role_name"] == "${aws_iam_role.Role.name}"
    policies = stack["resource"]["aws_iam_role_policy"]
    assert {*exclusive["policy_names"]} == {f"${{aws_iam_role_policy.{id_}.name}}" for id_ in policies}
    # After a rollback the version before still needs its own policies, so the endpoint goes first.
    assert exclusive["depends_on"] == ["aws_sagemaker_endpoint.Endpoint"]


def test_the_outputs_are_what_callers_and_operators_need() -> None:
    assert set(synth()["output"]) == {
        "endpoint_name",
        "endpoint_arn",
        "invoke_policy_arn",
        "kms_key_arn",
        "data_capture_s3_uri",
    }


def test_a_relaxed_protection_stands_in_the_outputs_with_its_reason() -> None:
    reason = "the container calls the feature store, RISK-881"
    assert synth(relax={"network_isolation": reason})["output"]["relaxed_protections"]["value"] == {
        "network_isolation": reason
    }


def test_only_the_account_of_the_environment_may_be_touched() -> None:
    (provider,) = synth()["provider"]["aws"]
    assert provider["allowed_account_ids"] == [ACCOUNT]
    assert provider["region"] == "us-west-2"


def test_every_resource_gets_the_tags_of_project_environment_and_endpoint() -> None:
    (provider,) = synth(project={"tags": {"cost-center": "ml"}})["provider"]["aws"]
    assert provider["default_tags"] == [
        {"tags": {"cost-center": "ml", "project": "acme", "environment": "dev", "endpoint": "kmeans"}}
    ]


def test_the_provider_is_a_range_that_can_be_set() -> None:
    assert synth()["terraform"]["required_providers"]["aws"]["version"] == ">= 6.40, < 7"
    stack = synth(project={"aws_provider_version": "5.100.0"})
    assert stack["terraform"]["required_providers"]["aws"]["version"] == "5.100.0"


def test_a_local_state_is_beside_the_project_and_not_in_the_folder_that_may_be_deleted() -> None:
    assert synth()["terraform"]["backend"] == {"local": {"path": "../../../terraform.dev-kmeans.tfstate"}}


def test_a_state_in_s3_is_encrypted_and_locked() -> None:
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


def test_a_state_in_s3_may_have_a_key_and_a_region_of_its_own() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    stack = synth(in_environment={"state": {"bucket": "acme-tfstate", "region": "eu-west-1", "kms_key_id": key}})
    backend = stack["terraform"]["backend"]["s3"]
    assert (backend["region"], backend["kms_key_id"]) == ("eu-west-1", key)


def test_two_synths_give_the_same() -> None:
    assert synth() == synth()


def test_no_path_of_the_machine_is_in_the_output() -> None:
    text = json.dumps(synth())
    assert [path for path in (Path.cwd(), Path.home(), tempfile.gettempdir()) if f"{path}/" in text] == []


def test_terraform_refuses_to_destroy_a_key_that_is_no_longer_asked_for() -> None:
    stack = synth(kms={"key_arn": _OWN_KEY})
    assert _guards(stack) == {"aws_kms_key.Key": True}
    assert _guards(synth(kms={"key_arn": _OWN_KEY}, relax={"prevent_destroy": "it is retired"})) == {
        "aws_kms_key.Key": False
    }


def test_terraform_refuses_to_destroy_a_bucket_that_is_no_longer_asked_for() -> None:
    elsewhere = synth(data_capture={"destination_s3_uri": "s3://my-captures/kmeans"})
    assert _guards(elsewhere) == {"aws_s3_bucket.Capture": True}
    assert _guards(synth(data_capture={"enable_capture": False})) == {"aws_s3_bucket.Capture": True}


def test_the_guards_have_the_addresses_of_what_they_guard() -> None:
    made = {f"{type_}.{id_}" for type_, named in synth()["resource"].items() for id_ in named}
    assert {"aws_kms_key.Key", "aws_s3_bucket.Capture"} <= made
    assert not _guards(synth())


def test_the_rules_hold_for_those_who_compose_in_python_too() -> None:
    with pytest.raises(ConfigurationError, match=r"the base name .* has [0-9]+ characters"):
        deployment(name="a-name-that-is-too-long-in-all")


def test_a_dict_in_a_list_that_lost_its_keys_fails_the_synth(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    stack = EndpointStack(app, "dev-kmeans", deployment=deployment())
    scope = Construct(stack, "Mistake")
    lost: list[Json] = [{"model_access_config_": {}}]
    SagemakerModel(scope, "Default", execution_role_arn="arn", container=lost)
    EndpointStack(app, "dev-other", deployment=deployment(name="other"))
    with pytest.raises(RuntimeError, match=r"dev-kmeans: aws_sagemaker_model.Mistake: container\[0\] is empty; was a"):
        app.synth()
    assert [file.parent.name for file in tmp_path.glob("stacks/*/cdk.tf.json")] == ["dev-other"]


def _guards(stack: Json) -> dict[str, bool]:
    """Return the blocks that stand for no resource at all, and whether they prevent a destruction."""
    return {
        f"{type_}.{id_}": resource["lifecycle"]["prevent_destroy"]
        for type_, named in stack["resource"].items()
        for id_, resource in named.items()
        if resource.get("count") == 0
    }
