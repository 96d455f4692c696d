"""Who may write and read what was recorded of requests and responses."""

from modules.names import Names, S3Location
from modules.policies import Document, allow, document
from modules.policies.buckets import at_rest, in_transit, never
from modules.policies.version import s3_contexts


def bucket(names: Names, *, key_arn: str, readers: tuple[str, ...]) -> Document:
    """Return the policy of the made bucket, which only denies: what it leaves open needs an identity policy too."""
    objects = f"{names.bucket_arn(names.capture_bucket)}/*"
    return document(
        *in_transit(names, names.capture_bucket),
        never(
            "OnlyTheExecutionRoleWrites",
            "s3:PutObject",
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": names.role_arn}},
        ),
        never(
            "OnlyReadersRead",
            ["s3:GetObject", "s3:GetObjectVersion"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": [*readers]}} if readers else None,
        ),
        *at_rest(names, names.capture_bucket, key=key_arn),
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
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": s3_contexts(names, [capture])},
            },
        ),
    )
