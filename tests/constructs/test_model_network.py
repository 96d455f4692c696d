"""The security group of a model in a VPC."""

from tests.support import NETWORK, only, synth


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
