"""Plans for the rules of `inference_components`."""

import json
from typing import Any

from tests.review.cases.shapes import ENDPOINT, Cases
from tests.review.fragments import OLD_FIRST, Json, change

_ADDRESS = "aws_cloudcontrolapi_resource.Component-llama"
_STATE: Json = {
    "EndpointName": "acme-dev-kmeans",
    "InferenceComponentName": "acme-dev-kmeans-llama",
    "RuntimeConfig": {"CopyCount": 1},
    "Specification": {"ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024}, "ModelName": "a"},
    "VariantName": "AllTraffic",
}
_ADAPTER = {"EndpointName": "e", "InferenceComponentName": "tax", "Specification": {"Container": {"ArtifactUrl": "a"}}}


def _resource(state: Json, type_name: str = "AWS::SageMaker::InferenceComponent") -> Json:
    return {"type_name": type_name, "desired_state": json.dumps(state)}


def _updated(**changes: Any) -> dict[str, Any]:
    """Return a component that is updated in place."""
    return _changed(("update",), {**_STATE, **changes})


def _changed(actions: tuple[str, ...], after: Json | None, before: Json = _STATE, **more: Any) -> dict[str, Any]:
    resources = (_resource(before), None if after is None else _resource(after))
    return {"others": [change(_ADDRESS, *resources, actions)], **more}


def _adapter(bucket: str) -> Json:
    return {**_ADAPTER, "Specification": {"Container": {"ArtifactUrl": f"s3://{bucket}/adapter.tar.gz"}}}


def _conditions(status: str) -> list[Json]:
    return [
        {
            "address": {"to_display": _ADDRESS},
            "instances": [{"address": {"to_display": _ADDRESS}, "status": status}],
            "status": status,
        }
    ]


_SPECIFICATION = {**_STATE["Specification"], "ModelName": "b"}
_MODEL_UPDATED = _updated(Specification=_SPECIFICATION)
_TYPE = "AWS::SageMaker::EndpointConfig"

CASES: Cases = [
    ("component-down", _changed(("delete",), None), _MODEL_UPDATED),
    ("component-down", _changed(OLD_FIRST, {**_STATE, "VariantName": "b"}), _updated(VariantName="AllTraffic")),
    # The rule endpoint-down reports it.
    (
        "component-down",
        _changed(("delete",), None),
        _changed(("delete",), None, changed={ENDPOINT: "delete"}),
    ),
    ("component-copies-changed", _updated(RuntimeConfig={"CopyCount": 0}), _MODEL_UPDATED),
    (
        "cloud-control-type",
        {"others": [change("aws_cloudcontrolapi_resource.X", None, _resource({}, _TYPE), ("create",))]},
        {"others": [change("aws_cloudcontrolapi_resource.X", _resource({}, _TYPE), None, ("delete",))]},
    ),
    (
        "cloud-control-type",
        {"others": [change("aws_cloudcontrolapi_resource.X", None, {"type_name": None}, ("create",))]},
        {"others": [change(_ADDRESS, None, _resource(_STATE), ("create",))]},
    ),
    ("component-changed", _MODEL_UPDATED, {"others": [change(_ADDRESS, None, _resource(_STATE), ("create",))]}),
    (
        "component-changed",
        _updated(Specification={"ComputeResourceRequirements": {"MinMemoryRequiredInMb": 512}, "ModelName": "a"}),
        _updated(),
    ),
    ("component-rollback-unseen", _MODEL_UPDATED, {**_MODEL_UPDATED, "checks": _conditions("unknown")}),
    ("component-rollback-unseen", {**_MODEL_UPDATED, "checks": _conditions("pass")}, _changed(("delete",), None)),
    (
        "artifact-source-changed",
        _changed(("update",), _adapter("other"), before=_adapter("models")),
        _changed(("update",), _adapter("models"), before=_adapter("models")),
    ),
]
