"""Plans for the rules of `inference_option`."""

from typing import Any

from tests.review.cases.shapes import CONFIGURATION, ENDPOINT, Cases, new, updated
from tests.review.fragments import DEPLOYED, NEW_FIRST, Json, change

(_VARIANT,) = DEPLOYED[CONFIGURATION]["production_variants"]
_INSTANCES: Json = {"production_variants": [_VARIANT]}
_SERVERLESS: Json = {
    "production_variants": [
        {
            "variant_name": "AllTraffic",
            "model_name": "acme-dev-kmeans-aa",
            "serverless_config": [{"memory_size_in_mb": 2048, "max_concurrency": 20}],
        }
    ],
    "data_capture_config": [],
}
_MORE_MEMORY: Json = {
    "production_variants": [
        {**_SERVERLESS["production_variants"][0], "serverless_config": [{"memory_size_in_mb": 4096}]}
    ]
}
_ASYNC: Json = {**_INSTANCES, "async_inference_config": [{"output_config": [{"s3_output_path": "s3://answers/a"}]}]}
_OTHER_OUTPUT: Json = {**_INSTANCES, "async_inference_config": [{"output_config": [{"s3_output_path": "s3://b/a"}]}]}
_COMPONENTS: Json = {"production_variants": [{key: _VARIANT[key] for key in _VARIANT if key != "model_name"}]}
_ADDRESSES = "aws_sagemaker_endpoint_configuration.{}", "aws_sagemaker_endpoint.Another"


def _option(before: Json, after: Json, **known: Any) -> dict[str, Any]:
    """Return an endpoint that is updated to the replacement of its configuration, by a name known only after apply."""
    configuration, endpoint = _ADDRESSES[0].format("A"), {"name": "e", "endpoint_config_name": "a"}
    return {
        "others": [
            change(configuration, {"name": "a", **before}, after, NEW_FIRST, after_unknown={"name": True}),
            change(
                _ADDRESSES[1],
                endpoint,
                {"name": "e", **known},
                ("update",),
                after_unknown={} if known else {"endpoint_config_name": True},
            ),
        ]
    }


def _to_another_configuration(before: Json, after: Json) -> dict[str, Any]:
    """Return an endpoint that is updated to a configuration with another address, which the plan creates."""
    old, created = (_ADDRESSES[0].format(id_) for id_ in "AB")
    return {
        "others": [
            change(old, {"name": "a", **before}, None, ("delete",)),
            change(created, None, after, ("create",), after_unknown={"name": True}),
            change(
                _ADDRESSES[1],
                {"name": "e", "endpoint_config_name": "a"},
                {"name": "e"},
                ("update",),
                after_unknown={"endpoint_config_name": True},
            ),
        ]
    }


_TO_SERVERLESS: Json = {"name": "acme-dev-kmeans-2", **_SERVERLESS}
CASES: Cases = [
    (
        "inference-option-changed",
        {"changed": updated(_TO_SERVERLESS)},
        # The configuration changes, but the endpoint is a new one.
        {"changed": {CONFIGURATION: new(_TO_SERVERLESS), ENDPOINT: (("create", "forget"), {"name": "another"})}},
    ),
    ("inference-option-changed", _option(_INSTANCES, _SERVERLESS), _option(_SERVERLESS, _MORE_MEMORY)),
    ("inference-option-changed", _option(_ASYNC, _INSTANCES), _option(_ASYNC, _OTHER_OUTPUT)),
    ("inference-option-changed", _option(_INSTANCES, _ASYNC), _option(_SERVERLESS, _INSTANCES)),
    ("inference-option-changed", _option(_SERVERLESS, _ASYNC), _option(_SERVERLESS, _INSTANCES)),
    ("inference-option-changed", _option(_ASYNC, _SERVERLESS), _option(_ASYNC, _OTHER_OUTPUT)),
    ("inference-option-changed", _option(_INSTANCES, _COMPONENTS), _option(_COMPONENTS, _COMPONENTS)),
    ("inference-option-changed", _option(_COMPONENTS, _INSTANCES), _option(_INSTANCES, _INSTANCES)),
    (
        "inference-option-changed",
        _to_another_configuration(_INSTANCES, _SERVERLESS),
        _to_another_configuration(_SERVERLESS, _INSTANCES),
    ),
    ("serverless-to-instances", _option(_SERVERLESS, _INSTANCES), _option(_SERVERLESS, _MORE_MEMORY)),
    ("serverless-to-instances", _option(_SERVERLESS, _INSTANCES), _option(_INSTANCES, _SERVERLESS)),
]
