"""Asynchronous inference."""

from modules.rules import asynchronous
from tests.unit.rules.pair import Pair, containers, variant
from tests.unit.support import Table

_TOPIC = "arn:aws:sns:us-west-2:111122223333:fraud-answers"
_ELSEWHERE = "arn:aws:sns:eu-west-1:111122223333:fraud-answers"
_AT = "endpoints.kmeans.async_inference_config.output_config.notification_config"
_SUCCESS, _ERROR = "SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"


def _async(notified: Table | None = None, **changes: object) -> Table:
    output: Table = {"s3_output_path": "s3://my-bucket/answers"}
    if notified is not None:
        output["notification_config"] = notified
    return {"async_inference_config": {"output_config": output}, "data_capture": {"enable_capture": False}, **changes}


def _together(mode: str) -> Table:
    """Return two containers and how they work together."""
    named = ({"container_hostname": name} for name in ("tokenizer", "classifier"))
    return containers(*named, inference_execution_config={"mode": mode})


_MANY: Table = {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"}

PAIRS = [
    Pair(
        asynchronous.topics_are_in_the_region,
        passes=_async({"success_topic": _TOPIC, "error_topic": _TOPIC}),
        fails=_async({"success_topic": _TOPIC, "error_topic": _ELSEWHERE}),
        messages=(
            f'{_AT}.error_topic: the topic is not in region us-west-2, got "{_ELSEWHERE}"; '
            "name a topic of that region, for one environment under environments.dev",
        ),
    ),
    Pair(
        asynchronous.somebody_hears_of_answers,
        passes=_async({"error_topic": _TOPIC}),
        fails=_async({}),
        messages=(
            f"{_AT}: names no topic, so nobody hears of anything; "
            "add success_topic or error_topic, or leave the table out",
        ),
    ),
    Pair(
        asynchronous.answers_are_in_messages_that_are_sent,
        passes=_async({"success_topic": _TOPIC, "include_inference_response_in": [_SUCCESS]}),
        fails=_async({"success_topic": _TOPIC, "include_inference_response_in": [_SUCCESS, _ERROR]}),
        messages=(
            f'{_AT}.include_inference_response_in[1]: there is no error_topic, got "{_ERROR}"; '
            "add error_topic, or take it out",
        ),
    ),
    Pair(
        asynchronous.answers_are_in_messages_that_are_sent,
        passes=_async({"success_topic": _TOPIC}),
        fails=_async({"success_topic": _TOPIC, "include_inference_response_in": [_SUCCESS, _SUCCESS]}),
        messages=(f'{_AT}.include_inference_response_in[1]: named twice, got "{_SUCCESS}"; take one of the two out',),
    ),
    Pair(
        asynchronous.asynchronous_endpoints_have_no_shadow,
        passes=_async(),
        fails=_async(shadow_variants=[variant("two")]),
        messages=(
            "endpoints.kmeans.shadow_variants: is not to be had with async_inference_config; leave one of the two out",
        ),
    ),
    Pair(
        asynchronous.asynchronous_endpoints_avoid_inferentia_1,
        passes=_async(instance_type="ml.inf2.xlarge"),
        fails=_async(instance_type="ml.inf1.xlarge"),
        messages=(
            "endpoints.kmeans.instance_type: asynchronous inference is not offered on Inf1 instances, "
            'got "ml.inf1.xlarge"; choose another type, such as ml.inf2.xlarge',
        ),
    ),
    Pair(
        asynchronous.asynchronous_requests_name_nobody,
        passes=_MANY,
        fails=_async(**_MANY),
        messages=(
            "endpoints.kmeans.mode: waits for requests that name a model, and those of async_inference_config cannot "
            'name any, got "MultiModel"; make each model an endpoint of its own, or leave async_inference_config out',
        ),
    ),
    Pair(
        asynchronous.asynchronous_requests_name_nobody,  # a pipeline needs no name
        passes=_async(**_together("Serial")),
        fails=_async(**_together("Direct")),
        messages=(
            "endpoints.kmeans.inference_execution_config.mode: waits for requests that name a container, and those of "
            'async_inference_config cannot name any, got "Direct"; make each container an endpoint of its own, or '
            "leave async_inference_config out",
        ),
    ),
    Pair(
        asynchronous.what_is_recorded_is_for_answers_at_once,
        passes=_async(),
        fails=_async(data_capture={"initial_sampling_percentage": 100}),
        messages=(
            "endpoints.kmeans.data_capture: AWS documents data capture for endpoints that answer at once, not with "
            "async_inference_config; read the answers in s3_output_path, and say enable_capture = false",
        ),
    ),
]
