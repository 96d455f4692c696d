"""Every stack checks the rules, also for deployments that are composed in Python."""

import pytest
from cdktf import App

from protected_endpoints.deployment import Deployment, NetworkDeployment, StateDeployment
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.stacks.endpoint import EndpointStack
from protected_endpoints.stacks.network import NetworkStack
from protected_endpoints.stacks.state import StateStack
from tests.examples import ACCOUNT
from tests.support import NETWORK, Json, deployment

_GITHUB_ACTIONS: Json = {
    "state": {"bucket": "acme-tfstate-dev"},
    "github_actions": {"repository": "acme/endpoints"},
    "deployers": [f"arn:aws:iam::{ACCOUNT}:role/platform"],
}


@pytest.fixture
def app() -> App:
    return App(outdir="/nowhere")


def _members(count: int, environment: Json) -> tuple[Deployment, ...]:
    """Return the deployments of an environment, with their own invokers and keys so that policies grow with them."""
    key = "arn:aws:kms:us-west-2:111122223333:key/{:08}-12ab-34cd-56ef-1234567890ab"
    return tuple(
        deployment(
            in_environment=environment,
            name=f"endpoint-{number}",
            invokers=[f"arn:aws:iam::{ACCOUNT}:role/service-{number}"],
            kms={"key_arn": key.format(number)},
        )
        for number in range(count)
    )


def _network(count: int) -> NetworkDeployment:
    members = _members(count, {"network": NETWORK})
    project, environment = members[0].project, members[0].environment
    assert environment.network
    return NetworkDeployment(project, environment, environment.network, members)


def _state(count: int) -> StateDeployment:
    members = _members(count, _GITHUB_ACTIONS)
    return StateDeployment(members[0].project, members[0].environment, members)


def test_an_endpoint_stack_checks_the_rules(app: App) -> None:
    invalid = deployment(name="a-name-that-is-too-long-in-all")
    with pytest.raises(ConfigurationError, match=r"^endpoints\.a-name-.* \[name-too-long\]"):
        EndpointStack(app, "dev-kmeans", deployment=invalid)
    assert app.node.children == []


def test_a_network_stack_checks_the_rules(app: App) -> None:
    NetworkStack(app, "small-network", deployment=_network(2))
    with pytest.raises(ConfigurationError, match=r"^environments\.dev\.network: .* \[vpc-endpoint-policy-size\]"):
        NetworkStack(app, "large-network", deployment=_network(200))
    assert [stack.node.id for stack in app.node.children] == ["small-network"]


def test_a_state_stack_checks_the_rules(app: App) -> None:
    StateStack(app, "small-state", deployment=_state(2))
    with pytest.raises(ConfigurationError, match=r"\.dev\.github_actions: .* \[github-role-policy-count\]"):
        StateStack(app, "large-state", deployment=_state(500))
    assert [stack.node.id for stack in app.node.children] == ["small-state"]
