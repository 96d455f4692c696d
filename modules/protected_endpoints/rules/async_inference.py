"""Rules about asynchronous inference."""

from collections.abc import Iterator

from protected_endpoints.config.async_inference import NotificationConfig
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import (
    REMOVE_ONE,
    duplicates,
    indexed,
    not_in_account,
    not_in_region,
    not_on_inf1,
)
from protected_endpoints.rules.registry import endpoint_rule

_TOPICS = {"SUCCESS_NOTIFICATION_TOPIC": "success_topic", "ERROR_NOTIFICATION_TOPIC": "error_topic"}
_NOTIFICATIONS = ("async_inference_config", "output_config", "notification_config")


@endpoint_rule("async-input-key-unused")
def async_input_key_unused(deployment: Deployment) -> Iterator[Problem]:
    """A request in the body of the call is not read from S3 and needs no key (InvokeEndpointAsync, Body)."""
    settings = deployment.endpoint.async_inference_config
    if settings and settings.input_kms_key_id and not settings.input_locations:
        yield Problem(
            deployment.path("async_inference_config", "input_kms_key_id"),
            "has no effect without input_locations",
            "remove it, or set input_locations",
            value=settings.input_kms_key_id,
        )


@endpoint_rule("topic-not-in-region")
def topic_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker publishes to topics in its own region (rule 10; AsyncInferenceNotificationConfig)."""
    for path, topic in _topics(deployment):
        yield from not_in_region(deployment, path, topic, "topic")


@endpoint_rule("topic-not-in-account")
def topic_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """A topic of another account needs a policy there, and responses would leave the account (rule 74)."""
    for path, topic in _topics(deployment):
        yield from not_in_account(deployment, path, topic, "topic")


@endpoint_rule("notification-without-topic")
def notification_without_topic(deployment: Deployment) -> Iterator[Problem]:
    """A notification configuration without a topic sends nothing (rule 73; AsyncInferenceNotificationConfig)."""
    for config in _notification_configs(deployment):
        if not config.success_topic and not config.error_topic:
            yield Problem(
                deployment.path(*_NOTIFICATIONS), "has no effect without a topic", "set success_topic or error_topic"
            )


@endpoint_rule("inference-response-without-topic")
def inference_response_without_topic(deployment: Deployment) -> Iterator[Problem]:
    """A response is included in the messages of a configured topic (rule 73; IncludeInferenceResponseIn)."""
    for config in _notification_configs(deployment):
        path = deployment.path(*_NOTIFICATIONS, "include_inference_response_in")
        names = config.include_inference_response_in
        yield from duplicates(indexed(path, names))
        for name in dict.fromkeys(names):
            topic = _TOPICS[name]
            if not getattr(config, topic):
                suggestion = f"set {topic}, or remove this entry"
                yield Problem((*path, names.index(name)), f"requires {topic}", suggestion, value=name)


@endpoint_rule("async-with-shadow")
def async_with_shadow(deployment: Deployment) -> Iterator[Problem]:
    """A shadow variant receives copies of real-time requests only (rules 75 and 77; shadow-tests, exclusions)."""
    endpoint = deployment.endpoint
    if endpoint.async_inference_config and endpoint.shadow_variants and not endpoint.is_serverless:
        yield Problem(deployment.path("shadow_variants"), "cannot be combined with async_inference_config", REMOVE_ONE)


@endpoint_rule("async-on-inf1")
def async_on_inf1(deployment: Deployment) -> Iterator[Problem]:
    """Asynchronous inference is not supported on Inf1 instances (rule 75; async-inference)."""
    if deployment.endpoint.async_inference_config:
        yield from not_on_inf1(deployment, "asynchronous inference")


@endpoint_rule("async-output-unreadable", "warning")
def async_output_unreadable(deployment: Deployment) -> Iterator[Problem]:
    """The policy of the managed key allows only configured readers to decrypt the output."""
    settings, existing_key = deployment.endpoint.async_inference_config, deployment.endpoint.kms.key_arn
    output = settings.output_config if settings else None
    if output and not (output.readers or output.kms_key_id or existing_key):
        yield Problem(
            deployment.path("async_inference_config", "output_config", "readers"),
            "no role can decrypt the output, which is encrypted with the managed key",
            "add readers, or set kms_key_id to an existing key",
        )


@endpoint_rule("async-data-capture-undocumented", "warning")
def async_data_capture_undocumented(deployment: Deployment) -> Iterator[Problem]:
    """AWS documents data capture for real-time endpoints only (rule 69; model-monitor-data-capture)."""
    endpoint = deployment.endpoint
    if endpoint.async_inference_config and "data_capture" in endpoint.model_fields_set and deployment.capture_location:
        yield Problem(
            deployment.path("data_capture"),
            "AWS documents data capture for real-time endpoints only, not with async_inference_config",
            "read the output in s3_output_path and set enable_capture = false",
        )


@endpoint_rule("async-target-unsupported", "warning")
def async_target_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """InvokeEndpointAsync has neither TargetModel nor TargetContainerHostname (rules 75 and 102; InvokeEndpoint)."""
    if not deployment.endpoint.async_inference_config:
        return
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.mode == "MultiModel":
            yield _target_unsupported(deployment.path(*keys, "mode"), "model", container.mode)
    for keys, model in deployment.endpoint.iter_models_with_path():
        if (config := model.inference_execution_config) and config.mode == "Direct":
            path = deployment.path(*keys, "inference_execution_config", "mode")
            yield _target_unsupported(path, "container", config.mode)


def _target_unsupported(path: KeyPath, target: str, mode: str) -> Problem:
    return Problem(
        path,
        f"requires each request to name a {target}, which asynchronous requests cannot do",
        f"use a separate endpoint for each {target}, or remove async_inference_config",
        value=mode,
    )


def _notification_configs(deployment: Deployment) -> Iterator[NotificationConfig]:
    settings = deployment.endpoint.async_inference_config
    if settings and settings.output_config.notification_config:
        yield settings.output_config.notification_config


def _topics(deployment: Deployment) -> Iterator[tuple[KeyPath, str | None]]:
    for config in _notification_configs(deployment):
        for key in _TOPICS.values():
            yield deployment.path(*_NOTIFICATIONS, key), getattr(config, key)
