"""Who may invoke, and from where, as it is synthesized; what the policies add up to is tried in tests/attacks."""

import json
from typing import Any

import pytest
from cdktf import App

from protected_endpoints.config import Invoker
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.load import load
from protected_endpoints.stacks.endpoint import EndpointStack
from tests.examples import ACCOUNT, MODES
from tests.support import Json, deployment, only, policy, resources, synth, synthesized

_ROLE = f"arn:aws:iam::{ACCOUNT}:role"
_NETWORK = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    "route_table_ids": ["rtb-0a1b2c3d4e5f60718"],
}


def test_the_invoke_policy_is_attached_to_the_named_roles_and_to_nobody_else() -> None:
    roles = [f"arn:aws:iam::{ACCOUNT}:role/checkout-api", f"arn:aws:iam::{ACCOUNT}:role/team/batch"]
    stack = synth(invokers=roles)
    assert {each["role"] for each in resources(stack, "aws_iam_role_policy_attachment")} == {"checkout-api", "batch"}
    assert not resources(synth(), "aws_iam_role_policy_attachment")


def test_an_invoke_policy_denies_no_other_endpoint() -> None:
    statements = _invoke(synth())
    endpoint = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans"
    assert statements["InvokeThisEndpoint"]["Resource"] == endpoint
    assert statements["NeverWithoutTls"]["Resource"] == endpoint
    assert not any("NotResource" in each for each in statements.values())


@pytest.mark.parametrize(
    ("example", "ways"),
    [
        ("real-time", ["", "WithResponseStream", "WithBidirectionalStream"]),
        ("pipeline", ["", "WithResponseStream", "WithBidirectionalStream"]),
        # A request names one of several containers, or an inference component: a bidirectional stream cannot.
        ("multi-container", ["", "WithResponseStream"]),
        ("inference-components", ["", "WithResponseStream"]),
        # It names one of many models: no stream can.
        ("multi-model", [""]),
        ("serverless", [""]),
        ("asynchronous", ["Async"]),
    ],
)
def test_a_caller_may_call_in_each_way_that_the_endpoint_answers_and_is_denied_each(
    example: str, ways: list[str]
) -> None:
    (made,) = load(MODES[example]).deployments
    stack = synthesized([made])[made.names.stack]
    statements = _invoke(stack)
    assert statements["InvokeThisEndpoint"]["Action"] == [f"sagemaker:InvokeEndpoint{way}" for way in ways]
    denials = [each["Action"] for each in statements.values() if each["Effect"] == "Deny"]
    assert {*denials} == {"sagemaker:InvokeEndpoint*", "sagemaker:CallWithBearerToken"}


def test_bearer_tokens_are_denied_unless_a_reason_is_given() -> None:
    assert _invoke(synth())["NeverBearerTokens"]["Effect"] == "Deny"
    relaxed = synth(relax={"bearer_tokens": "an OpenAI client that cannot sign"})
    assert _invoke(relaxed)["BearerTokens"]["Effect"] == "Allow"


def test_a_caller_with_conditions_has_a_policy_of_its_own_and_keeps_access_while_they_change() -> None:
    stack = synth(invokers=[f"{_ROLE}/plain", {"role_arn": f"{_ROLE}/team/tagged", "principal_tags": {"team": "ml"}}])
    plain, tagged = resources(stack, "aws_iam_role_policy_attachment")
    assert (plain["role"], tagged["role"]) == ("plain", "tagged")
    assert plain["policy_arn"] == "${aws_iam_policy.Invoke.arn}"
    own = stack["resource"]["aws_iam_policy"][tagged["policy_arn"].split(".")[1]]
    assert own["name"].startswith("acme-dev-kmeans-invoke-")
    assert policy(own["policy"])["InvokeThisEndpoint"]["Condition"]["StringEquals"] == {"aws:PrincipalTag/team": ["ml"]}
    assert plain["lifecycle"] == tagged["lifecycle"] == {"create_before_destroy": True}


def test_principals_of_other_accounts_assume_a_role_that_is_made_for_them() -> None:
    partner = {
        "name": "partner",
        "principals": ["arn:aws:iam::999988887777:role/gateway"],
        "external_id": "acme-7f3a",
    }
    stack = synth(invokers=[partner], in_environment={"permissions_boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/b"})
    (role,) = (each for each in resources(stack, "aws_iam_role") if "partner" in each["name"])
    (statement,) = json.loads(role["assume_role_policy"])["Statement"]
    assert statement["Principal"] == {"AWS": ["arn:aws:iam::999988887777:root"]}
    assert statement["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": ["arn:aws:iam::999988887777:role/gateway"]},
        "StringEquals": {"sts:ExternalId": "acme-7f3a"},
    }
    assert role["permissions_boundary"] == f"arn:aws:iam::{ACCOUNT}:policy/b"
    assert stack["output"]["invoker_role_arn_partner"]["value"].endswith(".arn}")


def test_a_caller_of_python_has_the_power_of_one_in_the_file() -> None:
    caller = Invoker(role_arn=f"{_ROLE}/batch", source_vpc="vpc-0a1b2c3d4e5f60718")
    by_file = synth(invokers=[f"{_ROLE}/checkout-api", caller])
    assert _granted([f"{_ROLE}/checkout-api", caller])["resource"] == by_file["resource"]


def test_a_caller_of_python_is_judged_by_the_rules() -> None:
    foreign = "arn:aws:iam::999988887777:role/batch"
    with pytest.raises(ConfigurationError, match="the role is not in account"):
        _granted([foreign])
    with pytest.raises(ConfigurationError, match=r"kmeans.invokers\[0\]: not an IAM role ARN, got .checkout-api."):
        _granted(["checkout-api"])
    with pytest.raises(ConfigurationError, match="duplicate entry"):
        _granted([f"{_ROLE}/batch", f"{_ROLE}/batch"])


def test_a_caller_that_the_private_endpoints_would_not_let_through_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"name the caller in Endpoint\(invokers=\[...\]\) instead"):
        _granted([f"{_ROLE}/batch"], in_environment={"network": _NETWORK})


def test_in_a_network_every_invoke_policy_demands_the_vpc_and_a_caller_may_have_its_own() -> None:
    elsewhere = {"role_arn": f"{_ROLE}/peer", "source_vpc": "vpc-0a1b2c3d4e5f60719"}
    stack = synth(in_environment={"network": _NETWORK}, invokers=[f"{_ROLE}/checkout-api", elsewhere])
    conditions = {
        statement["Condition"]["StringEquals"]["aws:SourceVpc"][0]
        for id_, each in stack["resource"]["aws_iam_policy"].items()
        if id_.startswith("Invoke")
        for sid, statement in policy(each["policy"]).items()
        if sid == "InvokeThisEndpoint"
    }
    assert conditions == {"vpc-0a1b2c3d4e5f60718", "vpc-0a1b2c3d4e5f60719"}


def test_a_model_in_a_network_has_a_group_of_its_own_with_two_ways_out() -> None:
    stack = synth(in_environment={"network": _NETWORK})
    vpc = only(stack, "aws_sagemaker_model")["vpc_config"]
    assert vpc == {"security_group_ids": ["${aws_security_group.Network.id}"], "subnets": _NETWORK["subnet_ids"]}
    group = only(stack, "aws_security_group")
    assert group["ingress"] == []
    (s3,), (endpoints,) = stack["data"]["aws_ec2_managed_prefix_list"], stack["data"]["aws_security_group"]
    assert [(each["prefix_list_ids"], each["security_groups"]) for each in group["egress"]] == [
        ([f"${{data.aws_ec2_managed_prefix_list.{s3}.id}}"], []),
        ([], [f"${{data.aws_security_group.{endpoints}.id}}"]),
    ]
    assert {(each["protocol"], each["from_port"], each["to_port"]) for each in group["egress"]} == {("tcp", 443, 443)}
    assert not [each for rule in group["egress"] for each in (*rule["cidr_blocks"], *rule["ipv6_cidr_blocks"])]


def test_endpoints_that_are_there_already_are_reached_by_their_groups_and_no_stack_is_made_for_them() -> None:
    network = {**_NETWORK, "route_table_ids": [], "private_endpoints": False}
    groups = ["sg-0a1b2c3d4e5f60718"]
    reaching = synth(in_environment={"network": {**network, "endpoint_security_group_ids": groups}})
    assert [each["security_groups"] for each in only(reaching, "aws_security_group")["egress"]] == [[], groups]
    assert len(only(synth(in_environment={"network": network}), "aws_security_group")["egress"]) == 1


def test_a_model_that_moves_into_a_network_is_a_new_one() -> None:
    inside, outside = synth(in_environment={"network": _NETWORK}), synth()
    assert only(inside, "aws_sagemaker_model")["name"] != only(outside, "aws_sagemaker_model")["name"]


def test_callers_of_several_endpoints_share_a_statement_only_where_they_are_the_same() -> None:
    in_environment = {"network": _NETWORK}
    callers = {"one": ["a", "b"], "two": ["a"], "three": ["b", "a"], "nobody": []}
    deployments = [
        deployment(in_environment=in_environment, name=name, invokers=[f"{_ROLE}/{each}" for each in named])
        for name, named in callers.items()
    ]
    runtime = synthesized(deployments)["dev-network"]["resource"]["aws_vpc_endpoint"]["Runtime"]
    endpoint = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/acme-dev"
    assert [
        (each["Condition"]["ArnEquals"]["aws:PrincipalArn"], each["Resource"])
        for each in json.loads(runtime["policy"])["Statement"]
    ] == [
        ([f"{_ROLE}/a"], [f"{endpoint}-two"]),
        ([f"{_ROLE}/a", f"{_ROLE}/b"], [f"{endpoint}-one", f"{endpoint}-three"]),
    ]


def test_callers_of_endpoints_that_answer_in_other_ways_pass_in_those_alone() -> None:
    callers: dict[str, Any] = {"in_environment": {"network": _NETWORK}, "invokers": [f"{_ROLE}/a"]}
    queued: dict[str, Any] = {
        "async_inference_config": {"output_config": {"s3_output_path": "s3://answers/two"}},
        "data_capture": {"enable_capture": False},
    }
    deployments = [deployment(name="one", **callers), deployment(name="two", **callers, **queued)]
    runtime = synthesized(deployments)["dev-network"]["resource"]["aws_vpc_endpoint"]["Runtime"]
    endpoint = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/acme-dev"
    assert [(each["Action"], each["Resource"]) for each in json.loads(runtime["policy"])["Statement"]] == [
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


def test_where_nobody_is_named_nothing_passes() -> None:
    network = synthesized([deployment(in_environment={"network": _NETWORK})])["dev-network"]["resource"]
    (statement,) = json.loads(network["aws_vpc_endpoint"]["Runtime"]["policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "*")


def _granted(callers: list[Any], **changes: Any) -> Json:
    """Return the stack of an endpoint whose callers are let in one by one."""
    made = deployment(**changes)
    app = App(outdir="/nowhere")
    stack = EndpointStack(app, made.names.stack, deployment=made)
    for each in callers:
        stack.access.grant_invoke(each)
    synthesized: Json = stack.to_terraform()
    return synthesized


def _invoke(stack: Json) -> Json:
    return policy(stack["resource"]["aws_iam_policy"]["Invoke"]["policy"])
