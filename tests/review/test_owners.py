"""Who owns a registry, a model package or a bucket."""

import json
import os
from pathlib import Path

import pytest

from protected_endpoints import aws
from protected_endpoints.review.analysis import owners
from protected_endpoints.review.analysis.owners import (
    aws_registries,
    describe_owner,
    image_source,
    is_jumpstart_bucket,
)

_SOURCE = Path(aws.__file__).with_name("image_registries.json")
_COPY = Path(owners.__file__).with_name("aws_registries.json")
_OWN, _OTHER = "111122223333", "999988887777"


def test_the_registries_are_those_that_synth_knows() -> None:
    """The review imports nothing of the layer aws, so that it has a copy of the accounts."""
    lists = json.loads(_SOURCE.read_text(encoding="utf-8"))
    accounts = sorted({account for registries in lists for account in registries["accounts"].values()})
    if os.environ.get("UPDATE_SNAPSHOTS"):
        _COPY.write_text(f"{json.dumps(accounts, indent=2)}\n", encoding="utf-8")
        aws_registries.cache_clear()
    assert sorted(aws_registries()) == accounts, "the list changed; run: make snapshots"


@pytest.mark.parametrize(
    "source",
    [
        f"{_OWN}.dkr.ecr.us-west-2.amazonaws.com",
        "763104351884.dkr.ecr.us-east-1.amazonaws.com",
        "763104351884.dkr.ecr-fips.us-east-1.amazonaws.com",
        "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn",
        f"arn:aws:sagemaker:us-west-2:{_OWN}:model-package/scoring",
    ],
)
def test_the_account_itself_and_aws_are_not_outside(source: str) -> None:
    assert describe_owner(_OWN, source) == ""


@pytest.mark.parametrize(
    ("source", "owner"),
    [
        (f"{_OTHER}.dkr.ecr.us-west-2.amazonaws.com/scoring", f"the registry of another account (`{_OTHER}`)"),
        ("763104351884.dkr.ecr.us-west-2.amazonaws.com.example.com", "a registry outside of Amazon ECR"),
        ("registry.example.com", "a registry outside of Amazon ECR"),
        (
            f"arn:aws:sagemaker:us-west-2:{_OTHER}:model-package/scoring",
            f"a model package of another account (`{_OTHER}`)",
        ),
    ],
)
def test_others_are_named(source: str, owner: str) -> None:
    assert describe_owner(_OWN, source) == owner


@pytest.mark.parametrize(
    ("image", "source"),
    [
        (f"{_OWN}.dkr.ecr.us-west-2.amazonaws.com/team/a:1", f"{_OWN}.dkr.ecr.us-west-2.amazonaws.com/team/a"),
        (f"{_OWN}.dkr.ecr.us-west-2.amazonaws.com/a:1@sha256:0", f"{_OWN}.dkr.ecr.us-west-2.amazonaws.com/a"),
        ("registry.example.com:5000/a", "registry.example.com:5000/a"),
        ("763104351884.dkr.ecr.us-east-1.amazonaws.com/tgi:2", "763104351884.dkr.ecr.us-east-1.amazonaws.com"),
    ],
)
def test_the_source_of_an_image_is_its_repository(image: str, source: str) -> None:
    assert image_source(image) == source


def test_buckets_of_jumpstart() -> None:
    assert is_jumpstart_bucket("jumpstart-cache-prod-us-west-2")
    assert is_jumpstart_bucket("jumpstart-private-cache-prod-eu-central-1")
    assert not is_jumpstart_bucket("my-jumpstart-cache-prod-us-west-2")
