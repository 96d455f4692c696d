"""The desired state of inference components, what they depend on, and when they are replaced."""

import json
from typing import Any

import jsonschema
import pytest

from tests.support import IMAGE, Json, synth

_REQUIREMENTS = {
    "min_memory_required_in_mb": 1024,
    "number_of_accelerator_devices_required": 2,
    "number_of_cpu_cores_required": 0.5,
}
_LLAMA = {"image": IMAGE, "compute_resource_requirements": _REQUIREMENTS, "copy_count": 2}
_TAX = {"base_inference_component": "llama", "artifact_url": "s3://my-bucket/tax.tar.gz"}


def _stack(**changes: Any) -> Json:
    # The adapter is first, as it may be in endpoints.toml.
    components = {"tax": _TAX, "llama": {**_LLAMA, **changes}}
    return synth(
        image=None,
        model_data_url=None,
        instance_type="ml.g5.12xlarge",
        inference_components=components,
        project={"tags": {"team": "ml"}},
    )


def _component(name: str, **changes: Any) -> Json:
    component: Json = _stack(**changes)["resource"]["aws_cloudcontrolapi_resource"][f"Component-{name}"]
    return component


def _state(name: str, **changes: Any) -> Json:
    state: Json = json.loads(_component(name, **changes)["desired_state"])
    return state


def test_the_desired_state_has_the_names_of_the_api_and_only_tags_that_never_change() -> None:
    assert _state("llama", startup_parameters={"model_data_download_timeout_in_seconds": 600}) == {
        "EndpointName": "${aws_sagemaker_endpoint.Endpoint.name}",
        "InferenceComponentName": "acme-dev-kmeans-llama",
        "RuntimeConfig": {"CopyCount": 2},
        "Specification": {
            "ComputeResourceRequirements": {
                "MinMemoryRequiredInMb": 1024,
                "NumberOfAcceleratorDevicesRequired": 2,
                "NumberOfCpuCoresRequired": 0.5,
            },
            "ModelName": "${aws_sagemaker_model.Model-llama.name}",
            "StartupParameters": {"ModelDataDownloadTimeoutInSeconds": 600},
        },
        "Tags": [
            {"Key": "endpoint", "Value": "kmeans"},
            {"Key": "environment", "Value": "dev"},
            {"Key": "project", "Value": "acme"},
        ],
        "VariantName": "AllTraffic",
    }


def test_an_adapter_has_the_name_of_its_base_and_no_copies() -> None:
    state = _state("tax")
    assert state["Specification"] == {
        "BaseInferenceComponentName": "acme-dev-kmeans-llama",
        "Container": {"ArtifactUrl": "s3://my-bucket/tax.tar.gz"},
    }
    assert not {"RuntimeConfig", "VariantName"} & {*state}


def test_a_component_is_created_after_its_endpoint_base_logs_and_policies() -> None:
    llama, tax = ({*_component(name)["depends_on"]} for name in ("llama", "tax"))
    assert {"aws_sagemaker_endpoint.Endpoint", "aws_cloudwatch_log_group.Logs-llama", "aws_iam_role.Role"} <= llama
    assert "aws_cloudcontrolapi_resource.Component-llama" in tax
    (exclusive,) = _stack()["resource"]["aws_iam_role_policies_exclusive"].values()
    assert {f"aws_cloudcontrolapi_resource.Component-{name}" for name in ("llama", "tax")} <= {*exclusive["depends_on"]}


def test_a_component_is_replaced_with_its_endpoint() -> None:
    assert _component("llama")["lifecycle"]["replace_triggered_by"] == ["aws_sagemaker_endpoint.Endpoint.id"]


@pytest.mark.parametrize("name", ["llama", "tax"])
def test_the_desired_state_matches_the_schema(name: str) -> None:
    schema = json.loads(_component(name)["schema"])
    state = {**_state(name), "EndpointName": "acme-dev-kmeans"}
    if name == "llama":
        state["Specification"]["ModelName"] = "acme-dev-kmeans-0123456789"
    jsonschema.validate(state, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**state, "Unknown": 1}, schema)


def test_the_same_model_has_the_same_name_inline_and_in_models() -> None:
    models = {"llama": {"image": IMAGE}}
    component = {"model": "llama", "compute_resource_requirements": {"min_memory_required_in_mb": 1024}}
    named = synth(image=None, model_data_url=None, models=models, inference_components={"one": component})
    inline = _stack()
    names = [stack["resource"]["aws_sagemaker_model"]["Model-llama"]["name"] for stack in (named, inline)]
    assert len({*names}) == 1
