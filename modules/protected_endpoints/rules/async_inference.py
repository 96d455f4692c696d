"""Rules about asynchronous inference."""

from collections.abc import Iterator

from protected_endpoints.config.inference import NotificationConfig
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.account_access import named_twice
from protected_endpoints.rules.helpers import elsewhere, of_another_account, repeated
from protected_endpoints.rules.registry import endpoint_rule

_TOPICS = {"SUCCESS_NOTIFICATION_TOPIC": "success_topic", "ERROR_NOTIFICATION_TOPIC": "error_topic"}
_PATH = ("async_inference_config", "output_config", "notification_config")


@endpoint_rule("async-input-key-unused")
def async_input_key_unused(deployment: Deployment) -> Iterator[Problem]:
    """Requests that come with the call are not in S3, and no key of theirs is used (InvokeEndpointAsync, Body)."""
    settings = deployment.endpoint.async_inference_config
    if settings and settings.input_kms_key_id and not settings.input_locations:
        yield Problem(
            deployment.path("async_inference_config", "input_kms_key_id"),
            "has no effect without input_locations",
            "leave it out, or name the places where callers put requests",
            value=settings.input_kms_key_id,
        )


@endpoint_rule("topic-not-in-region")
def topic_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker publishes to topics of its own region (rule 10; AsyncInferenceNotificationConfig)."""
    for config in _notified(deployment):
        for key in _TOPICS.values():
            yield from elsewhere(deployment, deployment.path(*_PATH, key), getattr(config, key), "topic")


@endpoint_rule("topic-not-in-account")
def topic_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """A topic of another account needs a policy there, and answers would leave the account (rule 74)."""
    for config in _notified(deployment):
        for key in _TOPICS.values():
            yield from of_another_account(deployment, deployment.path(*_PATH, key), getattr(config, key), "topic")


@endpoint_rule("notification-without-topic")
def notification_without_topic(deployment: Deployment) -> Iterator[Problem]:
    """A table of notifications without a topic notifies nobody (rule 73; AsyncInferenceNotificationConfig)."""
    for config in _notified(deployment):
        if not config.success_topic and not config.error_topic:
            yield Problem(
                deployment.path(*_PATH),
                "names no topic, so nobody hears of anything",
                "add success_topic or error_topic, or leave the table out",
            )


@endpoint_rule("inference-response-without-topic")
def inference_response_without_topic(deployment: Deployment) -> Iterator[Problem]:
    """An answer stands in the messages of a topic that is there, each once (rule 73; IncludeInferenceResponseIn)."""
    for config in _notified(deployment):
        names: list[str] = [*config.include_inference_response_in]
        again = {*repeated(names)}
        for index, name in enumerate(names):
            path = deployment.path(*_PATH, "include_inference_response_in", index)
            if index in again:
                yield named_twice(path, name)
            elif not getattr(config, _TOPICS[name]):
                yield Problem(path, f"there is no {_TOPICS[name]}", f"add {_TOPICS[name]}, or take it out", value=name)


@endpoint_rule("async-with-shadow")
def async_with_shadow(deployment: Deployment) -> Iterator[Problem]:
    """Copies are made of requests that are answered at once (rules 75 and 77; shadow-tests, exclusions)."""
    endpoint = deployment.endpoint
    if endpoint.async_inference_config and endpoint.shadow_variants and not endpoint.is_serverless:
        yield Problem(
            deployment.path("shadow_variants"),
            "is not to be had with async_inference_config",
            "leave one of the two out",
        )


@endpoint_rule("async-on-inf1")
def async_on_inf1(deployment: Deployment) -> Iterator[Problem]:
    """Asynchronous inference is not offered on Inf1 instances (rule 75; async-inference)."""
    if deployment.endpoint.async_inference_config:
        yield from on_inferentia_1(deployment, "asynchronous inference is")


@endpoint_rule("async-output-unreadable", "warning")
def async_output_unreadable(deployment: Deployment) -> Iterator[Problem]:
    """The endpoint's key lets nobody decrypt answers who is not named."""
    asynchronous, given = deployment.endpoint.async_inference_config, deployment.endpoint.kms.key_arn
    output = asynchronous.output_config if asynchronous else None
    if output and not (output.readers or output.kms_key_id or given):
        yield Problem(
            deployment.path("async_inference_config", "output_config", "readers"),
            "nobody can read the answers, which are under the endpoint's key",
            "name the roles that read them, or a key of yours in kms_key_id",
        )


@endpoint_rule("async-data-capture-undocumented", "warning")
def async_data_capture_undocumented(deployment: Deployment) -> Iterator[Problem]:
    """Model Monitor reads what real-time endpoints recorded (rule 69; model-monitor-data-capture)."""
    endpoint = deployment.endpoint
    if endpoint.async_inference_config and "data_capture" in endpoint.model_fields_set and deployment.capture_location:
        yield Problem(
            deployment.path("data_capture"),
            "AWS documents data capture for endpoints that answer at once, not with async_inference_config",
            "read the answers in s3_output_path, and say enable_capture = false",
        )


@endpoint_rule("async-target-unsupported", "warning")
def async_target_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """InvokeEndpointAsync has neither TargetModel nor TargetContainerHostname (rules 75 and 102; InvokeEndpoint)."""
    if not deployment.endpoint.async_inference_config:
        return
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.mode == "MultiModel":
            yield _unnamed(deployment.path(*place, "mode"), "model", container.mode)
    for place, model in deployment.endpoint.iter_models_with_path():
        if (config := model.inference_execution_config) and config.mode == "Direct":
            yield _unnamed(deployment.path(*place, "inference_execution_config", "mode"), "container", config.mode)


def on_inferentia_1(deployment: Deployment, what: str, path: KeyPath | None = None) -> Iterator[Problem]:
    """Yield the variants on Inf1 instances, each below its place unless a path is given."""
    for place, variant in deployment.endpoint.iter_variants_with_path():
        if (variant.instance_type or "").startswith("ml.inf1."):
            yield Problem(
                path or deployment.path(*place, "instance_type"),
                f"{what} not offered on Inf1 instances",
                "choose another type, such as ml.inf2.xlarge",
                value=variant.instance_type,
            )


def _unnamed(path: KeyPath, what: str, mode: str) -> Problem:
    return Problem(
        path,
        f"waits for requests that name a {what}, and those of async_inference_config cannot name any",
        f"make each {what} an endpoint of its own, or leave async_inference_config out",
        value=mode,
    )


def _notified(deployment: Deployment) -> Iterator[NotificationConfig]:
    settings = deployment.endpoint.async_inference_config
    if settings and settings.output_config.notification_config:
        yield settings.output_config.notification_config
