"""The policy of roles that read the output of an endpoint in S3."""

from protected_endpoints.deployment.data_flows import ReadableOutput
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.policies.document import Document, Statement, allow, document
from protected_endpoints.policies.s3_data import account_condition, encryption_contexts, key_condition, list_condition


def read_policy(names: EndpointNames, output: ReadableOutput, *, key_arn: str) -> Document:
    """Return the identity policy of the readers of an output; the policies of bucket and key have to allow it too.

    `aws:ResourceAccount` excludes a bucket of the same name that another account creates after this one is deleted.
    """
    return document(
        *(_list_statement(names, number, location) for number, location in enumerate(output.locations, 1)),
        allow(
            "Read",
            Action=["s3:GetObject", "s3:GetObjectVersion"],
            Resource=[names.objects_arn(location) for location in output.locations],
            Condition={"Bool": {"aws:SecureTransport": "true"}, **account_condition(names.account_id)},
        ),
        allow(
            "DecryptThroughS3",
            Action="kms:Decrypt",
            Resource=key_arn,
            Condition=key_condition(names, encryption_contexts(names, output.flows)),
        ),
    )


def _list_statement(names: EndpointNames, number: int, location: S3Location) -> Statement:
    """Return a statement for one location, because every prefix is allowed in its own bucket only."""
    return allow(
        f"List{number}",
        Action="s3:ListBucket",
        Resource=names.bucket_arn(location.bucket),
        Condition={**account_condition(names.account_id), **list_condition(location)},
    )
