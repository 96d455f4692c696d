"""Who may write to the bucket for captured data, and who may read what is in it."""

from protected_endpoints.deployment.names import Names
from protected_endpoints.policies import Document, document
from protected_endpoints.policies.bucket_statements import deny_all, encryption_denies, transport_denies


def bucket(names: Names, *, key_arn: str, readers: tuple[str, ...]) -> Document:
    """Return the policy of the made bucket, which only denies: what it leaves open needs an identity policy too."""
    objects = f"{names.bucket_arn(names.capture_bucket)}/*"
    return document(
        *transport_denies(names, names.capture_bucket),
        deny_all(
            "OnlyTheExecutionRoleWrites",
            "s3:PutObject",
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": names.role_arn}},
        ),
        deny_all(
            "OnlyReadersRead",
            ["s3:GetObject", "s3:GetObjectVersion"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": [*readers]}} if readers else None,
        ),
        *encryption_denies(names, names.capture_bucket, key=key_arn),
    )
