"""Asynchronous inference."""

from tests.loading.support import Table
from tests.rules.pair import OVERRIDE, ROLE, Pair, containers, variant

_TOPIC = "arn:aws:sns:us-west-2:111122223333:fraud-answers"
_OTHER_REGION_TOPIC = "arn:aws:sns:eu-west-1:111122223333:fraud-answers"
_OTHER_ACCOUNT_TOPIC = "arn:aws:sns:us-west-2:444455556666:fraud-answers"
_KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_NOTIFICATIONS = "endpoints.kmeans.async_inference_config.output_config.notification_config"
_SUCCESS, _ERROR = "SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"


def _async(
    notifications: Table | None = None,
    *,
    output: Table | None = None,
    input_key: str | None = None,
    locations: list[str] | None = None,
    **changes: object,
) -> Table:
    settings: Table = {"s3_output_path": "s3://my-bucket/answers", "readers": [f"{ROLE}/billing"], **(output or {})}
    if notifications is not None:
        settings["notification_config"] = notifications
    request_settings: Table = {"input_locations": ["s3://my-bucket/requests"]} if locations is None else {}
    if input_key:
        request_settings["input_kms_key_id"] = input_key
    return {
        "async_inference_config": {**request_settings, "output_config": settings},
        "data_capture": {"enable_capture": False},
        **changes,
    }


def _two_containers(mode: str) -> Table:
    """Return a model of two containers in mode Serial or Direct."""
    tables = ({"container_hostname": name} for name in ("tokenizer", "classifier"))
    return containers(*tables, inference_execution_config={"mode": mode})


_MULTI_MODEL: Table = {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"}

PAIRS = [
    Pair(
        "async-input-key-unused",
        passes=_async(input_key=_KEY),
        fails=_async(input_key=_KEY, locations=[]),
        messages=(
            "endpoints.kmeans.async_inference_config.input_kms_key_id: has no effect without input_locations, "
            f'got "{_KEY}"; remove it, or set input_locations',
        ),
    ),
    Pair(
        "topic-not-in-region",
        passes=_async({"success_topic": _TOPIC, "error_topic": _TOPIC}),
        fails=_async({"success_topic": _TOPIC, "error_topic": _OTHER_REGION_TOPIC}),
        messages=(
            f'{_NOTIFICATIONS}.error_topic: the topic is not in region us-west-2, got "{_OTHER_REGION_TOPIC}"; '
            f"use a topic in that region, or {OVERRIDE}",
        ),
    ),
    Pair(
        "topic-not-in-account",
        passes=_async({"success_topic": _TOPIC}),
        fails=_async({"success_topic": _OTHER_ACCOUNT_TOPIC}),
        messages=(
            f"{_NOTIFICATIONS}.success_topic: the topic is not in account 111122223333, got "
            f'"{_OTHER_ACCOUNT_TOPIC}"; use a topic in that account, or {OVERRIDE}',
        ),
    ),
    Pair(
        "async-output-unreadable",
        passes=_async(output={"readers": [], "kms_key_id": _KEY}),
        fails=_async(output={"readers": []}),
        messages=(
            "endpoints.kmeans.async_inference_config.output_config.readers: no role can decrypt the output, "
            "which is encrypted with the managed key; add readers, or set kms_key_id to an existing key",
        ),
    ),
    Pair(
        "notification-without-topic",
        passes=_async({"error_topic": _TOPIC}),
        fails=_async({}),
        messages=(f"{_NOTIFICATIONS}: has no effect without a topic; set success_topic or error_topic",),
    ),
    Pair(
        "inference-response-without-topic",
        passes=_async({"success_topic": _TOPIC, "include_inference_response_in": [_SUCCESS]}),
        fails=_async({"success_topic": _TOPIC, "include_inference_response_in": [_SUCCESS, _ERROR]}),
        messages=(
            f'{_NOTIFICATIONS}.include_inference_response_in[1]: requires error_topic, got "{_ERROR}"; set '
            "error_topic, or remove this entry",
        ),
    ),
    Pair(
        "inference-response-without-topic",
        passes=_async({"success_topic": _TOPIC}),
        fails=_async({"success_topic": _TOPIC, "include_inference_response_in": [_SUCCESS, _SUCCESS]}),
        messages=(f'{_NOTIFICATIONS}.include_inference_response_in[1]: duplicate entry, got "{_SUCCESS}"; remove it',),
    ),
    Pair(
        "async-with-shadow",
        passes=_async(),
        fails=_async(shadow_variants=[variant("two")]),
        messages=(
            "endpoints.kmeans.shadow_variants: cannot be combined with async_inference_config; remove one of them",
        ),
    ),
    Pair(
        "async-on-inf1",
        passes=_async(instance_type="ml.inf2.xlarge"),
        fails=_async(instance_type="ml.inf1.xlarge"),
        messages=(
            "endpoints.kmeans.instance_type: Inf1 instances do not support asynchronous inference, got "
            '"ml.inf1.xlarge"; choose another type, such as ml.inf2.xlarge',
        ),
    ),
    Pair(
        "async-target-unsupported",
        passes=_MULTI_MODEL,
        fails=_async(**_MULTI_MODEL),
        messages=(
            "endpoints.kmeans.mode: requires each request to name a model, which asynchronous requests cannot "
            'do, got "MultiModel"; use a separate endpoint for each model, or remove async_inference_config',
        ),
    ),
    Pair(
        "async-target-unsupported",  # requests to a pipeline name no container
        passes=_async(**_two_containers("Serial")),
        fails=_async(**_two_containers("Direct")),
        messages=(
            "endpoints.kmeans.inference_execution_config.mode: requires each request to name a container, which "
            'asynchronous requests cannot do, got "Direct"; use a separate endpoint for each container, or '
            "remove async_inference_config",
        ),
    ),
    Pair(
        "async-data-capture-undocumented",
        passes=_async(),
        fails=_async(data_capture={"initial_sampling_percentage": 100}),
        messages=(
            "endpoints.kmeans.data_capture: AWS documents data capture for real-time endpoints only, not with "
            "async_inference_config; read the output in s3_output_path and set enable_capture = false",
        ),
    ),
]
