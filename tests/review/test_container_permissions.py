"""Permissions of a container block a change of a deployed endpoint, and the plan that creates it."""

from datetime import date

import pytest

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.prices import Prices
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules import findings
from tests.review.fragments import DEPLOYED, ROLE, change, document, raw

_STATEMENT = {
    "Sid": "Permission1",
    "Effect": "Allow",
    "Action": ["sagemaker:GetRecord"],
    "Resource": ["arn:aws:sagemaker:us-west-2:111122223333:feature-group/risk"],
}
_POLICY = {"name": "version-1", "role": ROLE, "policy": document(_STATEMENT)}


@pytest.mark.parametrize("is_deployed", [True, False])
def test_a_new_endpoint_blocks_as_a_deployed_one_does(is_deployed: bool) -> None:
    changes = [
        change(address, after if is_deployed else None, after, ("no-op",) if is_deployed else ("create",))
        for address, after in DEPLOYED.items()
    ]
    added = change("aws_iam_role_policy.Version", None, _POLICY, ("create",))
    plan = parse_plan(raw() | {"resource_changes": [*changes, added]}, "dev-kmeans", "plan.json")
    rules = {finding.rule for finding in findings(ReviewContext(plan, Prices(date(2026, 11, 1), {})))}
    assert "container-permission-added" in rules
