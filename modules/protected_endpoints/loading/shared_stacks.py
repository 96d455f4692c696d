"""The stacks that the endpoints of an environment share, and names that two stacks have in common."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from protected_endpoints.config import Environment
from protected_endpoints.deployment import (
    AuditDeployment,
    Deployment,
    NetworkDeployment,
    OperationsDeployment,
    SharedDeployment,
    StateDeployment,
    by_environment,
)
from protected_endpoints.errors import Problem


def network_deployments(deployments: Iterable[Deployment]) -> tuple[NetworkDeployment, ...]:
    """Return the network stack of each environment that has private endpoints."""
    return tuple(
        NetworkDeployment(members[0].project, members[0].environment, network, members)
        for members in by_environment(deployments).values()
        if (network := members[0].environment.network) and network.private_endpoints
    )


def operations_deployments(deployments: Iterable[Deployment]) -> tuple[OperationsDeployment, ...]:
    """Return the operations stack of each environment that has a managed topic of alarms or a dashboard."""
    return tuple(
        OperationsDeployment(members[0].project, members[0].environment, members)
        for members in by_environment(deployments).values()
        if members[0].environment.has_operations_stack
    )


def state_deployments(deployments: Iterable[Deployment]) -> tuple[StateDeployment, ...]:
    """Return the state stack of each environment that has one."""
    return tuple(
        StateDeployment(members[0].project, members[0].environment, members)
        for members in by_environment(deployments).values()
        if members[0].environment.has_state_stack
    )


def audit_deployments(deployments: Iterable[Deployment]) -> tuple[AuditDeployment, ...]:
    """Return the audit stack of each environment that has a trail."""
    return tuple(
        AuditDeployment(members[0].project, members[0].environment, members)
        for members in by_environment(deployments).values()
        if members[0].environment.audit.create_trail
    )


def audits_without_endpoints(
    environments: Iterable[Environment], deployments: Iterable[Deployment]
) -> Iterator[Problem]:
    """Yield the environments with a trail and without endpoints, which have no stack."""
    with_endpoints = by_environment(deployments).keys()
    for environment in environments:
        if environment.audit.create_trail and environment.name not in with_endpoints:
            yield Problem(
                ("environments", environment.name, "audit", "create_trail"),
                "has no effect: no endpoint is deployed in this environment",
                "remove it, or add an endpoint",
                value=True,
                rule="audit-without-endpoints",
            )


def stack_name_conflicts(deployments: Sequence[Deployment], shared: Iterable[SharedDeployment]) -> Iterator[Problem]:
    """Yield the endpoints whose stack, `<environment>-<endpoint>`, has the name of another stack.

    The names of network and state stacks are reserved, also where an environment has none.
    """
    counts = Counter(deployment.names.stack for deployment in deployments)
    reserved = {
        name for deployment in deployments for name in (deployment.names.network_stack, deployment.names.state_stack)
    }
    counts.update(reserved | {deployment.stack for deployment in shared})
    for deployment in deployments:
        if counts[deployment.names.stack] > 1:
            yield Problem(
                deployment.path(),
                f"the stack in environment {deployment.environment.name} has the name of another stack",
                "rename the endpoint or the environment",
                value=deployment.names.stack,
                rule="stack-name-conflict",
            )
