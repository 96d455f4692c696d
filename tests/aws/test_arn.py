"""An ARN is parsed into its parts, and any other text is an error."""

import pytest

from protected_endpoints.aws.arn import Arn


@pytest.mark.parametrize(
    ("text", "region", "account_id", "name"),
    [
        ("arn:aws:iam::111122223333:role/service/checkout", "", "111122223333", "checkout"),
        ("arn:aws-cn:kms:cn-north-1:111122223333:key/1234", "cn-north-1", "111122223333", "1234"),
        ("arn:aws:s3:::bucket/a/b", "", "", "b"),
        ("arn:aws:sns:us-west-2:111122223333:topic:x", "us-west-2", "111122223333", "topic:x"),
    ],
)
def test_an_arn_is_parsed_and_formatted(text: str, region: str, account_id: str, name: str) -> None:
    arn = Arn.parse(text)
    assert (arn.region, arn.account_id, arn.name, str(arn)) == (region, account_id, name, text)


@pytest.mark.parametrize("text", ["", "role", "arn:aws:iam::1", "urn:aws:iam::1:role/a"])
def test_any_other_text_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not an ARN"):
        Arn.parse(text)
