"""SageMaker models."""

import pytest

from tests.support import only, synth


def test_network_isolation_is_enabled_unless_it_is_relaxed() -> None:
    assert only(synth(), "aws_sagemaker_model")["enable_network_isolation"] is True
    relaxed = synth(relax={"network_isolation": "it calls the feature store"})
    assert only(relaxed, "aws_sagemaker_model")["enable_network_isolation"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"image": "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:2"},
        {"model_data_url": "s3://my-bucket/other.tar.gz"},
        {"environment": {"LOG_LEVEL": "info"}},
        {"revision": 1},
        {"relax": {"network_isolation": "it calls the feature store"}},
    ],
)
def test_a_changed_model_has_a_new_name(change: dict[str, object]) -> None:
    assert only(synth(**change), "aws_sagemaker_model")["name"] != only(synth(), "aws_sagemaker_model")["name"]


def test_an_unchanged_model_keeps_its_name() -> None:
    changed = synth(initial_instance_count=7, instance_type="ml.c5.xlarge", logs={"retention_in_days": 30})
    assert only(changed, "aws_sagemaker_model")["name"] == only(synth(), "aws_sagemaker_model")["name"]


def test_terraform_templates_in_environment_variables_are_escaped() -> None:
    container = only(synth(environment={"FORMAT": "${x} and %{y}"}), "aws_sagemaker_model")["primary_container"]
    assert container["environment"] == {"FORMAT": "$${x} and %%{y}"}
