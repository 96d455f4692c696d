"""S3 URIs as buckets and keys."""

import pytest

from protected_endpoints.deployment.s3_location import S3Location


@pytest.mark.parametrize(
    ("uri", "location"),
    [
        ("s3://my-bucket/a/b", S3Location("my-bucket", "a/b")),
        ("s3://my-bucket/a/b/", S3Location("my-bucket", "a/b")),
        ("s3://my-bucket/model.tar.gz", S3Location("my-bucket", "model.tar.gz")),
        ("s3://my-bucket", S3Location("my-bucket", "")),
        ("s3://my-bucket/", S3Location("my-bucket", "")),
    ],
)
def test_an_s3_uri_is_a_bucket_and_a_key_without_the_last_slash(uri: str, location: S3Location) -> None:
    assert S3Location.parse(uri) == location
    assert location.uri == uri.rstrip("/")


@pytest.mark.parametrize(
    ("uri", "objects", "is_root"), [("s3://my-bucket/a/", "a/*", False), ("s3://my-bucket/", "*", True)]
)
def test_a_location_has_the_pattern_of_its_objects(uri: str, objects: str, is_root: bool) -> None:
    location = S3Location.parse(uri)
    assert (location.objects, location.is_root) == (objects, is_root)


@pytest.mark.parametrize(
    ("outer", "inner", "is_contained"),
    [
        ("s3://my-bucket/a", "s3://my-bucket/a/b", True),
        ("s3://my-bucket/a", "s3://my-bucket/a/", True),
        ("s3://my-bucket", "s3://my-bucket/a", True),
        ("s3://my-bucket/a", "s3://my-bucket/ab", False),
        ("s3://my-bucket/a", "s3://my-bucket/", False),
        ("s3://my-bucket/", "s3://another/a", False),
    ],
)
def test_a_prefix_contains_what_is_below_it(outer: str, inner: str, is_contained: bool) -> None:
    assert S3Location.parse(outer).contains(S3Location.parse(inner)) is is_contained
