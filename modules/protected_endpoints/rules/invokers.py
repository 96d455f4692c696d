"""Rules about the principals that may invoke an endpoint."""

from collections.abc import Iterator
from dataclasses import replace

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config.invoker import Invoker
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import (
    REMOVE_ONE,
    duplicates,
    not_attachable,
    not_in_account,
    override_table,
    role_identity,
)
from protected_endpoints.rules.registry import endpoint_rule

_TRUST_KEYS = ("name", "external_id", "principal_org_id")


@endpoint_rule("invoker-not-in-account")
def invoker_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """A policy can be attached only to roles of its own account (iam:AttachRolePolicy)."""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        path = deployment.path("invokers", index, "role_arn")
        for problem in not_in_account(deployment, path, invoker.role_arn, "role"):
            is_foreign = Arn.parse(str(invoker.role_arn)).account_id != deployment.environment.account_id
            suggestion = (
                f"use a role in that account, set one for this environment in {override_table(deployment)}, or list it "
                "in the principals of an invoker"
            )
            yield replace(problem, suggestion=suggestion) if is_foreign else problem


@endpoint_rule("invoker-service-role")
def invoker_service_role(deployment: Deployment) -> Iterator[Problem]:
    """IAM does not allow attaching policies to service-linked roles and to roles of IAM Identity Center."""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        if invoker.role_arn:
            yield from not_attachable(deployment.path("invokers", index, "role_arn"), invoker.role_arn)


@endpoint_rule("invoker-duplicate")
def invoker_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """Resources of an invoker are named after its role or its name, which IAM compares without path and case."""
    names = []
    for index, invoker in enumerate(deployment.endpoint.invokers):
        if invoker.role_arn:
            names.append((deployment.path("invokers", index, "role_arn"), invoker.role_arn))
        elif invoker.name:
            names.append((deployment.path("invokers", index, "name"), invoker.name))
    yield from duplicates(names, "remove it, or merge it into the other entry", identity=role_identity)


@endpoint_rule("invoker-role-or-principals")
def invoker_role_or_principals(deployment: Deployment) -> Iterator[Problem]:
    """An invoker is either an existing role of the account or a managed role that principals assume."""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        path = deployment.path("invokers", index)
        if invoker.role_arn and invoker.principals:
            yield Problem(path, "role_arn conflicts with principals", REMOVE_ONE)
        elif not invoker.role_arn and not invoker.principals:
            yield Problem(
                path,
                "requires role_arn or principals",
                "set role_arn to a role in this account, or principals to the identities that assume a managed role",
            )
        elif invoker.principals and not invoker.name:
            yield Problem((*path, "name"), "required with principals", 'for example, add name = "partner"')


@endpoint_rule("trust-condition-without-principals")
def trust_condition_without_principals(deployment: Deployment) -> Iterator[Problem]:
    """Name, external ID and organization are part of the managed role's trust policy, not of an existing role's."""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        if invoker.principals or not invoker.role_arn:
            continue
        for key in _TRUST_KEYS:
            if (value := getattr(invoker, key)) is not None:
                yield Problem(
                    deployment.path("invokers", index, key),
                    "has no effect with role_arn: an existing role keeps its trust policy",
                    "remove it, or set principals instead of role_arn",
                    value=value,
                )


@endpoint_rule("mfa-on-role")
def mfa_on_role(deployment: Deployment) -> Iterator[Problem]:
    """Credentials from AssumeRole contain no MFA information (IAM user guide, MFA-protected API access)."""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        roles = (arn for arn in invoker.principals if Arn.parse(arn).resource.startswith("role/"))
        if invoker.require_mfa and (invoker.role_arn or any(roles)):
            yield Problem(
                deployment.path("invokers", index, "require_mfa"),
                "cannot be required of a role: role credentials contain no MFA information",
                "require MFA in the trust policy of that role, or list users or whole accounts in principals",
                value=True,
            )


@endpoint_rule("cross-account-confused-deputy")
def cross_account_confused_deputy(deployment: Deployment) -> Iterator[Problem]:
    """Another account may act on behalf of third parties (IAM user guide, the confused deputy problem)."""
    account_id = deployment.environment.account_id
    for path, invoker, arn in _principals(deployment):
        has_condition = invoker.external_id or invoker.principal_org_id
        if Arn.parse(arn).account_id != account_id and not has_condition:
            yield Problem(
                path,
                f"a principal outside account {account_id} requires external_id or principal_org_id",
                "set one of them, so that only the intended identities can assume the role",
                value=arn,
            )


@endpoint_rule("principal-wrong-partition")
def principal_wrong_partition(deployment: Deployment) -> Iterator[Problem]:
    """IAM does not accept principals of another partition, such as AWS in China."""
    partition = deployment.names.partition
    for path, _, arn in _principals(deployment):
        if Arn.parse(arn).partition != partition:
            yield Problem(
                path, f"the principal is not in partition {partition}", "use a principal in that partition", value=arn
            )


@endpoint_rule("target-models-unused", "warning")
def target_models_unused(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker rejects a target model without mode MultiModel, and IAM rejects a request without the target model."""
    if deployment.endpoint.is_multi_model:
        return
    for index, invoker in enumerate(deployment.endpoint.invokers):
        if invoker.target_models:
            yield Problem(
                deployment.path("invokers", index, "target_models"),
                "denies every request, because no container has mode MultiModel",
                'remove it, or set mode = "MultiModel" in a container',
                value=[*invoker.target_models],
            )


def _principals(deployment: Deployment) -> Iterator[tuple[KeyPath, Invoker, str]]:
    """Yield each principal with its key path and its invoker."""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        for position, arn in enumerate(invoker.principals):
            yield deployment.path("invokers", index, "principals", position), invoker, arn
