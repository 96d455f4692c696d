"""What the printed policies of deployers allow and deny, in an offline simulator of IAM."""

from collections.abc import Iterator
from typing import Any

import pytest

from protected_endpoints.deployment import Deployment
from protected_endpoints.policies import Document
from protected_endpoints.policies.kms_key import key_policy
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.policies.packing import MAX_POLICY_SIZE, pack, size
from tests.attacks.simulator import Request, Simulator
from tests.deployers.cases import BOUNDARY, CASES, EXISTING_KEY, EXISTING_ROLE, SUBNETS, Case
from tests.support import IMAGE, deployment

_ADMINISTRATOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_DEPLOYER = "arn:aws:iam::111122223333:role/acme-deploys"
_STATE = {"state": {"bucket": "acme-tfstate"}}
_NETWORK = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": SUBNETS, "route_table_ids": ["rtb-0a1b2c3d4e5f60718"]}
_REASON = "required by the test case"
SCENARIOS: dict[str, dict[str, Any]] = {
    "plain": {"in_environment": _STATE},
    "network": {"in_environment": {**_STATE, "network": _NETWORK}},
    "permissions-boundary": {"in_environment": {"permissions_boundary_arn": BOUNDARY}},
    "isolation-relaxed": {"relax": {"network_isolation": _REASON}},
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
    "alarms": {
        "deployment_config": {
            "blue_green_update_policy": {
                "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 300}
            },
            "auto_rollback_configuration": {"alarms": [{"alarm_name": "kmeans-5xx"}]},
        }
    },
    "invokers": {
        "invokers": [
            {
                "name": "partner",
                "principals": ["arn:aws:iam::444455556666:role/gateway"],
                "external_id": "acme-7f3a",
            }
        ]
    },
    "existing-key": {"kms": {"key_arn": EXISTING_KEY}},
    "existing-role": {"execution_role_arn": EXISTING_ROLE},
    "endpoint-name": {"endpoint_name": "Churn-Predictor"},
    "inference-components": {
        "image": None,
        "model_data_url": None,
        "inference_components": {
            "llama": {"image": IMAGE, "compute_resource_requirements": {"min_memory_required_in_mb": 1024}}
        },
    },
    "components-of-endpoint-name": {
        "image": None,
        "model_data_url": None,
        "endpoint_name": "Churn-Predictor",
        "inference_components": {
            "llama": {"image": IMAGE, "compute_resource_requirements": {"min_memory_required_in_mb": 1024}}
        },
    },
    "prevent-destroy-relaxed": {"relax": {"prevent_destroy": _REASON}},
}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, case: Case) -> None:
    extra_policies = [_ADMINISTRATOR] if case.principal == "administrator" else []
    request = Request(
        principal=_DEPLOYER,
        action=case.action,
        resource=case.resource,
        account=_account(case.resource),
        context={"aws:SecureTransport": "true", **case.context},
        identity=[*_policies(case.scenario), *extra_policies],
        resource_policy=_key_policy(case.scenario) if ":key/" in case.resource else None,
    )
    assert simulator.allows(request) is case.allowed


def test_cases_have_distinct_names_and_enough_are_allowed() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 100
    assert sum(case.allowed for case in CASES) > 20


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_policy_is_within_the_size_limit_of_iam(scenario: str) -> None:
    assert all(size(policy) <= MAX_POLICY_SIZE for policy in _policies(scenario))


def test_a_long_list_of_invokers_is_split_without_omissions() -> None:
    roles = [
        f"arn:aws:iam::111122223333:role/invokers-of-a-large-company/invoker-number-{number}" for number in range(150)
    ]
    statements = deployer_statements(EnvironmentScope([_deployment("plain", invokers=roles)]))
    policies = pack(statements)
    assert all(size(policy) <= MAX_POLICY_SIZE for policy in policies)
    attach = [
        statement for policy in policies for statement in policy["Statement"] if statement["Sid"].startswith("LetIn")
    ]
    assert len(attach) > 1
    assert sorted(arn for statement in attach for arn in statement["Resource"]) == sorted(roles)


def test_statement_ids_are_unique_and_no_action_is_a_pattern() -> None:
    for scenario in SCENARIOS:
        scope = EnvironmentScope([_deployment(scenario)])
        for statements in (deployer_statements(scope), planner_statements(scope)):
            ids = [statement["Sid"] for statement in statements]
            assert len({*ids}) == len(ids)
            assert "*" not in str([statement["Action"] for statement in statements])


def _deployment(scenario: str, **changes: Any) -> Deployment:
    invokers = {"invokers": ["arn:aws:iam::111122223333:role/checkout-api"]}
    return deployment(**{**invokers, **SCENARIOS[scenario], **changes})


def _policies(scenario: str) -> list[Document]:
    return pack(deployer_statements(EnvironmentScope([_deployment(scenario)])))


def _key_policy(scenario: str) -> Document:
    example = _deployment(scenario)
    return key_policy(example.names, example)


def _account(resource: str) -> str:
    return (resource.split(":") + [""] * 5)[4] or "111122223333"
