"""The policies of the bucket and the key for the records of a trail, and of those who read them."""

from protected_endpoints.deployment import AuditDeployment
from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.policies.bucket_statements import deny_all, transport_denies
from protected_endpoints.policies.document import Condition, Document, allow, document
from protected_endpoints.policies.kms_key import administration_statements, key_denies, s3_key_usage
from protected_endpoints.policies.s3_data import account_condition, key_condition

_CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
_CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"


def bucket_policy(audit: AuditDeployment) -> Document:
    """Return the bucket policy: the trail writes, readers read, and no principal deletes.

    S3 accepts the requests of a service only if the policy allows them (CloudTrail, bucket policy for trails). The
    lifecycle configuration expires records, and bucket policies do not apply to lifecycle actions.
    """
    names, readers = audit.names, audit.environment.audit.readers
    bucket = names.bucket_arn(names.audit_bucket)
    objects = f"{bucket}/*"
    return document(
        allow(
            "TrailReadsTheAcl",
            Principal=_CLOUDTRAIL,
            Action="s3:GetBucketAcl",
            Resource=bucket,
            Condition=_for_the_trail(names),
        ),
        allow(
            "TrailWrites",
            Principal=_CLOUDTRAIL,
            Action="s3:PutObject",
            Resource=f"{bucket}/AWSLogs/{names.account_id}/*",
            Condition={
                **_for_the_trail(names),
                "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"},
            },
        ),
        *transport_denies(names, names.audit_bucket),
        deny_all(
            "OnlyCloudTrailWrites",
            ["s3:PutObject", "s3:ReplicateObject"],
            objects,
            {"StringNotEquals": {"aws:PrincipalServiceName": _CLOUDTRAIL["Service"]}},
        ),
        deny_all(
            "OnlyReadersRead",
            ["s3:GetObject", "s3:GetObjectVersion"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": [*readers]}} if readers else None,
        ),
        deny_all("NobodyDeletes", ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ReplicateDelete"], objects, None),
    )


def key_policy(audit: AuditDeployment) -> Document:
    """Return the key policy: the account administers the key, the trail encrypts with it, and readers decrypt."""
    names, readers = audit.names, audit.environment.audit.readers
    statements = [
        *administration_statements(names, []),
        allow(
            "TrailEncrypts",
            Principal=_CLOUDTRAIL,
            Action="kms:GenerateDataKey*",
            Resource="*",
            Condition={**_for_the_trail(names), "StringEquals": {_CONTEXT: names.trail_arn}},
        ),
        allow(
            "TrailSeesTheKey",
            Principal=_CLOUDTRAIL,
            Action="kms:DescribeKey",
            Resource="*",
            Condition=_for_the_trail(names),
        ),
    ]
    if readers:
        contexts = [names.objects_arn(_records(names))]
        statements.append(s3_key_usage(names, "ReadersDecryptThroughS3", contexts, "kms:Decrypt", sorted(readers)))
    return document(*statements, *key_denies())


def read_policy(names: EnvironmentNames, *, key_arn: str) -> Document:
    """Return the identity policy of readers; the policies of bucket and key allow them as well."""
    contexts = [names.objects_arn(_records(names))]
    return document(
        allow(
            "List",
            Action=["s3:GetBucketLocation", "s3:ListBucket"],
            Resource=names.bucket_arn(names.audit_bucket),
            Condition=account_condition(names.account_id),
        ),
        allow(
            "Read",
            Action=["s3:GetObject", "s3:GetObjectVersion"],
            Resource=names.objects_arn(_records(names)),
            Condition={"Bool": {"aws:SecureTransport": "true"}, **account_condition(names.account_id)},
        ),
        allow("DecryptThroughS3", Action="kms:Decrypt", Resource=key_arn, Condition=key_condition(names, contexts)),
    )


def _records(names: EnvironmentNames) -> S3Location:
    return S3Location(bucket=names.audit_bucket, key="AWSLogs")


def _for_the_trail(names: EnvironmentNames) -> Condition:
    """Return the condition that CloudTrail acts for this trail, and not for a trail of another account."""
    return {"ArnEquals": {"aws:SourceArn": names.trail_arn}}
