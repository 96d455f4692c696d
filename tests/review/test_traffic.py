"""The traffic that security groups allow."""

import pytest

from protected_endpoints.review.analysis.addresses import canonical, enclosing
from protected_endpoints.review.analysis.traffic import Traffic, added_traffic
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.values import UNKNOWN, Json

_BLOCK = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/16"]}
_MODEL = Change("aws_sagemaker_model.Model", "aws_sagemaker_model", ("create",), None, {"vpc_config": [{}]})


def _group(*egress: Json) -> Change:
    return Change("aws_security_group.G", "aws_security_group", ("create",), None, {"egress": [*egress]})


def test_the_group_of_a_first_deployment_is_compared_with_the_default() -> None:
    block = {"protocol": "tcp", "from_port": 443, "to_port": 443}
    default = ({**block, "prefix_list_ids": ["pl-s3"]}, {**block, "security_groups": ["sg-endpoints"]})
    further = {**block, "security_groups": ["sg-store"]}
    assert [*added_traffic(Plan("dev", (_MODEL, _group(*default))), "egress")] == []
    added = [*added_traffic(Plan("dev", (_MODEL, _group(*default, further))), "egress")]
    assert added == [("aws_security_group.G", Traffic("sg-store", "tcp", 443, 443))]


def test_a_deleted_group_adds_nothing() -> None:
    deleted = Change("aws_security_group.G", "aws_security_group", ("delete",), {"egress": []}, None)
    assert [*added_traffic(Plan("dev", (deleted,)), "egress")] == []


def test_ports_in_words() -> None:
    assert Traffic("a", "tcp", 443, 443).ports == "TCP port 443"
    assert Traffic("a", "udp", 1, 9).ports == "UDP ports 1-9"
    assert Traffic("a", "-1", 0, 0).ports == "all ports"
    assert Traffic("a", "tcp", None, 443).ports == "TCP, unknown ports"
    assert Traffic("a", str(UNKNOWN), None, None).ports == "an unknown protocol, unknown ports"


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("10.0.0.0/8", "10.1.2.0/24", True),
        ("10.0.0.1/8", "10.1.2.0/24", True),  # the bits behind the prefix have no meaning
        ("10.1.2.0/24", "10.0.0.0/8", False),
        ("0.0.0.0/0", "::/0", False),
        ("fd00::/48", "fd00::/64", True),
        ("sg-1", "sg-1", True),
        ("sg-1", "sg-2", False),
    ],
)
def test_a_block_includes_others(outer: str, inner: str, *, expected: bool) -> None:
    assert (canonical(outer) in enclosing(inner)) is expected


def test_the_provider_computes_the_source_of_a_rule_with_another_destination() -> None:
    rule = {**_BLOCK, "type": "egress", "source_security_group_id": UNKNOWN}
    created = Change("aws_security_group_rule.R", "aws_security_group_rule", ("create",), None, rule)
    assert [traffic.peer for _, traffic in added_traffic(Plan("dev", (created,)), "egress")] == ["10.0.0.0/16"]


def test_all_protocols_have_two_names() -> None:
    assert Traffic("a", "all", 0, 0).covers_ports(Traffic("a", "tcp", 443, 443))


def test_unknown_ports_are_covered_by_all_ports_alone() -> None:
    unknown = Traffic("a", "tcp", None, None)
    assert Traffic("a", "-1", None, None).covers_ports(unknown)
    assert not Traffic("a", "tcp", 0, 65535).covers_ports(unknown)
    assert not unknown.covers_ports(unknown)


def test_the_default_group_exists_before_it_is_managed() -> None:
    default = Change(
        "aws_default_security_group.D", "aws_default_security_group", ("create",), None, {"egress": [_BLOCK]}
    )
    assert len([*added_traffic(Plan("dev", (default,)), "egress")]) == 1
