"""The security group of a model in a VPC."""

from typing import Any

import pytest

from tests.support import NETWORK, Json, only, synth


def test_a_model_has_its_own_security_group_with_egress_to_s3_and_to_vpc_endpoints() -> None:
    stack = synth(in_environment={"network": NETWORK})
    vpc = only(stack, "aws_sagemaker_model")["vpc_config"]
    assert vpc == {"security_group_ids": ["${aws_security_group.Network.id}"], "subnets": NETWORK["subnet_ids"]}
    group = only(stack, "aws_security_group")
    assert group["ingress"] == []
    (s3,), (endpoints,) = stack["data"]["aws_ec2_managed_prefix_list"], stack["data"]["aws_security_group"]
    assert [(rule["prefix_list_ids"], rule["security_groups"]) for rule in group["egress"]] == [
        ([f"${{data.aws_ec2_managed_prefix_list.{s3}.id}}"], []),
        ([], [f"${{data.aws_security_group.{endpoints}.id}}"]),
    ]
    assert {(rule["protocol"], rule["from_port"], rule["to_port"]) for rule in group["egress"]} == {("tcp", 443, 443)}
    assert not [rule for rule in group["egress"] if rule["cidr_blocks"] or rule["ipv6_cidr_blocks"]]


def test_existing_vpc_endpoints_are_reached_through_their_security_groups() -> None:
    network = {**NETWORK, "route_table_ids": [], "private_endpoints": False}
    groups = ["sg-0a1b2c3d4e5f60718"]
    stack = synth(in_environment={"network": {**network, "endpoint_security_group_ids": groups}})
    assert [rule["security_groups"] for rule in only(stack, "aws_security_group")["egress"]] == [[], groups]
    assert len(only(synth(in_environment={"network": network}), "aws_security_group")["egress"]) == 1


def test_a_model_that_moves_into_a_network_has_a_new_name() -> None:
    inside, outside = synth(in_environment={"network": NETWORK}), synth()
    assert only(inside, "aws_sagemaker_model")["name"] != only(outside, "aws_sagemaker_model")["name"]


_RELAXED = {"network_isolation": "it calls the feature store"}
_RULE = {"port": 443, "reason": "VPC endpoint of the feature store"}


def _group(*egress: Json, **changes: Any) -> Json:
    stack = synth(in_environment={"network": NETWORK}, relax=_RELAXED, egress=[*egress], **changes)
    return only(stack, "aws_security_group")


@pytest.mark.parametrize(
    ("key", "value", "argument"),
    [
        ("cidr_ipv4", "10.0.0.0/16", "cidr_blocks"),
        ("prefix_list_id", "pl-0a1b2c3d", "prefix_list_ids"),
        ("referenced_security_group_id", "sg-0a1b2c3d", "security_groups"),
    ],
)
def test_a_configured_destination_is_added_with_its_port_and_reason(key: str, value: str, argument: str) -> None:
    *managed, added = _group({**_RULE, "port": 8443, key: value})["egress"]
    assert managed == _group()["egress"]
    destinations = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
    assert {name: added[name] for name in destinations if added[name]} == {argument: [value]}
    assert (added["protocol"], added["from_port"], added["to_port"], added["self"]) == ("tcp", 8443, 8443, False)
    assert added["description"] == _RULE["reason"]


def test_egress_changes_the_security_group_and_not_the_model() -> None:
    def model(*egress: Json) -> Json:
        return only(synth(in_environment={"network": NETWORK}, relax=_RELAXED, egress=egress), "aws_sagemaker_model")

    assert model({**_RULE, "cidr_ipv4": "10.0.0.0/16"}) == model()


def test_a_model_also_has_the_existing_security_groups_and_a_new_name_with_others() -> None:
    def model(*groups: str) -> Json:
        return only(synth(in_environment={"network": NETWORK}, security_group_ids=groups), "aws_sagemaker_model")

    groups = ("sg-0a1b2c3d", "sg-1a1b2c3d")
    assert model(*groups)["vpc_config"]["security_group_ids"] == ["${aws_security_group.Network.id}", *groups]
    assert model(*reversed(groups)) == model(*groups)
    assert len({model()["name"], model(*groups)["name"], model(groups[0])["name"]}) == 3
