"""Rules about who may invoke."""

from collections.abc import Iterator
from dataclasses import replace

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.account_access import named_twice, not_ours_to_change, of_another_account
from protected_endpoints.rules.helpers import repeated
from protected_endpoints.rules.registry import endpoint_rule

_OF_PRINCIPALS = ("name", "external_id", "principal_org_id")


@endpoint_rule("invoker-not-in-account")
def invoker_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """A policy can be attached to roles of its own account only (iam:AttachRolePolicy)."""
    roles = [each.role_arn for each in deployment.endpoint.invokers]
    for problem in of_another_account(deployment, deployment.path("invokers"), roles):
        yield replace(
            problem,
            path=(*problem.path, "role_arn"),
            suggestion=f"{problem.suggestion}, or name it in the principals of a caller",
        )


@endpoint_rule("invoker-service-role")
def invoker_service_role(deployment: Deployment) -> Iterator[Problem]:
    """IAM refuses to attach a policy to a service-linked role or to one that IAM Identity Center made."""
    roles = [each.role_arn for each in deployment.endpoint.invokers]
    for problem in not_ours_to_change(deployment.path("invokers"), roles):
        yield replace(problem, path=(*problem.path, "role_arn"))


@endpoint_rule("invoker-duplicate")
def invoker_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """A role is attached once, whatever its path and case; what is made for a caller is called after it."""
    invokers = deployment.endpoint.invokers
    for index in repeated(each.invoker_name.lower() if each.role_arn or each.name else None for each in invokers):
        key = "role_arn" if invokers[index].role_arn else "name"
        yield named_twice(
            deployment.path("invokers", index, key), invokers[index].role_arn or invokers[index].invoker_name
        )


@endpoint_rule("invoker-role-or-principals")
def invoker_role_or_principals(deployment: Deployment) -> Iterator[Problem]:
    """A policy is attached to a role that is there, or a role is made for principals; one table says which."""
    for index, each in enumerate(deployment.endpoint.invokers):
        if bool(each.role_arn) == bool(each.principals):
            yield Problem(
                deployment.path("invokers", index),
                "names both role_arn and principals" if each.role_arn else "names nobody",
                "write role_arn for a role of this account, or principals for others",
            )
        elif each.principals and not each.name:
            yield Problem(
                deployment.path("invokers", index, "name"),
                "required for the role that is made for principals, and missing",
                'add name = "partner", for example',
            )


@endpoint_rule("trust-condition-without-principals")
def trust_condition_without_principals(deployment: Deployment) -> Iterator[Problem]:
    """External id, organization and name belong to the made role's trust policy; here they would do nothing."""
    for index, each in enumerate(deployment.endpoint.invokers):
        if each.principals or not each.role_arn:
            continue
        for key in _OF_PRINCIPALS:
            if getattr(each, key) is not None:
                yield Problem(
                    deployment.path("invokers", index, key),
                    "has no effect on role_arn, whose own trust policy says who assumes it",
                    "leave it out, or name principals instead of role_arn",
                    value=getattr(each, key),
                )


@endpoint_rule("mfa-on-role")
def mfa_on_role(deployment: Deployment) -> Iterator[Problem]:
    """What AssumeRole returns does not tell of a second factor (IAM user guide, MFA-protected API access)."""
    for index, each in enumerate(deployment.endpoint.invokers):
        if each.require_mfa and (each.role_arn or any(":role/" in arn for arn in each.principals)):
            yield Problem(
                deployment.path("invokers", index, "require_mfa"),
                "cannot be asked of a role: its credentials do not say how its user signed in",
                "ask for it where that role is assumed, or name users or whole accounts in principals",
                value=True,
            )


@endpoint_rule("cross-account-confused-deputy")
def cross_account_confused_deputy(deployment: Deployment) -> Iterator[Problem]:
    """Another account may act for others (the confused deputy), and an account id alone is easily mistyped."""
    account_id = deployment.environment.account_id
    for index, each in enumerate(deployment.endpoint.invokers):
        for place, arn in enumerate(() if each.external_id or each.principal_org_id else each.principals):
            if arn.split(":")[4] != account_id:
                yield Problem(
                    deployment.path("invokers", index, "principals", place),
                    f"not of account {account_id}, with neither external_id nor principal_org_id",
                    "add one of the two beside it, so that only who is meant can assume the role",
                    value=arn,
                )


@endpoint_rule("principal-wrong-partition")
def principal_wrong_partition(deployment: Deployment) -> Iterator[Problem]:
    """IAM knows nobody of another partition, such as AWS in China."""
    partition = deployment.names.partition
    for index, each in enumerate(deployment.endpoint.invokers):
        for place, arn in enumerate(each.principals):
            if arn.split(":")[1] != partition:
                yield Problem(
                    deployment.path("invokers", index, "principals", place),
                    f"not of partition {partition}",
                    "name a principal of that partition",
                    value=arn,
                )


@endpoint_rule("target-models-unused", "warning")
def target_models_unused(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker refuses a request that names a model where there is one, and IAM one that names none here."""
    if deployment.endpoint.is_multi_model:
        return
    for index, each in enumerate(deployment.endpoint.invokers):
        if each.target_models:
            yield Problem(
                deployment.path("invokers", index, "target_models"),
                "lets the caller in only when it names a model, and no container in mode MultiModel knows any by name",
                'leave it out, or serve several models with mode = "MultiModel"',
                value=[*each.target_models],
            )
