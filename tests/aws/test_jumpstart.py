"""A bucket of JumpStart is recognized by its exact name, in the regions that JumpStart has."""

import pytest

from protected_endpoints.aws.jumpstart import JumpStartBucket


@pytest.mark.parametrize(
    ("name", "bucket"),
    [
        ("jumpstart-cache-prod-us-west-2", JumpStartBucket("us-west-2", is_gated=False)),
        ("jumpstart-private-cache-prod-eu-central-2", JumpStartBucket("eu-central-2", is_gated=True)),
        ("jumpstart-cache-prod-cn-north-1", JumpStartBucket("cn-north-1", is_gated=False)),
        ("jumpstart-private-cache-prod-us-gov-west-1", JumpStartBucket("us-gov-west-1", is_gated=True)),
        ("jumpstart-cache-prod-us-west-9", None),  # a name that anyone can register
        ("jumpstart-cache-prod-us-west-2-evil", None),
        ("my-jumpstart-cache-prod-us-west-2", None),
        ("jumpstart-cache-alpha-us-west-2", None),
    ],
)
def test_a_bucket_is_recognized_by_its_exact_name(name: str, bucket: JumpStartBucket | None) -> None:
    assert JumpStartBucket.parse(name) == bucket
    assert bucket is None or bucket.in_region(bucket.region) == name


def test_a_region_without_jumpstart_has_no_bucket() -> None:
    assert JumpStartBucket("us-west-2", is_gated=True).in_region("eusc-de-east-1") is None
