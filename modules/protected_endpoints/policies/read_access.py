"""What somebody needs who reads what an endpoint wrote."""

from collections.abc import Sequence

from protected_endpoints.deployment.names import Names
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.policies import Document, Statement, allow, document
from protected_endpoints.policies.model_access import s3_contexts, s3_key_condition


def reading(names: Names, *, key_arn: str, places: Sequence[S3Location]) -> Document:
    """Return what a reader needs beside what the policies of bucket and key leave open.

    `aws:ResourceAccount` keeps out a bucket of the same name that somebody else made after ours was deleted.
    """
    in_this_account = {"aws:ResourceAccount": names.account_id}
    return document(
        *(_listing(names, number, place) for number, place in enumerate(places, 1)),
        allow(
            "Read",
            Action=["s3:GetObject", "s3:GetObjectVersion"],
            Resource=[names.objects_arn(place) for place in places],
            Condition={"Bool": {"aws:SecureTransport": "true"}, "StringEquals": in_this_account},
        ),
        allow(
            "DecryptThroughS3",
            Action="kms:Decrypt",
            Resource=key_arn,
            Condition=s3_key_condition(names, s3_contexts(names, places)),
        ),
    )


def _listing(names: Names, number: int, place: S3Location) -> Statement:
    """Return one statement for each place, because its prefix has to be in its own bucket."""
    return allow(
        f"List{number}",
        Action="s3:ListBucket",
        Resource=names.bucket_arn(place.bucket),
        Condition={
            "StringEquals": {"aws:ResourceAccount": names.account_id},
            "StringLike": {"s3:prefix": f"{place.key}/*"},
        },
    )
