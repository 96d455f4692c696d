"""Rules about who is let in."""

from collections.abc import Iterable, Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import repeated
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("reader-not-in-account")
def reader_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """The bucket refuses every other account, and the readers' policy is attached like the invokers'."""
    for path, readers in _readers(deployment):
        yield from of_another_account(deployment, path, readers)
        yield from not_ours_to_change(path, readers)


@endpoint_rule("reader-duplicate")
def reader_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """A role's name is unique in its account, whatever its path and its case, and each is attached once."""
    for path, readers in _readers(deployment):
        for index in repeated(arn.rsplit("/", 1)[1].lower() for arn in readers):
            yield named_twice((*path, index), readers[index])


@endpoint_rule("deployer-not-in-account")
def deployer_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """The key's policy lets in roles of its own account alone (kms:CallerAccount)."""
    path = ("environments", deployment.environment.name, "deployers")
    yield from of_another_account(deployment, path, deployment.environment.deployers)
    yield from of_another_account(deployment, deployment.path("kms", "admins"), deployment.endpoint.kms.admins)


@endpoint_rule("key-admins-without-deployers")
def key_admins_without_deployers(deployment: Deployment) -> Iterator[Problem]:
    """KMS refuses a key whose policy its maker could not change again (PutKeyPolicy, lockout safety check)."""
    if deployment.endpoint.kms.admins and not deployment.deployer_arns:
        yield Problem(
            deployment.path("kms", "admins"),
            "shuts out whoever deploys, because nobody is named who does",
            f"add deployers to [environments.{deployment.environment.name}]",
            value=[*deployment.endpoint.kms.admins],
        )


@endpoint_rule("boundary-not-in-account")
def boundary_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """A role's boundary is a policy of its own account or one of AWS's (iam:PutRolePermissionsBoundary)."""
    arn, account_id = deployment.environment.permissions_boundary_arn, deployment.environment.account_id
    if arn and arn.split(":")[4] not in (account_id, "aws"):
        yield Problem(
            ("environments", deployment.environment.name, "permissions_boundary_arn"),
            f"the policy is not of account {account_id}",
            "name a policy of this account",
            value=arn,
        )


@endpoint_rule("protection-relaxed", "warning", strict=False)
def protection_relaxed(deployment: Deployment) -> Iterator[Problem]:
    """Whoever synthesizes sees which protections are off, each time."""
    for name, reason in deployment.endpoint.relax.reasons.items():
        yield Problem(
            deployment.path("relax", name),
            "this protection is switched off",
            "take the line out to switch it on again",
            value=reason,
        )


def _readers(deployment: Deployment) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """Yield the lists of readers, each with its path."""
    yield deployment.path("data_capture", "readers"), deployment.endpoint.data_capture.readers
    if asynchronous := deployment.endpoint.async_inference_config:
        path = deployment.path("async_inference_config", "output_config", "readers")
        yield path, asynchronous.output_config.readers


def of_another_account(deployment: Deployment, path: KeyPath, roles: Iterable[str | None]) -> Iterator[Problem]:
    """Yield the roles, each below the path by its index, that are not of the deployment's account."""
    environment = deployment.environment
    for index, arn in enumerate(roles):
        if arn and arn.split(":")[1::3] != [deployment.names.partition, environment.account_id]:
            yield Problem(
                (*path, index),
                f"the role is not of account {environment.account_id}",
                f"name a role of that account, for one environment under environments.{environment.name}",
                value=arn,
            )


def not_ours_to_change(path: KeyPath, roles: Iterable[str | None]) -> Iterator[Problem]:
    """Yield the roles, each below the path by its index, that AWS lets nobody attach a policy to."""
    for index, arn in enumerate(roles):
        if arn and (":role/aws-service-role/" in arn or ":role/aws-reserved/" in arn):
            yield Problem(
                (*path, index),
                "AWS lets nobody attach a policy to this kind of role",
                "name a role of your own that these callers assume",
                value=arn,
            )


def named_twice(path: KeyPath, got: str) -> Problem:
    """Return the problem of a role or a name that stands in a list before."""
    return Problem(path, "named twice", "take one of the two out", value=got)
