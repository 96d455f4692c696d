"""Rules about who is let in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.problems import Path, Problem

if TYPE_CHECKING:
    from modules.config import Deployment


def invokers_are_roles_of_the_account(deployment: Deployment) -> Iterator[Problem]:
    """A policy can be attached to roles of its own account only (iam:AttachRolePolicy)."""
    yield from _of_another_account(deployment, deployment.path("invokers"), deployment.endpoint.invokers)


def invokers_can_take_a_policy(deployment: Deployment) -> Iterator[Problem]:
    """IAM refuses to attach a policy to a service-linked role or to one that IAM Identity Center made."""
    yield from _not_ours_to_change(deployment.path("invokers"), deployment.endpoint.invokers)


def readers_are_roles_of_the_account(deployment: Deployment) -> Iterator[Problem]:
    """The bucket refuses every other account, and the readers' policy is attached like the invokers'."""
    path, readers = deployment.path("data_capture", "readers"), deployment.endpoint.data_capture.readers
    yield from _of_another_account(deployment, path, readers)
    yield from _not_ours_to_change(path, readers)


def roles_are_named_once(deployment: Deployment) -> Iterator[Problem]:
    """A role's name is unique in its account, whatever its path, and each is attached once."""
    lists = {
        deployment.path("invokers"): deployment.endpoint.invokers,
        deployment.path("data_capture", "readers"): deployment.endpoint.data_capture.readers,
    }
    for path, roles in lists.items():
        names = [arn.rsplit("/", 1)[1] for arn in roles]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield Problem((*path, index), "the role is named twice", "take one of the two out", got=roles[index])


def boundary_is_of_the_account(deployment: Deployment) -> Iterator[Problem]:
    """A role's boundary is a policy of its own account or one of AWS's (iam:PutRolePermissionsBoundary)."""
    arn, account_id = deployment.environment.permissions_boundary_arn, deployment.environment.account_id
    if arn and arn.split(":")[4] not in (account_id, "aws"):
        yield Problem(
            ("environments", deployment.environment.name, "permissions_boundary_arn"),
            f"the policy is not of account {account_id}",
            "name a policy of this account",
            got=arn,
        )


def relaxed_protections_are_shown(deployment: Deployment) -> Iterator[Problem]:
    """Whoever synthesizes sees which protections are off, each time."""
    for name, reason in deployment.endpoint.relax.reasons.items():
        yield Problem(
            deployment.path("relax", name),
            "this protection is switched off",
            "take the line out to switch it on again",
            got=reason,
        )


def _of_another_account(deployment: Deployment, path: Path, roles: tuple[str, ...]) -> Iterator[Problem]:
    environment = deployment.environment
    for index, arn in enumerate(roles):
        if arn.split(":")[1::3] != [deployment.names.partition, environment.account_id]:
            yield Problem(
                (*path, index),
                f"the role is not of account {environment.account_id} of environment {environment.name}",
                f"name a role of that account, for one environment under environments.{environment.name}",
                got=arn,
            )


def _not_ours_to_change(path: Path, roles: tuple[str, ...]) -> Iterator[Problem]:
    for index, arn in enumerate(roles):
        if ":role/aws-service-role/" in arn or ":role/aws-reserved/" in arn:
            yield Problem(
                (*path, index),
                "AWS lets nobody attach a policy to this kind of role",
                "name a role of your own that these callers assume",
                got=arn,
            )
