"""Rules about names, tags and regions."""

from collections.abc import Iterator

from protected_endpoints.aws.provider_versions import (
    DEFAULT_CONSTRAINT,
    allows_provider_without_bucket_drift,
    supports_region,
)
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.names import MAX_BASE_NAME_LENGTH
from protected_endpoints.errors import Problem
from protected_endpoints.rules.registry import endpoint_rule

_MOST_TAGS = 50
_KEPT = (("S3", "buckets", ("sthree-", "amzn-s3-demo-")), ("EC2", "security groups", ("sg-",)))


@endpoint_rule("name-too-long")
def name_too_long(deployment: Deployment) -> Iterator[Problem]:
    """The provider takes a `name_prefix` of 37 characters for an endpoint configuration (rules 2 and 4)."""
    base = deployment.names.base_name
    if len(base) > MAX_BASE_NAME_LENGTH:
        yield Problem(
            deployment.path(),
            f"the base name <project>-<environment>-<endpoint> has {len(base)} characters",
            f"shorten it to {MAX_BASE_NAME_LENGTH} or fewer",
            value=base,
        )


@endpoint_rule("name-prefix-reserved")
def name_prefix_reserved(deployment: Deployment) -> Iterator[Problem]:
    """Some beginnings are refused (S3 user guide, bucket naming rules; EC2, CreateSecurityGroup, GroupName)."""
    for service, what, beginnings in _KEPT:
        if deployment.names.base_name.startswith(beginnings):
            yield Problem(
                ("project", "name"),
                f"{service} keeps names of {what} that begin with {' or '.join(beginnings)} for itself",
                "choose another name",
                value=deployment.project.name,
            )


@endpoint_rule("region-requires-provider-6")
def region_requires_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """The AWS provider 5 takes no ARN of the European Sovereign Cloud (provider pull request 45895)."""
    constraint, environment = deployment.project.aws_provider_version, deployment.environment
    if not supports_region(environment.region, constraint):
        yield Problem(
            ("environments", environment.name, "region"),
            f"the AWS provider takes it from version 6, and aws_provider_version {constraint} admits 5",
            f'write aws_provider_version = "{DEFAULT_CONSTRAINT}" in [project]',
            value=environment.region,
        )


@endpoint_rule("provider-bucket-race", "warning")
def provider_bucket_race(deployment: Deployment) -> Iterator[Problem]:
    """From 6.22 to 6.39 the AWS provider takes AWS's block of SSE-C for drift (provider issue 47320)."""
    constraint = deployment.project.aws_provider_version
    if not allows_provider_without_bucket_drift(constraint):
        yield Problem(
            ("project", "aws_provider_version"),
            "the AWS provider 6.22 to 6.39 changes the bucket in every plan, and lifts AWS's block of SSE-C",
            f'write "{DEFAULT_CONSTRAINT}"',
            value=constraint,
        )


@endpoint_rule("too-many-tags")
def too_many_tags(deployment: Deployment) -> Iterator[Problem]:
    """A resource takes 50 tags (rule 8)."""
    if len(deployment.tags) > _MOST_TAGS:
        ours = len(deployment.tags) - len(deployment.project.tags)
        yield Problem(
            ("project", "tags"),
            f"{len(deployment.project.tags)} tags and {ours} that are always set are more than AWS takes",
            f"keep {_MOST_TAGS - ours} or fewer",
        )


@endpoint_rule("tag-key-reserved")
def tag_key_reserved(deployment: Deployment) -> Iterator[Problem]:
    """A tag that is always set cannot be given another value, and AWS keeps `aws:` for itself (rule 8)."""
    ours = {"project", "environment", "endpoint"}
    for key, value in deployment.project.tags.items():
        if key in ours:
            yield Problem(("project", "tags", key), "this tag is always set", "leave it out or rename it", value=value)
        elif key.lower().startswith("aws:"):
            yield Problem(("project", "tags", key), "AWS keeps tags that begin with aws:", "rename it", value=value)
