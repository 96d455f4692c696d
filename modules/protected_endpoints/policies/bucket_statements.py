"""The deny statements of every managed bucket."""

from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.policies.document import Condition, Statement, deny

_ENCRYPTION = "s3:x-amz-server-side-encryption"


def transport_denies(names: EnvironmentNames, bucket: str) -> list[Statement]:
    """Return the denials of requests without TLS, with TLS below 1.2, and from other accounts."""
    everything = [names.bucket_arn(bucket), f"{names.bucket_arn(bucket)}/*"]
    return [
        deny_all("NeverWithoutTls", "s3:*", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        deny_all("NeverBelowTls12", "s3:*", everything, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        deny_all(
            "NeverFromOtherAccounts",
            "s3:*",
            everything,
            {
                "StringNotEquals": {"aws:PrincipalAccount": names.account_id},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        ),
    ]


def encryption_denies(names: EnvironmentNames, bucket: str, *, key: str | list[str]) -> list[Statement]:
    """Return the denials of objects that are not encrypted with the KMS key of the bucket.

    `key` is the ARN of the key, or its ARN and that of its alias.

    A request without an encryption header uses the default encryption of the bucket, which is this key.
    """
    objects = f"{names.bucket_arn(bucket)}/*"
    return [
        deny_all(
            "NeverOtherEncryptionThanKms",
            "s3:PutObject",
            objects,
            {"StringNotEqualsIfExists": {_ENCRYPTION: "aws:kms"}, "Null": {_ENCRYPTION: "false"}},
        ),
        deny_all(
            "NeverAnotherKey",
            "s3:PutObject",
            objects,
            {
                "ArnNotEqualsIfExists": {f"{_ENCRYPTION}-aws-kms-key-id": key},
                "Null": {f"{_ENCRYPTION}-aws-kms-key-id": "false"},
            },
        ),
        deny_all(
            "NeverCustomerProvidedKeys",
            "s3:PutObject",
            objects,
            {"Null": {f"{_ENCRYPTION}-customer-algorithm": "false"}},
        ),
    ]


def deny_all(sid: str, action: str | list[str], resource: str | list[str], condition: Condition | None) -> Statement:
    """Return a denial for every principal, with a condition if there is one."""
    statement = deny(sid, Principal="*", Action=action, Resource=resource)
    return {**statement, "Condition": condition} if condition else statement
