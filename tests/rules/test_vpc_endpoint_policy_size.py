"""The policy of a VPC endpoint names every endpoint of its environment, and AWS limits its size."""

from collections.abc import Callable, Sequence

import pytest
from cdktf import App

from protected_endpoints.deployment import Deployment, NetworkDeployment
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.policies import Document, to_json
from protected_endpoints.policies import vpc_endpoints as policies
from protected_endpoints.rules.network import vpc_endpoint_policy_size
from protected_endpoints.stacks.network import NetworkStack
from tests.loading.support import load_parsed, messages_of
from tests.rules.network import fleet

_FIX = "split the endpoints into several environments, each with its own VPC"


def _network(count: int) -> NetworkDeployment:
    (network,) = load_parsed(fleet(count)).networks
    return network


@pytest.mark.parametrize(
    ("service", "document"), [("runtime API", policies.runtime_policy), ("S3", policies.s3_policy)]
)
def test_a_policy_of_the_maximum_size_is_valid_and_a_longer_one_is_not(
    monkeypatch: pytest.MonkeyPatch, service: str, document: Callable[[Sequence[Deployment]], Document]
) -> None:
    network = _network(3)
    size = len(to_json(document(network.deployments)))
    monkeypatch.setattr(policies, "MAX_VPC_ENDPOINT_POLICY_SIZE", size)
    assert not [problem for problem in vpc_endpoint_policy_size.findings(network) if service in problem.message]
    monkeypatch.setattr(policies, "MAX_VPC_ENDPOINT_POLICY_SIZE", size - 1)
    (problem,) = [problem for problem in vpc_endpoint_policy_size.findings(network) if service in problem.message]
    assert str(problem) == (
        f"environments.dev.network: the {service} endpoint policy would have {size} characters for 3 endpoints, "
        f"but AWS accepts {size - 1}; {_FIX} [vpc-endpoint-policy-size]"
    )


def test_fifty_endpoints_fit_and_two_hundred_are_one_message() -> None:
    assert policies.MAX_VPC_ENDPOINT_POLICY_SIZE == 20480
    assert len(_network(50).deployments) == 50
    (message,) = messages_of(fleet(200))
    assert message.startswith("environments.dev.network: the S3 endpoint policy would have ")
    assert message.endswith(f" characters for 200 endpoints, but AWS accepts 20480; {_FIX} [vpc-endpoint-policy-size]")


def test_a_policy_that_is_too_long_is_an_error_of_the_construct_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    network = _network(2)
    monkeypatch.setattr(policies, "MAX_VPC_ENDPOINT_POLICY_SIZE", 10)
    with pytest.raises(ConfigurationError) as raised:
        NetworkStack(App(outdir="/nowhere"), "dev-network", deployment=network)
    assert [problem.path for problem in raised.value.problems] == [("environments", "dev", "network")] * 2


def test_an_environment_with_existing_vpc_endpoints_has_no_network_stack() -> None:
    file = fleet(2)
    file["environments"]["dev"]["network"] |= {"private_endpoints": False, "route_table_ids": []}
    assert load_parsed(file).networks == ()
