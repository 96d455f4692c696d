"""Names, tags and regions."""

from tests.loading.support import Table
from tests.rules.pair import PROVIDER_5, Pair


def _tags(count: int) -> Table:
    return {"project": {"tags": {f"tag-{index}": "ml" for index in range(count)}}}


# The example in the European Sovereign Cloud, which is a separate partition.
_SOVEREIGN: Table = {
    "in_environment": {"region": "eusc-de-east-1"},
    "image": "174872318107.dkr.ecr.eusc-de-east-1.amazonaws.eu/kmeans:1",
    "invokers": [],
}

PAIRS = [
    *(
        Pair(
            "ssm-parameter-name-reserved",
            passes={"create_ssm_parameters": True, "project": {"name": "acme"}},
            fails={"create_ssm_parameters": True, "project": {"name": name}},
            messages=(
                "endpoints.kmeans.create_ssm_parameters: Systems Manager reserves parameter names that begin with aws "
                f"or ssm, such as /{name}/dev/kmeans/name, got true; remove it, or choose another name of the project, "
                "which renames all resources",
            ),
        )
        for name in ("aws-serving", "ssmlab")
    ),
    Pair(
        "region-requires-provider-6",
        passes=_SOVEREIGN,
        fails=_SOVEREIGN | {"project": PROVIDER_5},
        messages=(
            "environments.dev.region: requires AWS provider >= 6, but aws_provider_version >= 5.100, < 7 allows "
            '5, got "eusc-de-east-1"; set aws_provider_version = ">= 6.40, < 7" in [project]',
        ),
    ),
    *(
        Pair(
            "provider-bucket-drift",
            passes={"project": {"aws_provider_version": passes}},
            fails={"project": {"aws_provider_version": fails}},
            messages=(
                "project.aws_provider_version: AWS provider 6.22 to 6.39 reports the SSE-C block that AWS sets on "
                f'buckets as drift, and removes it, got "{fails}"; set it to ">= 6.40, < 7"',
            ),
        )
        for passes, fails in ((">= 6.22, < 6.41", ">= 6.22, < 6.40"), ("6.40.0", "~> 6.39.0"), ("6.21.1", "6.22.0"))
    ),
    Pair(
        "name-too-long",
        passes={"name": "k" * 27},  # acme-dev- and 27 characters are 36
        fails={"name": "k" * 28},
        messages=(
            f"endpoints.{'k' * 28}: the prefix of resource names, <project>-<environment>-<endpoint>, has 37 "
            f'characters, got "acme-dev-{"k" * 28}"; shorten the name of the table to 27 characters or fewer; '
            "endpoint_name can keep the name of the endpoint in AWS",
        ),
    ),
    Pair(
        "name-too-long",
        passes={"project": {"name": "p" * 25}},  # with -dev-kmeans 36 characters
        fails={"project": {"name": "p" * 32}},
        messages=(
            "endpoints.kmeans: the prefix of resource names, <project>-<environment>-<endpoint>, has 43 characters, "
            f'got "{"p" * 32}-dev-kmeans"; shorten the names of project and environment, for 36 characters or fewer; '
            "endpoint_name can keep the name of the endpoint in AWS",
        ),
    ),
    Pair(
        "name-prefix-reserved",
        passes={"project": {"name": "sthrees"}},
        fails={"project": {"name": "sthree"}},
        messages=(
            'project.name: S3 reserves bucket names that begin with sthree- or amzn-s3-demo-, got "sthree"; '
            "choose another name",
        ),
    ),
    Pair(
        "name-prefix-reserved",
        passes={"project": {"name": "amzn-s3"}},
        fails={"project": {"name": "amzn-s3-demo"}},
        messages=(
            "project.name: S3 reserves bucket names that begin with sthree- or amzn-s3-demo-, got "
            '"amzn-s3-demo"; choose another name',
        ),
    ),
    Pair(
        "name-prefix-reserved",
        passes={"project": {"name": "sgx"}},
        fails={"project": {"name": "sg"}},
        messages=(
            'project.name: EC2 reserves security group names that begin with sg-, got "sg"; choose another name',
        ),
    ),
    Pair(
        "too-many-tags",
        passes=_tags(47),
        fails=_tags(48),
        messages=(
            "project.tags: 48 tags and the 3 managed tags exceed the AWS limit of 50 for a resource; keep 47 or fewer",
        ),
    ),
    Pair(
        "too-many-tags",
        passes={**_tags(40), "tags": {"tag-1": "kmeans", **{f"more-{index}": "" for index in range(7)}}},
        fails={**_tags(40), "tags": {f"more-{index}": "" for index in range(8)}},
        messages=(
            "endpoints.kmeans.tags: 48 tags of project and endpoint and the 3 managed tags exceed the AWS limit of 50 "
            "for a resource; keep 47 or fewer",
        ),
    ),
    Pair(
        "tag-key-case",  # a tag of the endpoint overrides the one of the project with the same key
        passes={"project": {"tags": {"Team": "ml", "projects": "ml"}}, "tags": {"Team": "fraud"}},
        fails={"project": {"tags": {"Team": "ml", "Project": "ml"}}, "tags": {"team": "fraud", "Endpoint": "x"}},
        messages=(
            "project.tags.Project: IAM does not distinguish it from the managed tag project, got "
            '"ml"; remove it or rename it',
            'endpoints.kmeans.tags.team: IAM does not distinguish it from the tag Team, got "fraud"; remove it or '
            "rename it",
            "endpoints.kmeans.tags.Endpoint: IAM does not distinguish it from the managed tag endpoint, got "
            '"x"; remove it or rename it',
        ),
    ),
    Pair(
        "tag-key-reserved",
        passes={"tags": {"sagemaker:project-name": "churn", "aws-apn-id": "x"}},
        fails={"tags": {"project": "ml", "aws:createdBy": "z"}},
        messages=(
            'endpoints.kmeans.tags.project: managed tags cannot be overridden, got "ml"; remove it or rename it',
            'endpoints.kmeans.tags.aws:createdBy: AWS reserves tag keys that begin with aws:, got "z"; rename it',
        ),
    ),
    Pair(
        "tag-key-reserved",
        passes={"project": {"tags": {"projects": "ml", "laws:x": "ml"}}},
        fails={"project": {"tags": {"project": "ml", "environment": "x", "endpoint": "y", "AWS:x": "z"}}},
        messages=(
            'project.tags.project: managed tags cannot be overridden, got "ml"; remove it or rename it',
            'project.tags.environment: managed tags cannot be overridden, got "x"; remove it or rename it',
            'project.tags.endpoint: managed tags cannot be overridden, got "y"; remove it or rename it',
            'project.tags.AWS:x: AWS reserves tag keys that begin with aws:, got "z"; rename it',
        ),
    ),
]
