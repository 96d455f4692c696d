"""A principal that a denial exempts has a permission more, if another policy allows it."""

from typing import Any

from tests.review.fragments import ACCOUNT, change, document, findings_by_rule

_RUNNING = "aws_iam_role_policy.Running"


def test_an_exempted_principal_is_reported_once() -> None:
    def denying(*names: str) -> str:
        condition = {"ArnNotEquals": {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in names]}}
        return document(
            {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "x", "Condition": condition}
        )

    def exempted(**more: Any) -> list[str]:
        policies = ({"bucket": "b", "policy": denying("a")}, {"bucket": "b", "policy": denying("a", "c")})
        changed = change("aws_s3_bucket_policy.B", *policies, ("update",))
        given = findings_by_rule(more.get("changed"), changed)
        assert "deny-removed" not in given
        return [message for message in given.get("iam-added", []) if "is exempt from" in message]

    assert exempted() == [f"`arn:aws:iam::{ACCOUNT}:role/c` is exempt from the deny of `s3:GetObject` on `x`."]
    given = {_RUNNING: {"role": "c", "policy": document({"Effect": "Allow", "Action": "s3:Get*", "Resource": "x"})}}
    assert exempted(changed=given) == []


def test_the_first_exempted_principal_does_not_remove_the_denial() -> None:
    """The first reader of a bucket whose objects nobody reads yet."""
    denial = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "x"}
    exempting = {"ArnNotEquals": {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/reader"]}}
    after = document({**denial, "Condition": exempting})
    bucket = change("aws_s3_bucket_policy.X", {"policy": document(denial)}, {"policy": after}, ("update",))
    found = findings_by_rule(None, bucket)
    assert "deny-removed" not in found
    assert any("is exempt from" in message for message in found["iam-added"])


def test_an_exempted_principal_of_another_account_blocks() -> None:
    def denying(*roles: str) -> str:
        condition = {"ArnNotEquals": {"aws:PrincipalArn": [*roles]}}
        return document({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "x", "Condition": condition})

    roles = [f"arn:aws:iam::{account}:role/reader" for account in (ACCOUNT, "999988887777")]
    before, after = ({"bucket": "b", "policy": denying(*roles[:count])} for count in (1, 2))
    reported = findings_by_rule({}, change("aws_s3_bucket_policy.B", before, after, ("update",)))
    assert reported["deny-removed"] == [
        f"`{roles[1]}` is exempt from the deny of `s3:*` on `x`. It is in another account."
    ]
    assert "iam-added" not in reported
