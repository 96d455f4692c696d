"""The policy of the managed bucket for captured data."""

from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.policies.bucket_statements import deny_all, encryption_denies, transport_denies
from protected_endpoints.policies.document import Document, document


def bucket_policy(names: EndpointNames, *, key_arn: str, execution_role_arn: str, readers: tuple[str, ...]) -> Document:
    """Return the bucket policy. It has denials only: what it does not deny needs an identity policy."""
    objects = f"{names.bucket_arn(names.capture_bucket)}/*"
    return document(
        *transport_denies(names, names.capture_bucket),
        deny_all(
            "OnlyTheExecutionRoleWrites",
            "s3:PutObject",
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": execution_role_arn}},
        ),
        deny_all(
            "OnlyReadersRead",
            ["s3:GetObject", "s3:GetObjectVersion"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": [*readers]}} if readers else None,
        ),
        *encryption_denies(names, names.capture_bucket, key=key_arn),
    )
