"""Rules about names, tags and regions."""

from collections.abc import Iterator

from protected_endpoints.aws.provider_versions import (
    DEFAULT_CONSTRAINT,
    allows_provider_without_bucket_drift,
    supports_region,
)
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.endpoint_names import MAX_BASE_NAME_LENGTH
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import environment_path, provider_6_required
from protected_endpoints.rules.registry import endpoint_rule

_MAX_TAGS = 50
_MANAGED_TAGS = ("project", "environment", "endpoint")
_RESERVED_PREFIXES = (("S3", "bucket", ("sthree-", "amzn-s3-demo-")), ("EC2", "security group", ("sg-",)))


@endpoint_rule("name-too-long")
def name_too_long(deployment: Deployment) -> Iterator[Problem]:
    """The AWS provider accepts a `name_prefix` of 37 characters for an endpoint configuration (rules 2 and 4)."""
    base_name = deployment.names.base_name
    if len(base_name) > MAX_BASE_NAME_LENGTH:
        room = MAX_BASE_NAME_LENGTH - len(f"{deployment.names.prefix}-")
        shorter = (
            f"shorten the name of the table to {room} characters or fewer"
            if room > 0
            else f"shorten the names of project and environment, for {MAX_BASE_NAME_LENGTH} characters or fewer"
        )
        yield Problem(
            deployment.path(),
            f"the prefix of resource names, <project>-<environment>-<endpoint>, has {len(base_name)} characters",
            f"{shorter}; endpoint_name can keep the name of the endpoint in AWS",
            value=base_name,
        )


@endpoint_rule("name-prefix-reserved")
def name_prefix_reserved(deployment: Deployment) -> Iterator[Problem]:
    """AWS reserves some name prefixes (S3 user guide, bucket naming rules; EC2, CreateSecurityGroup, GroupName)."""
    for service, kind, prefixes in _RESERVED_PREFIXES:
        if deployment.names.base_name.startswith(prefixes):
            yield Problem(
                ("project", "name"),
                f"{service} reserves {kind} names that begin with {' or '.join(prefixes)}",
                "choose another name",
                value=deployment.project.name,
            )


@endpoint_rule("ssm-parameter-name-reserved")
def ssm_parameter_name_reserved(deployment: Deployment) -> Iterator[Problem]:
    """AWS reserves names of parameters that begin with aws or ssm (Systems Manager, PutParameter, Name)."""
    if deployment.endpoint.create_ssm_parameters and deployment.project.name.startswith(("aws", "ssm")):
        name = deployment.names.ssm_parameter("name")
        yield Problem(
            deployment.path("create_ssm_parameters"),
            f"Systems Manager reserves parameter names that begin with aws or ssm, such as {name}",
            "remove it, or choose another name of the project, which renames all resources",
            value=True,
        )


@endpoint_rule("region-requires-provider-6")
def region_requires_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """AWS provider 5 rejects the ARNs of the European Sovereign Cloud (provider pull request 45895)."""
    environment = deployment.environment
    if not supports_region(environment.region, deployment.project.aws_provider_version):
        yield provider_6_required(deployment, environment_path(environment, "region"), value=environment.region)


@endpoint_rule("provider-bucket-drift", "warning")
def provider_bucket_drift(deployment: Deployment) -> Iterator[Problem]:
    """AWS provider 6.22 to 6.39 reports the SSE-C block that AWS sets on buckets as drift (provider issue 47320)."""
    constraint = deployment.project.aws_provider_version
    if not allows_provider_without_bucket_drift(constraint):
        yield Problem(
            ("project", "aws_provider_version"),
            "AWS provider 6.22 to 6.39 reports the SSE-C block that AWS sets on buckets as drift, and removes it",
            f'set it to "{DEFAULT_CONSTRAINT}"',
            value=constraint,
        )


@endpoint_rule("too-many-tags")
def too_many_tags(deployment: Deployment) -> Iterator[Problem]:
    """AWS accepts 50 tags on a resource (rule 8)."""
    of_endpoint, most = deployment.endpoint.tags, _MAX_TAGS - len(_MANAGED_TAGS)
    configured = {**deployment.project.tags, **of_endpoint}
    if len(configured) > most:
        yield Problem(
            deployment.path("tags") if of_endpoint else ("project", "tags"),
            f"{len(configured)} tags{' of project and endpoint' if of_endpoint else ''} and the {len(_MANAGED_TAGS)} "
            f"managed tags exceed the AWS limit of {_MAX_TAGS} for a resource",
            f"keep {most} or fewer",
        )


@endpoint_rule("tag-key-reserved")
def tag_key_reserved(deployment: Deployment) -> Iterator[Problem]:
    """AWS reserves tag keys that begin with `aws:`, and the managed tags cannot be overridden (rule 8)."""
    for path, key, value in _tags(deployment):
        if key in _MANAGED_TAGS:
            yield Problem(path, "managed tags cannot be overridden", "remove it or rename it", value=value)
        elif key.lower().startswith("aws:"):
            yield Problem(path, "AWS reserves tag keys that begin with aws:", "rename it", value=value)


@endpoint_rule("tag-key-case")
def tag_key_case(deployment: Deployment) -> Iterator[Problem]:
    """IAM compares tag keys of a role without case and rejects two that differ only in it (rule 8; CreateRole)."""
    spellings = {key: key for key in _MANAGED_TAGS}
    for path, key, value in _tags(deployment):
        other = spellings.setdefault(key.lower(), key)
        if other != key:
            kind = "the managed tag" if other in _MANAGED_TAGS else "the tag"
            yield Problem(
                path, f"IAM does not distinguish it from {kind} {other}", "remove it or rename it", value=value
            )


def _tags(deployment: Deployment) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the configured tags, those of the project first: key path, key and value."""
    tables = ((("project", "tags"), deployment.project.tags), (deployment.path("tags"), deployment.endpoint.tags))
    for path, tags in tables:
        for key, value in tags.items():
            yield (*path, key), key, value
