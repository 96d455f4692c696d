"""The policies and roles of invokers; tests/attacks evaluates what they allow together."""

import json
from typing import Any

import pytest
from cdktf import App

from protected_endpoints.config import Invoker
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.load import load
from protected_endpoints.stacks.endpoint import EndpointStack
from tests.examples import ACCOUNT, MODES
from tests.support import NETWORK, Json, deployment, policy, resources, synth, synth_stacks

_ROLE = f"arn:aws:iam::{ACCOUNT}:role"


def test_the_invoke_policy_is_attached_to_the_invokers_only() -> None:
    roles = [f"arn:aws:iam::{ACCOUNT}:role/checkout-api", f"arn:aws:iam::{ACCOUNT}:role/team/batch"]
    stack = synth(invokers=roles)
    assert {attachment["role"] for attachment in resources(stack, "aws_iam_role_policy_attachment")} == {
        "checkout-api",
        "batch",
    }
    assert not resources(synth(), "aws_iam_role_policy_attachment")


def test_an_invoke_policy_does_not_deny_other_endpoints() -> None:
    statements = _invoke_statements(synth())
    endpoint = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans"
    assert statements["InvokeThisEndpoint"]["Resource"] == endpoint
    assert statements["NeverWithoutTls"]["Resource"] == endpoint
    assert not any("NotResource" in statement for statement in statements.values())


@pytest.mark.parametrize(
    ("example", "suffixes"),
    [
        ("real-time", ["", "WithResponseStream", "WithBidirectionalStream"]),
        ("pipeline", ["", "WithResponseStream", "WithBidirectionalStream"]),
        # A bidirectional stream cannot name one of several containers, or an inference component.
        ("multi-container", ["", "WithResponseStream"]),
        ("inference-components", ["", "WithResponseStream"]),
        # No stream can name one of many models.
        ("multi-model", [""]),
        ("serverless", [""]),
        ("asynchronous", ["Async"]),
    ],
)
def test_an_invoker_has_the_actions_that_the_endpoint_supports_and_the_denies_cover_all(
    example: str, suffixes: list[str]
) -> None:
    (loaded,) = load(MODES[example]).deployments
    stack = synth_stacks([loaded])[loaded.names.stack]
    statements = _invoke_statements(stack)
    assert statements["InvokeThisEndpoint"]["Action"] == [f"sagemaker:InvokeEndpoint{suffix}" for suffix in suffixes]
    denied = [statement["Action"] for statement in statements.values() if statement["Effect"] == "Deny"]
    assert {*denied} == {"sagemaker:InvokeEndpoint*", "sagemaker:CallWithBearerToken"}


def test_bearer_tokens_are_denied_unless_they_are_relaxed() -> None:
    assert _invoke_statements(synth())["NeverBearerTokens"]["Effect"] == "Deny"
    relaxed = synth(relax={"bearer_tokens": "an OpenAI client that cannot sign"})
    assert _invoke_statements(relaxed)["BearerTokens"]["Effect"] == "Allow"


def test_an_invoker_with_conditions_has_its_own_policy_and_keeps_access_while_they_change() -> None:
    stack = synth(invokers=[f"{_ROLE}/plain", {"role_arn": f"{_ROLE}/team/tagged", "principal_tags": {"team": "ml"}}])
    plain, tagged = resources(stack, "aws_iam_role_policy_attachment")
    assert (plain["role"], tagged["role"]) == ("plain", "tagged")
    assert plain["policy_arn"] == "${aws_iam_policy.Invoke.arn}"
    separate = stack["resource"]["aws_iam_policy"][tagged["policy_arn"].split(".")[1]]
    assert separate["name"].startswith("acme-dev-kmeans-invoke-")
    assert policy(separate["policy"])["InvokeThisEndpoint"]["Condition"]["StringEquals"] == {
        "aws:PrincipalTag/team": ["ml"]
    }
    assert plain["lifecycle"] == tagged["lifecycle"] == {"create_before_destroy": True}


def test_principals_of_other_accounts_assume_a_managed_role() -> None:
    partner = {
        "name": "partner",
        "principals": ["arn:aws:iam::999988887777:role/gateway"],
        "external_id": "acme-7f3a",
    }
    stack = synth(invokers=[partner], in_environment={"permissions_boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/b"})
    (role,) = (role for role in resources(stack, "aws_iam_role") if "partner" in role["name"])
    (statement,) = json.loads(role["assume_role_policy"])["Statement"]
    assert statement["Principal"] == {"AWS": ["arn:aws:iam::999988887777:root"]}
    assert statement["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": ["arn:aws:iam::999988887777:role/gateway"]},
        "StringEquals": {"sts:ExternalId": "acme-7f3a"},
    }
    assert role["permissions_boundary"] == f"arn:aws:iam::{ACCOUNT}:policy/b"
    assert stack["output"]["invoker_role_arn_partner"]["value"].endswith(".arn}")


def test_grant_invoke_has_the_effect_of_an_entry_in_invokers() -> None:
    invoker = Invoker(role_arn=f"{_ROLE}/batch", source_vpc="vpc-0a1b2c3d4e5f60718")
    from_file = synth(invokers=[f"{_ROLE}/checkout-api", invoker])
    assert _stack_with_grants([f"{_ROLE}/checkout-api", invoker])["resource"] == from_file["resource"]


def test_grant_invoke_checks_the_rules() -> None:
    with pytest.raises(ConfigurationError, match=r"kmeans\.invokers\[0\].* \[invoker-not-in-account\]"):
        _stack_with_grants(["arn:aws:iam::999988887777:role/batch"])
    with pytest.raises(ConfigurationError, match=r"kmeans\.invokers\[0\]: .*IAM role ARN, got .checkout-api."):
        _stack_with_grants(["checkout-api"])
    with pytest.raises(ConfigurationError, match=r"kmeans\.invokers\[1\].* \[invoker-duplicate\]"):
        _stack_with_grants([f"{_ROLE}/batch", f"{_ROLE}/batch"])


def test_grant_invoke_is_an_error_if_the_environment_has_private_endpoints() -> None:
    with pytest.raises(ValueError, match=r"add the invoker to Endpoint\(invokers=\[...\]\)"):
        _stack_with_grants([f"{_ROLE}/batch"], in_environment={"network": NETWORK})


def test_in_a_network_every_invoke_policy_requires_the_vpc_or_the_source_vpc_of_the_invoker() -> None:
    peer = {"role_arn": f"{_ROLE}/peer", "source_vpc": "vpc-0a1b2c3d4e5f60719"}
    stack = synth(in_environment={"network": NETWORK}, invokers=[f"{_ROLE}/checkout-api", peer])
    conditions = {
        statement["Condition"]["StringEquals"]["aws:SourceVpc"][0]
        for id_, resource in stack["resource"]["aws_iam_policy"].items()
        if id_.startswith("Invoke")
        for sid, statement in policy(resource["policy"]).items()
        if sid == "InvokeThisEndpoint"
    }
    assert conditions == {"vpc-0a1b2c3d4e5f60718", "vpc-0a1b2c3d4e5f60719"}


def _stack_with_grants(invokers: list[Any], **changes: Any) -> Json:
    """Return the stack of an endpoint after `grant_invoke` for every invoker."""
    changed = deployment(**changes)
    stack = EndpointStack(App(outdir="/nowhere"), changed.names.stack, deployment=changed)
    for invoker in invokers:
        stack.access.grant_invoke(invoker)
    terraform: Json = stack.to_terraform()
    return terraform


def _invoke_statements(stack: Json) -> Json:
    return policy(stack["resource"]["aws_iam_policy"]["Invoke"]["policy"])
