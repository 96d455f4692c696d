"""The accounts of AWS Marketplace are one for each region."""

from protected_endpoints.aws.marketplace import marketplace_account, marketplace_region


def test_an_account_has_a_region_and_a_region_an_account() -> None:
    assert marketplace_region("865070037744") == "us-east-1"
    assert marketplace_account("us-east-1") == "865070037744"


def test_other_accounts_and_regions_are_not_known() -> None:
    assert marketplace_region("111122223333") is None
    assert marketplace_account("eu-central-2") is None
