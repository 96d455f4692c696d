"""Rules about what is recorded and about the artefact beside it."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.errors import Problem
from protected_endpoints.rules.account_access import named_twice
from protected_endpoints.rules.helpers import repeated
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("capture-setting-unused")
def capture_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """Retention in an existing bucket is its owner's; a setting here would do nothing."""
    capture = deployment.endpoint.data_capture
    if capture.destination_s3_uri and "retention_days" in capture.model_fields_set:
        yield Problem(
            deployment.path("data_capture", "retention_days"),
            "has no effect on the existing bucket of destination_s3_uri",
            "leave one of the two out",
            value=capture.retention_days,
        )


@endpoint_rule("relax-model-data-account-unused")
def relax_model_data_account_unused(deployment: Deployment) -> Iterator[Problem]:
    """A relaxation that relaxes nothing hides what is meant."""
    endpoint = deployment.endpoint
    if endpoint.relax.model_data_account and not deployment.model_data:
        yield Problem(
            deployment.path("relax", "model_data_account"),
            "there is no model data whose account could differ",
            "leave it out",
            value=endpoint.relax.model_data_account,
        )


@endpoint_rule("content-type-duplicate")
def content_type_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """A header has one list at least, and a type is recorded in one way (rule 68; CaptureContentTypeHeader)."""
    header = deployment.endpoint.data_capture.capture_content_type_header
    if not header:
        return
    path = deployment.path("data_capture", "capture_content_type_header")
    if not header.csv_content_types and not header.json_content_types:
        yield Problem(
            path, "names no content type", "add csv_content_types or json_content_types, or leave the table out"
        )
    lists = (("csv_content_types", header.csv_content_types), ("json_content_types", header.json_content_types))
    listed = [((*path, key, index), each) for key, types in lists for index, each in enumerate(types)]
    for place in repeated(each for _, each in listed):
        yield named_twice(*listed[place])


@endpoint_rule("capture-zero-percent", "warning")
def capture_zero_percent(deployment: Deployment) -> Iterator[Problem]:
    """A percentage of 0 is accepted and records nothing (rule 65)."""
    capture = deployment.endpoint.data_capture
    if capture.enable_capture and capture.initial_sampling_percentage == 0:
        yield Problem(
            deployment.path("data_capture", "initial_sampling_percentage"),
            "nothing is recorded",
            "raise it, or say enable_capture = false",
            value=0,
        )


@endpoint_rule("capture-overlaps-model-data", "warning")
def capture_overlaps_model_data(deployment: Deployment) -> Iterator[Problem]:
    """What is recorded should not land among artefacts, nor the other way round (rule 70)."""
    destination = deployment.endpoint.data_capture.destination_s3_uri
    place = S3Location.of(destination) if destination else None
    for each in deployment.model_data if place else ():
        if place and each.location.bucket == place.bucket and f"{each.location.key}/".startswith(f"{place.key}/"):
            yield Problem(
                deployment.path("data_capture", "destination_s3_uri"),
                "the model artefact lies under the same prefix",
                "record under a prefix of its own",
                value=destination,
            )
