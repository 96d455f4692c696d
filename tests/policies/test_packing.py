"""Statements are packed into the fewest managed policies, in order, and a long list of resources is split."""

from protected_endpoints.policies.document import Statement, allow, deny
from protected_endpoints.policies.packing import MAX_POLICY_SIZE, named_policies, pack, size


def _statement(sid: str, resources: int) -> Statement:
    return allow(
        sid, Action="s3:GetObject", Resource=[f"arn:aws:s3:::bucket/{number:04}" for number in range(resources)]
    )


def test_statements_that_fit_are_one_policy_with_the_plain_name() -> None:
    statements = [_statement("First", 10), _statement("Second", 10)]
    assert [policy["Statement"] for policy in pack(statements)] == [statements]
    assert [*named_policies("acme-dev-planner", statements)] == ["acme-dev-planner"]


def test_statements_that_do_not_fit_are_several_numbered_policies_in_order() -> None:
    statements = [_statement(sid, 120) for sid in ("First", "Second", "Third")]
    policies = named_policies("acme-dev-deployer", statements)
    assert [*policies] == ["acme-dev-deployer-1", "acme-dev-deployer-2", "acme-dev-deployer-3"]
    assert [statement for policy in policies.values() for statement in policy["Statement"]] == statements


def test_a_statement_longer_than_a_policy_is_split_by_its_resources() -> None:
    (statement,) = long = [_statement("Long", 600)]
    policies = pack(long)
    assert all(size(policy) <= MAX_POLICY_SIZE for policy in policies)
    parts = [part for policy in policies for part in policy["Statement"]]
    assert len({part["Sid"] for part in parts}) == len(parts) > 2
    assert [arn for part in parts for arn in part["Resource"]] == statement["Resource"]


def test_a_denial_with_excluded_resources_is_never_split() -> None:
    excluded = [f"arn:aws:sagemaker:us-west-2:111122223333:model/{number:04}" for number in range(200)]
    statement = deny("NeverWithoutIsolation", Action="sagemaker:CreateModel", NotResource=excluded)
    assert [policy["Statement"] for policy in pack([statement])] == [[statement]]
