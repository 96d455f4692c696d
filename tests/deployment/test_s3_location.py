"""S3 URIs as buckets and keys."""

import pytest

from protected_endpoints.deployment.s3_location import S3Location


@pytest.mark.parametrize(
    ("uri", "location"),
    [
        ("s3://my-bucket/a/b", S3Location("my-bucket", "a/b")),
        ("s3://my-bucket/a/b/", S3Location("my-bucket", "a/b")),
        ("s3://my-bucket/model.tar.gz", S3Location("my-bucket", "model.tar.gz")),
    ],
)
def test_an_s3_uri_is_a_bucket_and_a_key_without_the_last_slash(uri: str, location: S3Location) -> None:
    assert S3Location.parse(uri) == location
    assert location.uri == uri.rstrip("/")
