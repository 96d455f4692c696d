"""Permissions of a container block a change of a deployed endpoint, and the plan that creates it."""

import json
from datetime import date

import pytest

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.gains import EXECUTION_ACTIONS
from protected_endpoints.review.analysis.prices import Prices
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules import findings
from tests.examples import ROOT
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


def test_the_actions_of_execution_roles_are_those_of_the_synthesized_stacks() -> None:
    """Without the statements of `permissions`, which have actions of any service."""
    stacks = [json.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "tests/snapshots").glob("*/*.json")]
    documents = [
        json.loads(policy["policy"])
        for stack in stacks
        for name, policy in stack["resource"].get("aws_iam_role_policy", {}).items()
        if name.startswith("Role_")
    ]
    statements = [
        statement
        for document_ in documents
        for statement in document_["Statement"]
        if statement["Effect"] == "Allow" and not statement["Sid"].startswith("Permission")
    ]
    lists = [[actions] if isinstance(actions := item["Action"], str) else actions for item in statements]
    assert {action.lower() for actions in lists for action in actions} == EXECUTION_ACTIONS
