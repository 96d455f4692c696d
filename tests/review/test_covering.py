"""The indexes find the same grants as a comparison with every grant."""

from hypothesis import given, settings
from hypothesis import strategies as st

from protected_endpoints.review.analysis.covering import CoveredIndex, CoveringIndex
from protected_endpoints.review.analysis.grant import Grant

_PRINCIPALS = st.sampled_from(["*", "role/a", "role/ab", "role/*", "all except role/a", ""])
_ACTIONS = st.sampled_from(
    ["s3:*", "s3:Get*", "s3:getobject", "s3:GetObject", "s3:GetObjectAcl", "*", "all except s3:*"]
)
_RESOURCES = st.sampled_from(
    ["*", "b", "b/*", "b/c", "b/?", "bc/*", "b[c]/*", "b[c]/d", "*/c", "all except b", "all except b*"]
)
_GRANTS = st.builds(Grant, _PRINCIPALS, _ACTIONS, _RESOURCES, st.sampled_from(["", '{"Bool": {}}', '{"Null": {}}']))


@settings(max_examples=500, deadline=None)
@given(st.lists(_GRANTS, max_size=12), _GRANTS)
def test_a_covering_grant_is_found(grants: list[Grant], grant: Grant) -> None:
    assert CoveringIndex(grants).covers(grant) is any(other.covers(grant) for other in grants)


@settings(max_examples=500, deadline=None)
@given(st.lists(_GRANTS, max_size=12, unique=True), _GRANTS)
def test_covered_grants_are_found(grants: list[Grant], grant: Grant) -> None:
    covered = [
        other for other in grants if other.principal == grant.principal and grant != other and grant.covers(other)
    ]
    assert sorted(CoveredIndex(grants).covered_by(grant)) == sorted(covered)
