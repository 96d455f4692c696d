"""Rules about data capture and the model data next to it."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, duplicates, indexed
from protected_endpoints.rules.registry import endpoint_rule

_CONTENT_TYPES = ("data_capture", "capture_content_type_header")


@endpoint_rule("capture-setting-unused")
def capture_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """The owner of an existing bucket controls its retention and its notifications."""
    capture = deployment.endpoint.data_capture
    if capture.destination_s3_uri:
        for key in ("retention_days", "eventbridge"):
            if key in capture.model_fields_set and (value := getattr(capture, key)):
                yield Problem(
                    deployment.path("data_capture", key),
                    "has no effect on the existing bucket in destination_s3_uri",
                    REMOVE_ONE,
                    value=value,
                )
    elif capture.eventbridge and not deployment.capture_location:
        yield Problem(
            deployment.path("data_capture", "eventbridge"),
            "has no effect: the endpoint captures no data",
            "remove it",
            value=True,
        )


@endpoint_rule("content-types-missing")
def content_types_missing(deployment: Deployment) -> Iterator[Problem]:
    """A content type header without content types captures nothing as text (CaptureContentTypeHeader)."""
    header = deployment.endpoint.data_capture.capture_content_type_header
    if header and not header.csv_content_types and not header.json_content_types:
        yield Problem(
            deployment.path(*_CONTENT_TYPES),
            "requires csv_content_types or json_content_types",
            "add one of them, or remove the table",
        )


@endpoint_rule("content-type-duplicate")
def content_type_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker captures a content type either as CSV or as JSON (rule 68; CaptureContentTypeHeader)."""
    header = deployment.endpoint.data_capture.capture_content_type_header
    if not header:
        return
    path = deployment.path(*_CONTENT_TYPES)
    csv, json = header.csv_content_types, header.json_content_types
    yield from duplicates([*indexed((*path, "csv_content_types"), csv), *indexed((*path, "json_content_types"), json)])


@endpoint_rule("capture-zero-percent", "warning")
def capture_zero_percent(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker accepts a sampling percentage of 0 and captures nothing (rule 65)."""
    capture = deployment.endpoint.data_capture
    if capture.enable_capture and capture.initial_sampling_percentage == 0:
        yield Problem(
            deployment.path("data_capture", "initial_sampling_percentage"),
            "captures no requests",
            "raise it, or set enable_capture = false",
            value=0,
        )


@endpoint_rule("capture-overlaps-model-data", "warning")
def capture_overlaps_model_data(deployment: Deployment) -> Iterator[Problem]:
    """Policies and lifecycle rules cannot distinguish captured data from model data under one prefix (rule 70)."""
    uri = deployment.endpoint.data_capture.destination_s3_uri
    if not uri:
        return
    destination = S3Location.parse(uri)
    for flow in deployment.model_data:
        if destination.contains(flow.location):
            yield Problem(
                deployment.path("data_capture", "destination_s3_uri"),
                "the prefix also contains model data",
                "capture to a separate prefix",
                value=uri,
            )
