"""Who may write to the bucket for captured data, and who may read what is in it."""

from typing import Any

from modules.names import Names
from modules.policies import Document, Statement, deny, document


def bucket(names: Names, *, key_arn: str, readers: tuple[str, ...]) -> Document:
    """Return the policy of the made bucket, which only denies: what it leaves open needs an identity policy too."""
    everything = [names.bucket_arn(names.capture_bucket), f"{names.bucket_arn(names.capture_bucket)}/*"]
    objects = everything[1]
    header = "s3:x-amz-server-side-encryption"
    return document(
        _never("NeverWithoutTls", "s3:*", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        _never("NeverBelowTls12", "s3:*", everything, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        _never(
            "NeverFromOtherAccounts",
            "s3:*",
            everything,
            {
                "StringNotEquals": {"aws:PrincipalAccount": names.account_id},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        ),
        _never(
            "OnlyTheExecutionRoleWrites",
            "s3:PutObject",
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": names.role_arn}},
        ),
        _never(
            "OnlyReadersRead",
            ["s3:GetObject", "s3:GetObjectVersion"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": [*readers]}} if readers else None,
        ),
        # A request without the header takes the bucket's default, which is this key.
        _never(
            "NeverOtherEncryptionThanKms",
            "s3:PutObject",
            objects,
            {"StringNotEqualsIfExists": {header: "aws:kms"}, "Null": {header: "false"}},
        ),
        _never(
            "NeverAnotherKey",
            "s3:PutObject",
            objects,
            {
                "ArnNotEqualsIfExists": {f"{header}-aws-kms-key-id": key_arn},
                "Null": {f"{header}-aws-kms-key-id": "false"},
            },
        ),
        _never(
            "NeverCustomerProvidedKeys",
            "s3:PutObject",
            objects,
            {"Null": {f"{header}-customer-algorithm": "false"}},
        ),
    )


def _never(sid: str, action: str | list[str], resource: str | list[str], condition: Any) -> Statement:
    statement = deny(sid, Principal="*", Action=action, Resource=resource)
    return {**statement, "Condition": condition} if condition else statement
