"""Access control lists of S3 buckets that let everyone in (Amazon S3 User Guide, "Canned ACL")."""

from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import Json, as_dict, as_list, first_block

_TYPES = ("aws_s3_bucket", "aws_s3_bucket_acl")
_PUBLIC = ("public-read", "public-read-write", "authenticated-read")
_GROUPS = ("/global/AllUsers", "/global/AuthenticatedUsers")


def opened_acl(change: Change) -> str:
    """Return the canned ACL, or the permission of a grant, that lets everyone in from now on, or an empty text."""
    if change.type not in _TYPES or change.is_deleted:
        return ""
    before, after = (_public_entries(side or {}) for side in (change.before, change.after))
    return ", ".join(sorted(after - before))


def _public_entries(attributes: Json) -> set[str]:
    policy = first_block(attributes.get("access_control_policy"))
    entries = {acl for acl in [attributes.get("acl")] if acl in _PUBLIC}
    for grant in map(as_dict, [*as_list(attributes.get("grant")), *as_list(policy.get("grant"))]):
        uri = str(grant.get("uri") or first_block(grant.get("grantee")).get("uri"))
        permissions = [grant.get("permission"), *as_list(grant.get("permissions"))]
        if uri.endswith(_GROUPS):
            entries |= {str(permission) for permission in permissions if permission}
    return entries
