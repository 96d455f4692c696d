"""The policies of the VPC endpoints of an environment."""

import json
from typing import Any

from tests.examples import ACCOUNT
from tests.support import NETWORK, deployment, synth_stacks

_ROLE = f"arn:aws:iam::{ACCOUNT}:role"


def test_endpoints_share_a_statement_only_if_they_have_the_same_invokers() -> None:
    invokers = {"one": ["a", "b"], "two": ["a"], "three": ["b", "a"], "four": []}
    deployments = [
        deployment(in_environment={"network": NETWORK}, name=name, invokers=[f"{_ROLE}/{role}" for role in roles])
        for name, roles in invokers.items()
    ]
    runtime = synth_stacks(deployments)["dev-network"]["resource"]["aws_vpc_endpoint"]["Runtime"]
    endpoint = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/acme-dev"
    assert [
        (statement["Condition"]["ArnEquals"]["aws:PrincipalArn"], statement["Resource"])
        for statement in json.loads(runtime["policy"])["Statement"]
    ] == [
        ([f"{_ROLE}/a"], [f"{endpoint}-two"]),
        ([f"{_ROLE}/a", f"{_ROLE}/b"], [f"{endpoint}-one", f"{endpoint}-three"]),
    ]


def test_endpoints_of_different_hosting_modes_have_statements_with_their_own_actions() -> None:
    shared: dict[str, Any] = {"in_environment": {"network": NETWORK}, "invokers": [f"{_ROLE}/a"]}
    asynchronous: dict[str, Any] = {
        "async_inference_config": {"output_config": {"s3_output_path": "s3://answers/two"}},
        "data_capture": {"enable_capture": False},
    }
    deployments = [deployment(name="one", **shared), deployment(name="two", **shared, **asynchronous)]
    runtime = synth_stacks(deployments)["dev-network"]["resource"]["aws_vpc_endpoint"]["Runtime"]
    endpoint = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/acme-dev"
    assert [
        (statement["Action"], statement["Resource"]) for statement in json.loads(runtime["policy"])["Statement"]
    ] == [
        (
            [
                "sagemaker:InvokeEndpoint",
                "sagemaker:InvokeEndpointWithResponseStream",
                "sagemaker:InvokeEndpointWithBidirectionalStream",
            ],
            [f"{endpoint}-one"],
        ),
        (["sagemaker:InvokeEndpointAsync"], [f"{endpoint}-two"]),
    ]


def test_without_invokers_the_policy_denies_everything() -> None:
    network = synth_stacks([deployment(in_environment={"network": NETWORK})])["dev-network"]["resource"]
    (statement,) = json.loads(network["aws_vpc_endpoint"]["Runtime"]["policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "*")
