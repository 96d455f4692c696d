"""Rules about how long policies become: AWS refuses one that is too long after everything before it was made."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.policies import capture_bucket, execution_role, kms_key, read_access, version_permissions
from protected_endpoints.policies.caller_trust import caller_trust_policy
from protected_endpoints.policies.invoke import invoke_policy
from protected_endpoints.policies.packing import MAX_POLICY_SIZE, size
from protected_endpoints.rules.registry import endpoint_rule

_INLINE, _TRUST, _KEY, _BUCKET = 10240, 2048, 32768, 20480
# As long as AWS makes it; the ARN of a made key is not known yet.
_ANY_KEY = f"key/{'0' * 36}"


@endpoint_rule("execution-role-policy-size")
def execution_role_policy_size(deployment: Deployment) -> Iterator[Problem]:
    """All inline policies of a role have 10,240 characters, the old and the new version's together (rule 100)."""
    names, network = deployment.names, deployment.environment.network
    key_arn = names.arn("kms", _ANY_KEY)
    of_version = [
        version_permissions.version_permissions(names, deployment),
        version_permissions.key_permissions(names, deployment, key_arn=key_arn),
    ]
    if network:
        of_version.append(
            execution_role.network_permissions(names, vpc_id=network.vpc_id, subnet_ids=network.subnet_ids)
        )
    characters = size(execution_role.base_permissions(names)) + 2 * sum(map(size, of_version))
    yield from _too_long(
        deployment.path(),
        "the execution role's policies, with those of the version before,",
        characters,
        _INLINE,
        "name fewer images, places and keys, or make several endpoints of it",
    )


@endpoint_rule("managed-policy-size")
def managed_policy_size(deployment: Deployment) -> Iterator[Problem]:
    """A managed policy has 6,144 characters (rule 100; CreatePolicy)."""
    for place, caller in ((("invokers", index), each) for index, each in enumerate(deployment.endpoint.invokers)):
        yield from _too_long(
            deployment.path(*place),
            "the policy of this caller",
            size(invoke_policy(deployment, caller=caller)),
            MAX_POLICY_SIZE,
            "name fewer target models, tags or VPC endpoints, or several callers",
        )
    for output in deployment.readable_outputs:
        document = read_access.read_policy(deployment.names, output, key_arn=deployment.names.arn("kms", _ANY_KEY))
        yield from _too_long(
            deployment.path(), f"the policy of readers of {output.kind.name}", size(document), MAX_POLICY_SIZE
        )


@endpoint_rule("trust-policy-size")
def trust_policy_size(deployment: Deployment) -> Iterator[Problem]:
    """A trust policy has 2,048 characters, unless AWS has raised that for the account (rule 100; CreateRole)."""
    for index, each in enumerate(deployment.endpoint.invokers):
        if each.principals:
            yield from _too_long(
                deployment.path("invokers", index, "principals"),
                "the trust policy of the role that is made for them",
                size(caller_trust_policy(deployment.names, each)),
                _TRUST,
                "name fewer principals, their account with principal_tags, or several callers",
            )


@endpoint_rule("resource-policy-size")
def resource_policy_size(deployment: Deployment) -> Iterator[Problem]:
    """A key's policy has 32,768 characters, a bucket's 20,480 (PutKeyPolicy; PutBucketPolicy)."""
    names, settings = deployment.names, deployment.endpoint.data_capture
    if not deployment.endpoint.kms.key_arn:
        characters = size(kms_key.key_policy(names, deployment))
        yield from _too_long(deployment.path("kms"), "the policy of the key", characters, _KEY)
    if deployment.capture_location and not settings.destination_s3_uri:
        document = capture_bucket.bucket_policy(names, key_arn=names.arn("kms", _ANY_KEY), readers=settings.readers)
        yield from _too_long(
            deployment.path("data_capture", "readers"), "the policy of the bucket", size(document), _BUCKET
        )


def _too_long(
    path: KeyPath, what: str, characters: int, most: int, fix: str = "name fewer roles and places"
) -> Iterator[Problem]:
    if characters > most:
        yield Problem(path, f"{what} would have {characters} characters, and AWS takes {most}", fix)
