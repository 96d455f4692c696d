"""The access to S3 that a container needs to read the URIs in its environment variables by itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from protected_endpoints.aws.arn import resource_includes
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.s3_location import S3Location

_OBJECT = "config.json"  # stands for every object below a prefix
_EXTENSION = re.compile(r"\.[A-Za-z]\w*$")  # not the number of a version, as in llama-3.1
_NOT_IN_ARN = re.compile(r"[${}%*?]")  # a placeholder in a URI, such as s3://bucket/{name}/, begins a prefix


@dataclass(frozen=True)
class S3Access:
    """One IAM action on one S3 resource."""

    action: str
    resource: str
    prefixes: tuple[str, ...] = ()
    """Prefixes that are listed, for the condition key `s3:prefix`. Empty for the whole bucket and for objects."""


def missing_access(deployment: Deployment, uris: Iterable[str]) -> list[S3Access]:
    """Return the access to S3 URIs that `permissions` do not allow.

    An object needs `s3:GetObject`, a prefix also `s3:ListBucket`. A URI without a file extension is a prefix.
    Conditions of permissions are not evaluated.
    """
    needed = dict.fromkeys(access for uri in uris for access in _needed(deployment, uri))
    return [access for access in needed if not _is_allowed(deployment, access)]


def _needed(deployment: Deployment, uri: str) -> Iterator[S3Access]:
    bucket, _, path = uri.partition("://")[2].partition("/")
    key = _NOT_IN_ARN.split(path)[0]
    location, names = S3Location(bucket, key.rstrip("/")), deployment.names
    if key == path and _EXTENSION.search(key):
        yield S3Access("s3:GetObject", names.object_arn(location))
    elif location.key:
        yield S3Access("s3:GetObject", names.objects_arn(location))
        yield S3Access("s3:ListBucket", names.bucket_arn(bucket), (location.key, f"{location.key}/*"))
    else:
        yield S3Access("s3:GetObject", f"{names.bucket_arn(bucket)}/*")
        yield S3Access("s3:ListBucket", names.bucket_arn(bucket))


def _is_allowed(deployment: Deployment, access: S3Access) -> bool:
    arn = access.resource.removesuffix("*") + (_OBJECT if access.resource.endswith("*") else "")
    return any(
        access.action.lower() in map(str.lower, permission.actions)
        and any(resource_includes(pattern, arn) for pattern in permission.resources)
        for permission in deployment.endpoint.permissions
    )
