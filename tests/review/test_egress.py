"""The destinations that security groups allow."""

from protected_endpoints.review.analysis.egress import Egress, added_egress
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.values import UNKNOWN, Json

_BLOCK: Json = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/16"]}
_MODEL = Change("aws_sagemaker_model.Model", "aws_sagemaker_model", ("create",), None, {"vpc_config": [{}]})


def _first_group(*blocks: Json) -> Change:
    return Change("aws_security_group.G", "aws_security_group", ("create",), None, {"egress": [*blocks]})


def test_the_group_of_a_first_deployment_is_compared_with_the_default() -> None:
    s3, endpoints = {**_BLOCK, "cidr_blocks": [], "prefix_list_ids": ["pl-1"]}, {**_BLOCK, "cidr_blocks": []}
    endpoints["security_groups"] = ["sg-1"]
    assert [*added_egress(Plan("dev", (_MODEL, _first_group(s3, endpoints))))] == []
    added = added_egress(Plan("dev", (_MODEL, _first_group(s3, endpoints, _BLOCK))))
    assert [egress.destination for _, egress in added] == ["10.0.0.0/16"]


def test_a_first_group_has_one_default_prefix_list_and_only_https() -> None:
    s3 = {**_BLOCK, "cidr_blocks": [], "prefix_list_ids": ["pl-1"]}
    second, all_ports = {**s3, "prefix_list_ids": ["pl-2"]}, {**s3, "protocol": "-1", "from_port": 0, "to_port": 0}
    added = added_egress(Plan("dev", (_first_group(s3, second),)))
    assert [egress.destination for _, egress in added] == ["pl-2"]
    assert [*added_egress(Plan("dev", (_first_group(all_ports),)))]


def test_a_deleted_group_adds_nothing() -> None:
    deleted = Change("aws_security_group.G", "aws_security_group", ("delete",), {"egress": []}, None)
    assert [*added_egress(Plan("dev", (deleted,)))] == []


def test_ports_in_words() -> None:
    assert Egress("a", "tcp", 443, 443).ports == "TCP port 443"
    assert Egress("a", "udp", 1, 9).ports == "UDP ports 1-9"
    assert Egress("a", "-1", 0, 0).ports == "all ports"


def test_addresses_of_another_version_are_not_included() -> None:
    assert not Egress("0.0.0.0/0", "-1", 0, 0).covers(Egress("::/0", "-1", 0, 0))


def test_the_provider_computes_the_source_of_a_rule_with_another_destination() -> None:
    rule = {**_BLOCK, "type": "egress", "source_security_group_id": UNKNOWN}
    created = Change("aws_security_group_rule.R", "aws_security_group_rule", ("create",), None, rule)
    assert [egress.destination for _, egress in added_egress(Plan("dev", (created,)))] == ["10.0.0.0/16"]


def test_all_protocols_have_two_names() -> None:
    assert Egress("a", "all", 0, 0).covers(Egress("a", "tcp", 443, 443))
