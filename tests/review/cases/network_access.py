"""Plans for the rules of `network_access`."""

from typing import Any

from tests.review.cases.shapes import (
    BUCKET,
    BUCKET_POLICY,
    MODEL,
    OTHER_ACCOUNT,
    OTHER_BUCKET_DELETED,
    Cases,
    allow,
    enabled,
    new,
    updated,
    updating,
)
from tests.review.fragments import Json, allowing, change, configuration

_BLOCK = "aws_s3_bucket_public_access_block.Capture"
_OWNERSHIP = "aws_s3_bucket_ownership_controls.O"
_OWNED = enabled(object_ownership="BucketOwnerEnforced")


def _group(cidr: str) -> Json:
    rule = {"type": "ingress", "cidr_blocks": [cidr]}
    return change("aws_security_group_rule.In", None, rule, ("create",))


def _egress(cidr: str) -> dict[str, Any]:
    """Return a security group whose egress changes."""
    before, after = ({"egress": [{"cidr_blocks": blocks}]} for blocks in (["10.0.0.0/24"], [cidr]))
    return {"others": [change("aws_security_group.G", before, after, ("update",))]}


CASES: Cases = [
    (
        "isolation-off",
        {"changed": {MODEL: new({"name": "b", "enable_network_isolation": False})}},
        {"changed": {MODEL: new({"name": "b"})}},
    ),
    ("isolation-off", _egress("0.0.0.0/0"), _egress("10.0.0.0/16")),
    (
        "public-access",
        {"changed": {_BLOCK: {"block_public_policy": False}}},
        {"changed": {_BLOCK: {"block_public_policy": True}}},
    ),
    (
        "public-access",
        {"changed": allowing(BUCKET_POLICY, allow("s3:GetObject", Principal="*"))},
        {
            "changed": allowing(
                BUCKET_POLICY,
                allow("s3:GetObject", Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
            )
        },
    ),
    (
        "public-access",
        {"changed": allowing(BUCKET_POLICY, allow("s3:GetObject", Principal=OTHER_ACCOUNT))},
        {
            "changed": allowing(
                BUCKET_POLICY, allow("s3:GetObject", Principal={"AWS": "arn:aws:iam::111122223333:root"})
            )
        },
    ),
    ("public-access", {"others": [_group("0.0.0.0/0")]}, {"others": [_group("10.0.0.0/16")]}),
    (
        "public-access",
        updating(_OWNERSHIP, _OWNED, enabled(object_ownership="ObjectWriter")),
        updating(_OWNERSHIP, enabled(object_ownership="ObjectWriter"), _OWNED),
    ),
    (
        "public-access",
        updating(_OWNERSHIP, _OWNED, None),
        {"changed": {BUCKET: "delete"}, **updating(_OWNERSHIP, _OWNED, None)},
    ),
    (
        "public-access",
        {"changed": {_BLOCK: "delete"}, "others": [OTHER_BUCKET_DELETED]},
        {"changed": {_BLOCK: "delete", BUCKET: "delete"}},
    ),
    (
        "vpc-removed",
        {"changed": {MODEL: new({"name": "b", "vpc_config": []})}},
        {"changed": {MODEL: new({"name": "b"})}},
    ),
    (
        "vpc-removed",
        {"changed": {"aws_vpc_endpoint.Runtime": "delete"}},
        {"changed": {"aws_vpc_endpoint.Runtime": {"tags": {"a": "b"}}}},
    ),
    (
        "vpc-removed",
        updating("aws_vpc_endpoint.E", {"private_dns_enabled": True}, {"private_dns_enabled": False}),
        updating("aws_vpc_endpoint.E", {"private_dns_enabled": False}, {"private_dns_enabled": True}),
    ),
    (
        "network-changed",
        {"changed": {MODEL: new({"vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-9"]}]})}},
        {"changed": {MODEL: new({"vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}]})}},
    ),
    (
        "ssm-access-on",
        {"changed": updated(configuration(enable_ssm_access=True))},
        {"changed": updated(configuration())},
    ),
]
