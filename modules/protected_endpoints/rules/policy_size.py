"""Rules about the size of policies, which AWS checks only after it has created the resources before them."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.policies import capture_bucket, kms_key, read_access
from protected_endpoints.policies.execution_role import NO_CHANGE, inline_policies
from protected_endpoints.policies.invoke import invoke_policy
from protected_endpoints.policies.invoker_trust import invoker_trust_policy
from protected_endpoints.policies.operators.github_actions import planner_trust_policy
from protected_endpoints.policies.packing import MAX_POLICY_SIZE, size
from protected_endpoints.rules.helpers import environment_path
from protected_endpoints.rules.registry import endpoint_rule

# Limits in characters.
_MAX_INLINE, _MAX_TRUST, _MAX_KEY, _MAX_BUCKET = 10240, 2048, 32768, 20480
# AWS chooses the ID of a managed key, which has 36 characters.
_ANY_KEY = f"key/{'0' * 36}"
_FEWER_COMPONENTS = "move inference components to another endpoint"
_FEWER_ROLES = "list fewer roles and locations"


@endpoint_rule("execution-role-policy-size")
def execution_role_policy_size(deployment: Deployment) -> Iterator[Problem]:
    """A role accepts 10,240 characters of inline policies, and an update needs those of two versions (rule 100).

    Permissions reach this limit before the managed boundary, which contains them once, has its 6,144 characters.
    """
    if deployment.endpoint.execution_role_arn:
        return
    documents = inline_policies(deployment, key_arn=deployment.names.arn("kms", _ANY_KEY))
    of_every_version = size(documents.pop(NO_CHANGE))
    yield from _too_long(
        deployment.path(),
        "policies of the execution role, including those of the previous version,",
        of_every_version + 2 * sum(map(size, documents.values())),
        _MAX_INLINE,
        "use fewer images, locations, keys and permissions, or split the endpoint",
    )


@endpoint_rule("managed-policy-size")
def managed_policy_size(deployment: Deployment) -> Iterator[Problem]:
    """A managed policy has at most 6,144 characters (rule 100; CreatePolicy)."""
    fewer = f"{_FEWER_COMPONENTS}, or " if deployment.endpoint.inference_components else ""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        yield from _too_long(
            deployment.path("invokers", index),
            "policy of this invoker",
            size(invoke_policy(deployment, invoker=invoker)),
            MAX_POLICY_SIZE,
            f"{fewer}list fewer target models, tags or VPC endpoints, or split the invoker",
        )
    if deployment.endpoint.inference_components and not deployment.endpoint.invokers:
        yield from _too_long(
            deployment.path("inference_components"),
            "policy of invokers, which lists every component,",
            size(invoke_policy(deployment, invoker=None)),
            MAX_POLICY_SIZE,
            _FEWER_COMPONENTS,
        )
    for output in deployment.readable_outputs:
        key_arn = deployment.names.arn("kms", _ANY_KEY)
        document = read_access.read_policy(deployment.names, output, key_arn=key_arn)
        subject = f"policy for readers of {output.kind.name}"
        yield from _too_long(deployment.path(), subject, size(document), MAX_POLICY_SIZE, _FEWER_ROLES)


@endpoint_rule("trust-policy-size")
def trust_policy_size(deployment: Deployment) -> Iterator[Problem]:
    """A trust policy has at most 2,048 characters under the default quota (rule 100; CreateRole)."""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        if invoker.principals:
            yield from _too_long(
                deployment.path("invokers", index, "principals"),
                "trust policy of the managed role",
                size(invoker_trust_policy(deployment.names, invoker)),
                _MAX_TRUST,
                "list fewer principals, list their account with principal_tags, or split the invoker",
            )
    if github := deployment.environment.github_actions:
        yield from _too_long(
            environment_path(deployment.environment, "github_actions", "planner_workflows"),
            "trust policy of the planner role",
            size(planner_trust_policy(deployment.names, github)),
            _MAX_TRUST,
            "list fewer workflows",
        )


@endpoint_rule("resource-policy-size")
def resource_policy_size(deployment: Deployment) -> Iterator[Problem]:
    """A key policy has at most 32,768 characters, and a bucket policy 20,480 (PutKeyPolicy; PutBucketPolicy)."""
    names, settings = deployment.names, deployment.endpoint.data_capture
    if not deployment.endpoint.kms.key_arn:
        characters = size(kms_key.key_policy(names, deployment))
        yield from _too_long(deployment.path("kms"), "policy of the key", characters, _MAX_KEY, _FEWER_ROLES)
    if deployment.capture_location and not settings.destination_s3_uri:
        document = capture_bucket.bucket_policy(
            names,
            key_arn=names.arn("kms", _ANY_KEY),
            execution_role_arn=deployment.execution_role_arn,
            readers=settings.readers,
        )
        path = deployment.path("data_capture", "readers")
        yield from _too_long(path, "policy of the bucket", size(document), _MAX_BUCKET, _FEWER_ROLES)


def _too_long(path: KeyPath, subject: str, characters: int, limit: int, suggestion: str) -> Iterator[Problem]:
    if characters > limit:
        yield Problem(path, f"the {subject} would have {characters} characters, but AWS accepts {limit}", suggestion)
