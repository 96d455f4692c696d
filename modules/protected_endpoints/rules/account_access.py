"""Rules about readers, deployers, key administrators and relaxations."""

from collections.abc import Iterator

from protected_endpoints.aws.arn import Arn
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import (
    duplicates,
    environment_path,
    indexed,
    not_attachable,
    not_in_account,
    role_identity,
    roles_not_in_account,
)
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("reader-not-in-account")
def reader_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """Bucket policies deny other accounts, and a read policy can be attached only to roles of its own account."""
    for path, readers in _reader_lists(deployment):
        for role_path, role in indexed(path, readers):
            yield from not_in_account(deployment, role_path, role, "role")


@endpoint_rule("reader-service-role")
def reader_service_role(deployment: Deployment) -> Iterator[Problem]:
    """IAM does not allow attaching policies to service-linked roles and to roles of IAM Identity Center."""
    for path, readers in _reader_lists(deployment):
        for role_path, role in indexed(path, readers):
            yield from not_attachable(role_path, role)


@endpoint_rule("reader-duplicate")
def reader_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """A read policy is attached once to a role, and IAM compares role names without path and case."""
    for path, readers in _reader_lists(deployment):
        yield from duplicates(indexed(path, readers), identity=role_identity)


@endpoint_rule("deployer-not-in-account")
def deployer_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """The key policy allows only roles of its own account (kms:CallerAccount)."""
    path = environment_path(deployment.environment, "deployers")
    yield from roles_not_in_account(deployment, path, deployment.environment.deployers)
    yield from roles_not_in_account(deployment, deployment.path("kms", "admins"), deployment.endpoint.kms.admins)


@endpoint_rule("key-admins-without-deployers")
def key_admins_without_deployers(deployment: Deployment) -> Iterator[Problem]:
    """KMS rejects a key policy that its creator could not change later (PutKeyPolicy, lockout safety check)."""
    if deployment.endpoint.kms.admins and not deployment.deployer_arns:
        yield Problem(
            deployment.path("kms", "admins"),
            "would lock out the deployer: no deployers are configured",
            f"add deployers to [environments.{deployment.environment.name}]",
            value=[*deployment.endpoint.kms.admins],
        )


@endpoint_rule("boundary-not-in-account")
def boundary_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """A permissions boundary is a policy of the role's account or of AWS (iam:PutRolePermissionsBoundary)."""
    arn, account_id = deployment.environment.permissions_boundary_arn, deployment.environment.account_id
    if arn and Arn.parse(arn).account_id not in (account_id, "aws"):
        yield Problem(
            environment_path(deployment.environment, "permissions_boundary_arn"),
            f"the policy is not in account {account_id}",
            "use a policy in that account",
            value=arn,
        )


@endpoint_rule("protection-relaxed", "warning", strict=False)
def protection_relaxed(deployment: Deployment) -> Iterator[Problem]:
    """Every synthesis reports the relaxed protections with their reasons."""
    for name, reason in deployment.endpoint.relax.reasons.items():
        yield Problem(
            deployment.path("relax", *name.split(".")),
            "this protection is relaxed",
            "remove the key to restore the protection",
            value=reason,
        )


def _reader_lists(deployment: Deployment) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """Yield the readers of captured data, of asynchronous output and of the trail, each list with its key path."""
    yield deployment.path("data_capture", "readers"), deployment.endpoint.data_capture.readers
    if settings := deployment.endpoint.async_inference_config:
        path = deployment.path("async_inference_config", "output_config", "readers")
        yield path, settings.output_config.readers
    yield environment_path(deployment.environment, "audit", "readers"), deployment.environment.audit.readers
