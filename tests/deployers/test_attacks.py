"""What the printed policies refuse, whoever got hold of them, in an offline simulator of IAM."""

from collections.abc import Iterator
from typing import Any

import pytest

from protected_endpoints.deployment import Deployment
from protected_endpoints.policies import Document
from protected_endpoints.policies.kms_key import key
from protected_endpoints.policies.operators.deployer import deployer
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner
from protected_endpoints.policies.packing import MAX_POLICY_SIZE, pack, size
from tests.attacks.simulator import Request, Simulator
from tests.deployers.cases import BOUNDARY, CASES, GIVEN_KEY, SUBNETS, Case
from tests.support import deployment

_ADMINISTRATOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_DEPLOYER = "arn:aws:iam::111122223333:role/acme-deploys"
_STATE = {"state": {"bucket": "acme-tfstate"}}
_NETWORK = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": SUBNETS, "route_table_ids": ["rtb-0a1b2c3d4e5f60718"]}
_REASON = "it is what the case is about"
WORLDS: dict[str, dict[str, Any]] = {
    "plain": {"in_environment": _STATE},
    "network": {"in_environment": {**_STATE, "network": _NETWORK}},
    "bounded": {"in_environment": {"permissions_boundary_arn": BOUNDARY}},
    "relaxed": {"relax": {"network_isolation": _REASON}},
    "serverless": {
        "in_environment": {"network": _NETWORK},
        "relax": {"network_isolation": _REASON},
        "instance_type": None,
        "initial_instance_count": None,
        "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5},
    },
    "packages": {
        "image": None,
        "model_data_url": None,
        "model_package_name": "arn:aws:sagemaker:us-west-2:111122223333:model-package/fraud/7",
    },
    "watched": {
        "deployment_config": {
            "blue_green_update_policy": {
                "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 300}
            },
            "auto_rollback_configuration": {"alarms": [{"alarm_name": "kmeans-5xx"}]},
        }
    },
    "callers": {
        "invokers": [
            {
                "name": "partner",
                "principals": ["arn:aws:iam::444455556666:role/gateway"],
                "external_id": "acme-7f3a",
            }
        ]
    },
    "given": {"kms": {"key_arn": GIVEN_KEY}},
    "retired": {"relax": {"prevent_destroy": _REASON}},
}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, case: Case) -> None:
    also = [_ADMINISTRATOR] if case.who == "administrator" else []
    request = Request(
        principal=_DEPLOYER,
        action=case.action,
        resource=case.resource,
        account=_account(case.resource),
        context={"aws:SecureTransport": "true", **case.context},
        identity=[*_policies(case.world), *also],
        resource_policy=_key_policy(case.world) if ":key/" in case.resource else None,
    )
    assert simulator.allows(request) is case.allowed


def test_there_are_cases_of_both_kinds_and_each_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 100
    assert sum(case.allowed for case in CASES) > 20


@pytest.mark.parametrize("world", WORLDS)
def test_every_policy_is_as_short_as_iam_demands(world: str) -> None:
    assert all(size(each) <= MAX_POLICY_SIZE for each in _policies(world))


def test_a_long_list_of_callers_is_cut_and_loses_nobody() -> None:
    roles = [
        f"arn:aws:iam::111122223333:role/callers-of-a-large-company/caller-number-{number}" for number in range(150)
    ]
    statements = deployer(EnvironmentScope([_deployment("plain", invokers=roles)]))
    policies = pack(statements)
    assert all(size(each) <= MAX_POLICY_SIZE for each in policies)
    let_in = [each for policy in policies for each in policy["Statement"] if each["Sid"].startswith("LetIn")]
    assert len(let_in) > 1
    assert sorted(arn for each in let_in for arn in each["Resource"]) == sorted(roles)


def test_statements_have_ids_of_their_own_and_allow_no_pattern_of_actions() -> None:
    for world in WORLDS:
        reach = EnvironmentScope([_deployment(world)])
        for statements in (deployer(reach), planner(reach)):
            ids = [each["Sid"] for each in statements]
            assert len({*ids}) == len(ids)
            assert "*" not in str([each["Action"] for each in statements])


def _deployment(world: str, **more: Any) -> Deployment:
    invokers = {"invokers": ["arn:aws:iam::111122223333:role/checkout-api"]}
    return deployment(**{**invokers, **WORLDS[world], **more})


def _policies(world: str) -> list[Document]:
    return pack(deployer(EnvironmentScope([_deployment(world)])))


def _key_policy(world: str) -> Document:
    made = _deployment(world)
    return key(made.names, made)


def _account(resource: str) -> str:
    return (resource.split(":") + [""] * 5)[4] or "111122223333"
