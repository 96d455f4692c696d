"""The access to S3 that a container needs for the URIs in its environment variables."""

import pytest

from protected_endpoints.deployment.container_s3 import S3Access, missing_access
from tests.loading.support import deployment

_BUCKET = "arn:aws:s3:::acme"


def _get(resource: str) -> S3Access:
    return S3Access("s3:GetObject", f"{_BUCKET}/{resource}", account_id="111122223333")


def _list(*prefixes: str) -> S3Access:
    return S3Access("s3:ListBucket", _BUCKET, prefixes, account_id="111122223333")


@pytest.mark.parametrize(
    ("uri", "access"),
    [
        ("s3://acme/a/b.tar.gz", [_get("a/b.tar.gz")]),
        ("s3a://acme/b.json", [_get("b.json")]),
        ("s3://acme/a/b", [_get("a/b/*"), _list("a/b", "a/b/*")]),
        ("s3://acme/llama-3.1", [_get("llama-3.1/*"), _list("llama-3.1", "llama-3.1/*")]),
        ("s3://acme/v1.0/", [_get("v1.0/*"), _list("v1.0", "v1.0/*")]),
        ("s3://acme", [_get("*"), _list()]),
        ("s3://acme/", [_get("*"), _list()]),
        ("s3://acme/a/{name}.json", [_get("a/*"), _list("a", "a/*")]),
    ],
)
def test_an_object_is_read_and_a_prefix_is_listed_as_well(uri: str, access: list[S3Access]) -> None:
    assert missing_access(deployment(), [uri, uri]) == access


@pytest.mark.parametrize(
    ("action", "resource", "is_enough"),
    [
        ("s3:GetObject", f"{_BUCKET}/a.json", True),
        ("s3:getobject", f"{_BUCKET}/*", True),
        ("s3:GetObject", f"{_BUCKET}/?.json", True),
        ("s3:GetObject", f"{_BUCKET}/axjson", False),
        ("s3:GetObject", f"{_BUCKET}/b.json", False),
        ("s3:GetObject", "arn:aws:s3:::other/*", False),
        ("s3:PutObject", f"{_BUCKET}/*", False),
    ],
)
def test_a_permission_is_compared_with_the_object(action: str, resource: str, is_enough: bool) -> None:
    permission = {"actions": [action], "resources": [resource], "reason": "reads its settings"}
    missing = missing_access(deployment(permissions=[permission]), ["s3://acme/a.json"])
    assert missing == ([] if is_enough else [_get("a.json")])


def test_a_prefix_needs_a_permission_for_every_object_below_it() -> None:
    permission = {"actions": ["s3:GetObject"], "resources": [f"{_BUCKET}/a/b/*"], "reason": "reads its settings"}
    assert missing_access(deployment(permissions=[permission]), ["s3://acme/a/"]) == [_get("a/*"), _list("a", "a/*")]


@pytest.mark.parametrize(("region", "account_id"), [("us-west-2", None), ("eu-west-1", "111122223333")])
def test_the_account_of_a_bucket_of_jumpstart_in_the_region_is_not_known(region: str, account_id: str | None) -> None:
    (access,) = missing_access(deployment(), [f"s3://jumpstart-cache-prod-{region}/a/code.tar.gz"])
    assert access.account_id == account_id
