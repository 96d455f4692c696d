"""Which instance types have eight or more accelerators: every type of an accelerated family is known."""

import re

from protected_endpoints.aws.instance_types import eight_or_more_accelerators, hosting_instance_types

_ACCELERATED = re.compile(r"ml\.(p|g[0-9]|inf|trn|dl)[\w-]*\.\w+")
# The types with fewer: the largest size of a family is listed, where it has fewer than eight.
_FEWER = {
    *(f"ml.{family}.{size}xlarge" for family in ("g5", "g6", "g6e", "g7", "g7e") for size in ("", 2, 4, 8, 12, 16, 24)),
    *(f"ml.g4dn.{size}xlarge" for size in ("", 2, 4, 8, 12, 16)),  # the eight of g4dn.metal are not hosted
    *(f"ml.inf1.{size}xlarge" for size in ("", 2, 6)),
    *(f"ml.inf2.{size}xlarge" for size in ("", 8, 24)),
    *("ml.p2.xlarge", "ml.p3.2xlarge", "ml.p3.8xlarge", "ml.p5.4xlarge", "ml.p6e-gb200.36xlarge", "ml.trn1.2xlarge"),
}


def test_every_accelerated_type_has_eight_or_more_accelerators_or_is_known_to_have_fewer() -> None:
    accelerated = {type_ for type_ in hosting_instance_types() if _ACCELERATED.fullmatch(type_)}
    assert {type_ for type_ in accelerated if not eight_or_more_accelerators(type_)} <= _FEWER
    assert {type_ for type_ in _FEWER if eight_or_more_accelerators(type_)} == set()


def test_the_numbers_are_those_of_ec2() -> None:
    types = ("ml.p5.48xlarge", "ml.trn1.32xlarge", "ml.inf2.48xlarge", "ml.p2.16xlarge", "ml.m5.24xlarge")
    assert [eight_or_more_accelerators(type_) for type_ in types] == [8, 16, 12, 16, None]
