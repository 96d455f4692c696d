"""The indexes find the same grants as a comparison with every grant."""

from hypothesis import given, settings
from hypothesis import strategies as st

from protected_endpoints.review.analysis.covering import CoveringIndex
from protected_endpoints.review.analysis.grant import Grant

_PRINCIPALS = st.sampled_from(["*", "role/a", "role/ab", "role/*", "all except role/a", ""])
_ACTIONS = st.sampled_from(
    ["s3:*", "s3:Get*", "s3:getobject", "s3:GetObject", "s3:GetObjectAcl", "*", "all except s3:*"]
)
_RESOURCES = st.sampled_from(
    [
        *("*", "b", "b/*", "b/c", "b/?", "bc/*", "b[c]/*", "b[c]/d", "*/c", "all except b", "all except b*"),
        *("*bucket*", "bucket-1", "my-bucket/*", "my-bucket-?/*", "my-bucket-1/key", "my-*-1/key"),
    ]
)
_GRANTS = st.builds(Grant, _PRINCIPALS, _ACTIONS, _RESOURCES, st.sampled_from(["", '{"Bool": {}}', '{"Null": {}}']))


@settings(max_examples=500, deadline=None)
@given(st.lists(_GRANTS, max_size=12), _GRANTS)
def test_a_covering_grant_is_found(grants: list[Grant], grant: Grant) -> None:
    assert CoveringIndex(grants).covers(grant) is any(other.covers(grant) for other in grants)


@settings(max_examples=500, deadline=None)
@given(st.lists(_GRANTS, max_size=12, unique=True), st.lists(_GRANTS, max_size=4))
def test_a_wider_grant_is_found_once(grants: list[Grant], others: list[Grant]) -> None:
    index, remaining = CoveringIndex(grants), [*grants]
    for grant in others:
        wider = [other for other in remaining if other.principal == grant.principal and other.covers(grant)]
        assert sorted(index.remove_wider(grant)) == sorted(wider)
        remaining = [other for other in remaining if other not in wider]


def test_grants_of_two_addresses_are_found_together() -> None:
    grants = [Grant("role/a", "s3:Get*", "b/*", "", address=address) for address in ("x.X", "y.Y")]
    assert CoveringIndex(grants).remove_wider(Grant("role/a", "s3:GetObject", "b/c", "")) == grants
