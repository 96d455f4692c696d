"""Who may write to the bucket for captured data, and who may read what is in it."""

from protected_endpoints.deployment.names import Names
from protected_endpoints.policies import Document, document
from protected_endpoints.policies.bucket_statements import at_rest, in_transit, never


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
