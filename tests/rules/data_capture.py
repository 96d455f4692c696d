"""Data capture."""

from tests.loading.support import Table
from tests.rules.pair import Pair


def _types(csv: str, json: str) -> Table:
    return {"csv_content_types": [csv], "json_content_types": [json]}


PAIRS = [
    Pair(
        "capture-setting-unused",
        passes={"data_capture": {"retention_days": 90, "eventbridge": True}},
        fails={"data_capture": {"retention_days": 90, "eventbridge": True, "destination_s3_uri": "s3://mine/x"}},
        messages=(
            "endpoints.kmeans.data_capture.retention_days: has no effect on the existing bucket in "
            "destination_s3_uri, got 90; remove one of them",
            "endpoints.kmeans.data_capture.eventbridge: has no effect on the existing bucket in "
            "destination_s3_uri, got true; remove one of them",
        ),
    ),
    Pair(
        "capture-setting-unused",
        passes={"data_capture": {"enable_capture": False}},
        fails={"data_capture": {"enable_capture": False, "eventbridge": True}},
        messages=(
            "endpoints.kmeans.data_capture.eventbridge: has no effect: the endpoint captures no data, got true; "
            "remove it",
        ),
    ),
    Pair(
        "content-types-missing",
        passes={"data_capture": {"capture_content_type_header": {"csv_content_types": ["text/csv"]}}},
        fails={"data_capture": {"capture_content_type_header": {}}},
        messages=(
            "endpoints.kmeans.data_capture.capture_content_type_header: requires csv_content_types or "
            "json_content_types; add one of them, or remove the table",
        ),
    ),
    Pair(
        "content-type-duplicate",
        passes={"data_capture": {"capture_content_type_header": _types("text/csv", "application/json")}},
        fails={"data_capture": {"capture_content_type_header": _types("text/csv", "text/csv")}},
        messages=(
            "endpoints.kmeans.data_capture.capture_content_type_header.json_content_types[0]: duplicate entry, "
            'got "text/csv"; remove it',
        ),
    ),
    Pair(
        "capture-zero-percent",
        passes={"data_capture": {"initial_sampling_percentage": 1}},
        fails={"data_capture": {"initial_sampling_percentage": 0}},
        messages=(
            "endpoints.kmeans.data_capture.initial_sampling_percentage: captures no requests, got 0; raise it, "
            "or set enable_capture = false",
        ),
    ),
    Pair(
        "capture-zero-percent",  # intended where capture is off
        passes={"data_capture": {"initial_sampling_percentage": 0, "enable_capture": False}},
        fails={"data_capture": {"initial_sampling_percentage": 0, "enable_capture": True}},
        messages=(
            "endpoints.kmeans.data_capture.initial_sampling_percentage: captures no requests, got 0; raise it, "
            "or set enable_capture = false",
        ),
    ),
    Pair(
        "capture-overlaps-model-data",  # a prefix ends at a slash, so models-old is not below models
        passes={
            "model_data_url": "s3://acme/models-old/m.tar.gz",
            "data_capture": {"destination_s3_uri": "s3://acme/models"},
        },
        fails={
            "model_data_url": "s3://acme/models/m.tar.gz",
            "data_capture": {"destination_s3_uri": "s3://acme/models/"},
        },
        messages=(
            "endpoints.kmeans.data_capture.destination_s3_uri: the prefix also contains model data, got "
            '"s3://acme/models/"; capture to a separate prefix',
        ),
    ),
]
