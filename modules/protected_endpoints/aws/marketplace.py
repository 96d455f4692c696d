"""The accounts of AWS that own the model packages of AWS Marketplace, one for each region.

A subscriber uses the package of a seller in the account of the region. AWS publishes no list; these are the accounts
in the tables of package ARNs that sellers publish for their products, which agree.
"""

_REGIONS = {
    "865070037744": "us-east-1",
    "057799348421": "us-east-2",
    "382657785993": "us-west-1",
    "594846645681": "us-west-2",
    "470592106596": "ca-central-1",
    "270155090741": "sa-east-1",
    "446921602837": "eu-central-1",
    "985815980388": "eu-west-1",
    "856760150666": "eu-west-2",
    "843114510376": "eu-west-3",
    "136758871317": "eu-north-1",
    "077584701553": "ap-south-1",
    "977537786026": "ap-northeast-1",
    "745090734665": "ap-northeast-2",
    "192199979996": "ap-southeast-1",
    "666831318237": "ap-southeast-2",
}


def marketplace_region(account_id: str) -> str | None:
    """Return the region in which an account owns packages of AWS Marketplace, or None for any other account."""
    return _REGIONS.get(account_id)


def marketplace_account(region: str) -> str | None:
    """Return the account of the packages of AWS Marketplace in a region, or None where it is not known."""
    return next((account for account, owned in _REGIONS.items() if owned == region), None)
