"""Rules about what deployers can reach: other environments, their own roles, and the permissions boundary."""

from collections.abc import Iterator, Sequence
from itertools import permutations

from protected_endpoints.deployment import Deployment, StateDeployment, by_environment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.policies import packing
from protected_endpoints.policies.operators.environment_boundary import environment_boundary
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.rules.helpers import environment_path, indexed, role_identity
from protected_endpoints.rules.registry import cross_environment_rule, endpoint_rule, state_rule


@endpoint_rule("deployer-with-access")
def deployer_with_access(deployment: Deployment) -> Iterator[Problem]:
    """A deployer writes the policies of invokers and readers, so it could attach every permission to its own role."""
    if not deployment.environment_boundary_arn:
        return
    deployers = {role_identity(arn) for arn in deployment.deployer_arns}
    for path, suggestion, arn in _existing_roles(deployment):
        if role_identity(arn) in deployers:
            yield Problem(
                path,
                f"the role is a deployer of environment {deployment.environment.name}, which may not extend itself",
                suggestion,
                value=arn,
            )


def _existing_roles(deployment: Deployment) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the existing roles of invokers and readers, with their key paths and what to use instead of a deployer.

    A role that the deployer can assume is no alternative: it has the policies that the deployer writes as well.
    """
    other_role = "use a role that deployers cannot assume"
    for index, invoker in enumerate(deployment.endpoint.invokers):
        if arn := invoker.role_arn:
            managed = f'a managed role within the boundary: {{ name = "deployer", principals = ["{arn}"] }}'
            yield deployment.path("invokers", index), f"{other_role}, or {managed}", arn
    for output in deployment.readable_outputs:
        for path, arn in indexed(deployment.path(*output.readers_path), output.readers):
            yield path, other_role, arn
    audit_readers = environment_path(deployment.environment, "audit", "readers")
    for path, arn in indexed(audit_readers, deployment.environment.audit.readers):
        yield path, other_role, arn


@state_rule("environment-boundary-size")
def environment_boundary_size(state: StateDeployment) -> Iterator[Problem]:
    """A managed policy has at most 6,144 characters, and a role has one permissions boundary (CreatePolicy)."""
    if state.environment.permissions_boundary_arn:
        return
    length = packing.size(environment_boundary(EnvironmentScope(state.deployments)))
    if length > packing.MAX_POLICY_SIZE:
        yield Problem(
            environment_path(state.environment),
            f"the permissions boundary, which lists buckets, topics and permissions, would have {length} characters, "
            f"but IAM accepts {packing.MAX_POLICY_SIZE}",
            "use fewer buckets and permissions, split the endpoints into several environments, or set "
            "permissions_boundary_arn to a policy that administrators maintain",
        )


@cross_environment_rule("environment-name-overlap")
def environment_name_overlap(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """Policies of deployers identify resources and states by the prefix of their names, which includes longer names."""
    environments = [members[0] for members in by_environment(deployments).values()]
    for shorter, longer in permutations(environments, 2):
        if longer.names.prefix.startswith(f"{shorter.names.prefix}-") and _share_names(shorter, longer):
            name, suffix = shorter.environment.name, longer.names.prefix.removeprefix(f"{shorter.names.prefix}-")
            yield Problem(
                environment_path(longer.environment),
                f'the permissions of environment {name} for "{shorter.names.prefix}-*" include every name of this one',
                f"rename it, for example to {suffix}-{name}, or use an account and a state bucket of its own",
            )


def _share_names(one: Deployment, other: Deployment) -> bool:
    """Return whether the environments are in the same account, or have their states in the same bucket."""
    buckets = [deployment.environment.state.bucket for deployment in (one, other) if deployment.environment.state]
    has_same_bucket = len(buckets) == 2 and len({*buckets}) == 1
    return has_same_bucket or one.environment.account_id == other.environment.account_id
