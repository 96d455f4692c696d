"""Rules about environment variables that name a resource: of AWS, or by a reference of Terraform or CloudFormation."""

import re
from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.resource_reference import ResourceReference, resource_reference
from protected_endpoints.errors import UNSET, Problem
from protected_endpoints.rules.registry import endpoint_rule
from protected_endpoints.secret_scan import looks_secret

# `${var.name}`, `${aws_s3_bucket.models.id}` and `${AWS::Region}`; not `${HOME}`, which a shell may read.
_REFERENCE = re.compile(r"\$\{(?:(?:var|local|data|module|each|count|self|aws_\w+)\.|AWS::)[^}]*\}")
_ACKNOWLEDGE = "or give a reason in acknowledge.environment-names-resource if the container does not call it"


@endpoint_rule("environment-names-resource", "warning")
def environment_names_resource(deployment: Deployment) -> Iterator[Problem]:
    """A container calls AWS with the execution role, which an isolated container does not get (rule 30)."""
    is_isolated = deployment.endpoint.network_isolation_enabled
    for keys, container in deployment.endpoint.iter_containers_with_path():
        for variable, value in container.environment.items():
            reference = resource_reference(variable, value)
            if reference and (is_isolated or not _is_permitted(deployment, reference)):
                permission = f"add the actions of {reference.service} that the container calls to permissions"
                relax = "set relax.network_isolation to the reason why the container may open connections and "
                yield Problem(
                    deployment.path(*keys, "environment", variable),
                    f"names {reference.noun}, but an isolated container has neither network access nor credentials"
                    if is_isolated
                    else f"names {reference.noun}, but the execution role has no permission for it",
                    f"{relax if is_isolated else ''}{permission}, {_ACKNOWLEDGE}",
                    value=UNSET if looks_secret(variable, value) else value,
                )


@endpoint_rule("environment-reference", "warning")
def environment_reference(deployment: Deployment) -> Iterator[Problem]:
    """A configuration has no references, and its values are escaped, so that Terraform evaluates none (Terraform)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        for variable, value in container.environment.items():
            if match := _REFERENCE.search(value):
                yield Problem(
                    deployment.path(*keys, "environment", variable),
                    "contains a reference, which is not evaluated: the container gets this text",
                    f"write the value of {match[0]} instead",
                    value=UNSET if looks_secret(variable, value) else value,
                )


def _is_permitted(deployment: Deployment, reference: ResourceReference) -> bool:
    """Return whether `permissions` allow any action of the service, or an existing role may, which is not known.

    Which actions the container calls is not known either.
    """
    prefix = f"{reference.service}:"
    return deployment.endpoint.execution_role_arn is not None or any(
        action.lower().startswith(prefix)
        for permission in deployment.endpoint.permissions
        for action in permission.actions
    )
