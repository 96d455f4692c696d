"""Who may write and read what was recorded of requests and responses."""

from typing import Any

from modules.names import Names, S3Location
from modules.policies import Document, Statement, allow, deny, document
from modules.policies.execution import capture_context


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


def reading(names: Names, *, key_arn: str, capture: S3Location) -> Document:
    """Return what a reader of captured data needs beside what bucket and key policy leave open.

    `aws:ResourceAccount` keeps out a bucket of the same name that somebody else made after ours was deleted.
    """
    in_this_account = {"aws:ResourceAccount": names.account_id}
    return document(
        allow(
            "ListCapturedData",
            Action="s3:ListBucket",
            Resource=names.bucket_arn(capture.bucket),
            Condition={"StringEquals": in_this_account, "StringLike": {"s3:prefix": f"{capture.key}/*"}},
        ),
        allow(
            "ReadCapturedData",
            Action=["s3:GetObject", "s3:GetObjectVersion"],
            Resource=names.objects_arn(capture),
            Condition={"Bool": {"aws:SecureTransport": "true"}, "StringEquals": in_this_account},
        ),
        allow(
            "DecryptCapturedDataThroughS3",
            Action="kms:Decrypt",
            Resource=key_arn,
            Condition={
                "StringEquals": {"kms:ViaService": names.via("s3")},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": capture_context(names, capture)},
            },
        ),
    )


def _never(sid: str, action: str | list[str], resource: str | list[str], condition: Any) -> Statement:
    statement = deny(sid, Principal="*", Action=action, Resource=resource)
    return {**statement, "Condition": condition} if condition else statement
