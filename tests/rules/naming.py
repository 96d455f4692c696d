"""Names and tags."""

from tests.loading.support import Table
from tests.rules.pair import PROVIDER_5, Pair


def _tags(count: int) -> Table:
    return {"project": {"tags": {f"tag-{index}": "ml" for index in range(count)}}}


# The example in the European Sovereign Cloud, which is a partition of its own.
_SOVEREIGN: Table = {
    "in_environment": {"region": "eusc-de-east-1"},
    "image": "174872318107.dkr.ecr.eusc-de-east-1.amazonaws.eu/kmeans:1",
    "invokers": [],
}

PAIRS = [
    Pair(
        "region-requires-provider-6",
        passes=_SOVEREIGN,
        fails=_SOVEREIGN | {"project": PROVIDER_5},
        messages=(
            "environments.dev.region: the AWS provider takes it from version 6, and aws_provider_version "
            '>= 5.100, < 7 admits 5, got "eusc-de-east-1"; write aws_provider_version = ">= 6.40, < 7" in [project]',
        ),
    ),
    *(
        Pair(
            "provider-bucket-race",
            passes={"project": {"aws_provider_version": passes}},
            fails={"project": {"aws_provider_version": fails}},
            messages=(
                "project.aws_provider_version: the AWS provider 6.22 to 6.39 changes the bucket in every plan, and "
                f'lifts AWS\'s block of SSE-C, got "{fails}"; write ">= 6.40, < 7"',
            ),
        )
        for passes, fails in ((">= 6.22, < 6.41", ">= 6.22, < 6.40"), ("6.40.0", "~> 6.39.0"), ("6.21.1", "6.22.0"))
    ),
    Pair(
        "name-too-long",
        passes={"name": "k" * 27},  # acme-dev- and 27 characters are 36
        fails={"name": "k" * 28},
        messages=(
            f"endpoints.{'k' * 28}: the base name <project>-<environment>-<endpoint> has 37 characters, "
            f'got "acme-dev-{"k" * 28}"; shorten it to 36 or fewer',
        ),
    ),
    Pair(
        "name-prefix-reserved",
        passes={"project": {"name": "sthrees"}},
        fails={"project": {"name": "sthree"}},
        messages=(
            "project.name: S3 keeps names of buckets that begin with sthree- or amzn-s3-demo- for itself, "
            'got "sthree"; choose another name',
        ),
    ),
    Pair(
        "name-prefix-reserved",
        passes={"project": {"name": "amzn-s3"}},
        fails={"project": {"name": "amzn-s3-demo"}},
        messages=(
            "project.name: S3 keeps names of buckets that begin with sthree- or amzn-s3-demo- for itself, "
            'got "amzn-s3-demo"; choose another name',
        ),
    ),
    Pair(
        "name-prefix-reserved",
        passes={"project": {"name": "sgx"}},
        fails={"project": {"name": "sg"}},
        messages=(
            "project.name: EC2 keeps names of security groups that begin with sg- for itself, "
            'got "sg"; choose another name',
        ),
    ),
    Pair(
        "too-many-tags",
        passes=_tags(47),
        fails=_tags(48),
        messages=("project.tags: 48 tags and 3 that are always set are more than AWS takes; keep 47 or fewer",),
    ),
    Pair(
        "tag-key-reserved",
        passes={"project": {"tags": {"Project": "ml", "laws:x": "ml"}}},
        fails={"project": {"tags": {"project": "ml", "environment": "x", "endpoint": "y", "AWS:x": "z"}}},
        messages=(
            'project.tags.project: this tag is always set, got "ml"; leave it out or rename it',
            'project.tags.environment: this tag is always set, got "x"; leave it out or rename it',
            'project.tags.endpoint: this tag is always set, got "y"; leave it out or rename it',
            'project.tags.AWS:x: AWS keeps tags that begin with aws:, got "z"; rename it',
        ),
    ),
]
