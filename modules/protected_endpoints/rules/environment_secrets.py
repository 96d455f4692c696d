"""Rules about secrets in environment variables, and about variables that name a secret."""

from collections.abc import Iterator

from protected_endpoints.aws.arn import resource_includes
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.secret_reference import SecretReference, secret_reference
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.registry import endpoint_rule
from protected_endpoints.secret_scan import looks_secret

_RELAX = "relax.secret_like_environment"


@endpoint_rule("environment-secret")
def environment_secret(deployment: Deployment) -> Iterator[Problem]:
    """Plan, state and DescribeModel show environment variables in plaintext (rule 22).

    The message never shows the value.
    """
    for path, name, value in _variables(deployment):
        if name not in deployment.endpoint.relax.secret_like_environment and looks_secret(name, value):
            yield Problem(
                path,
                "looks like a secret, and plan and state contain environment variables in plaintext",
                "store it in AWS Secrets Manager and read it in the invoker, or in the container, which requires "
                "relax.network_isolation and a permission for secretsmanager:GetSecretValue; if it is no secret, give "
                f"a reason in {_RELAX}.{name}",
            )


@endpoint_rule("environment-secret-unreadable")
def environment_secret_unreadable(deployment: Deployment) -> Iterator[Problem]:
    """A container reads a secret or a parameter as the execution role (GetSecretValue; GetParameter)."""
    endpoint = deployment.endpoint
    is_isolated = endpoint.network_isolation_enabled
    for path, name, reference in _references(deployment):
        is_permitted = _is_permitted(deployment, reference)
        if name in endpoint.relax.secret_like_environment or (is_permitted and not is_isolated):
            continue
        problem = (
            "but an isolated container has neither network access nor credentials"
            if is_isolated
            else "which the execution role may not read"
        )
        steps = [
            *(["read it in the invoker, or give a reason in relax.network_isolation"] if is_isolated else []),
            *([] if is_permitted else [_add_permission(deployment, reference)]),
        ]
        via = deployment.names.kms_via_service(reference.service)
        yield Problem(
            path,
            f"names a {reference.noun}, {problem}",
            f"{' and '.join(steps)}; with a customer managed key, also allow kms:Decrypt on the key, with "
            f'conditions.StringEquals = {{ "kms:ViaService" = ["{via}"] }}; if the container does not read it, give a '
            f"reason in {_RELAX}.{name}",
        )


@endpoint_rule("relax-secret-like-environment-unused")
def relax_secret_like_environment_unused(deployment: Deployment) -> Iterator[Problem]:
    """A relaxation without effect misleads those who review the configuration."""
    variables = {name: value for _, name, value in _variables(deployment)}
    relevant = {name for _, name, value in _variables(deployment) if looks_secret(name, value)}
    relevant |= {name for _, name, _ in _references(deployment)}
    for name, reason in deployment.endpoint.relax.secret_like_environment.items():
        if name not in relevant:
            yield Problem(
                deployment.path("relax", "secret_like_environment", name),
                "has no effect, because no container has this variable"
                if name not in variables
                else "has no effect, because the variable does not look like a secret",
                "remove it",
                value=reason,
            )


def _variables(deployment: Deployment) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the environment variables of all containers: key path, name and value."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        for name, value in container.environment.items():
            yield deployment.path(*keys, "environment", name), name, value


def _references(deployment: Deployment) -> Iterator[tuple[KeyPath, str, SecretReference]]:
    """Yield the variables that name a secret or a parameter; not those that look like a secret themselves."""
    for path, name, value in _variables(deployment):
        reference = secret_reference(deployment.names, name, value)
        if reference and not looks_secret(name, value):
            yield path, name, reference


def _is_permitted(deployment: Deployment, reference: SecretReference) -> bool:
    """Return whether `permissions` allow to read a secret or parameter."""
    actions = {name.lower() for name in reference.actions}
    return any(
        action.lower() in actions and _covers(resource, reference.arn)
        for permission in deployment.endpoint.permissions
        for action in permission.actions
        for resource in permission.resources
    )


def _covers(resource: str, arn: str) -> bool:
    """Return whether a resource of a policy is an ARN whose random characters are unknown, or includes it."""
    return resource_includes(resource, arn) or resource_includes(arn, resource)


def _add_permission(deployment: Deployment, reference: SecretReference) -> str:
    """Return the TOML that grants the permission."""
    reason = f"the container reads this {reference.noun}"
    text = f'{{ actions = ["{reference.actions[0]}"], resources = ["{reference.arn}"], reason = "{reason}" }}'
    if deployment.endpoint.permissions:
        return f"add {text} to permissions"
    return f"add permissions = [{text}]"
