"""Locations that are a whole bucket."""

from tests.rules.pair import ROLE, Pair

_PREFIX, _ROOT = "s3://my-bucket/models/", "s3://my-bucket/"


def _message(path: str, access: str, uri: str = _ROOT) -> str:
    return (
        f"endpoints.kmeans.{path}: is the root of a bucket: {access} every object of my-bucket, "
        f'got "{uri}"; use a prefix'
    )


PAIRS = [
    Pair(
        "bucket-root-not-an-object",
        passes={"mode": "MultiModel", "model_data_url": _ROOT},
        fails={"mode": "MultiModel", "model_data_url": "s3://my-bucket"},
        messages=(
            "endpoints.kmeans.model_data_url: is the root of a bucket and not an object, got "
            f'"s3://my-bucket"; use the URI of an object, or "{_ROOT}" for every object of the bucket',
        ),
    ),
    Pair(
        "bucket-root",
        passes={"mode": "MultiModel", "model_data_url": _PREFIX},
        fails={"mode": "MultiModel", "model_data_url": _ROOT},
        messages=(_message("model_data_url", "the execution role can read"),),
    ),
    Pair(
        "bucket-root",
        passes={"data_capture": {"destination_s3_uri": _PREFIX}},
        fails={"data_capture": {"destination_s3_uri": "s3://my-bucket", "readers": [f"{ROLE}/auditor"]}},
        messages=(
            _message(
                "data_capture.destination_s3_uri",
                "the execution role can write and its readers can read",
                "s3://my-bucket",
            ),
        ),
    ),
]
