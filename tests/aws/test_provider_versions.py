"""Which versions of the AWS provider a constraint allows, by Terraform's rules."""

import pytest

from protected_endpoints.aws.provider_versions import satisfies
from protected_endpoints.config import Project


def test_the_default_excludes_the_versions_that_remove_the_block_of_customer_provided_keys() -> None:
    default = Project(name="acme").aws_provider_version
    assert [version for version in ("5.100.0", "6.22.0", "6.25.0", "6.39.0") if satisfies(version, default)] == []
    assert [version for version in ("6.40.0", "6.54.0", "6.99.1") if not satisfies(version, default)] == []
    assert not satisfies("7.0.0", default)


@pytest.mark.parametrize(
    ("constraint", "allowed", "rejected"),
    [
        ("6.54.0", "6.54.0", "6.54.1"),
        ("= 6.54", "6.54.0", "6.54.1"),
        ("~> 6.54.0", "6.54.3", "6.55.0"),
        ("~> 6.54", "6.99.0", "7.0.0"),
        ("> 6.40, != 6.54.0", "6.54.1", "6.54.0"),
        (">= 6.40, <= 6.54", "6.54.0", "6.54.1"),
    ],
)
def test_a_constraint_allows_the_versions_that_terraform_allows(constraint: str, allowed: str, rejected: str) -> None:
    assert satisfies(allowed, constraint)
    assert not satisfies(rejected, constraint)
