"""Rules about locations that are a whole bucket."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("bucket-root-not-an-object")
def bucket_root_not_an_object(deployment: Deployment) -> Iterator[Problem]:
    """Model data is an object, or a prefix that ends with a slash (rules 15 and 17; S3ModelDataSource)."""
    for flow in deployment.model_data:
        if flow.path and flow.location.is_root and not flow.is_prefix:
            yield Problem(
                deployment.path(*flow.path),
                "is the root of a bucket and not an object",
                f'use the URI of an object, or "{flow.location.uri}/" for every object of the bucket',
                value=flow.uri,
            )


@endpoint_rule("bucket-root", "warning")
def bucket_root(deployment: Deployment) -> Iterator[Problem]:
    """Policies allow what is below a location, which for the root of a bucket is every object of it."""
    for kind, flows in deployment.data_flows.items():
        for flow in flows:
            if not flow.path or not flow.location.is_root or not flow.is_prefix:
                continue
            accesses = [
                f"the execution role can {'write' if kind.is_written else 'read'}",
                *(["its readers can read"] if flow.readers else []),
            ]
            yield Problem(
                deployment.path(*flow.path),
                f"is the root of a bucket: {' and '.join(accesses)} every object of {flow.location.bucket}",
                "use a prefix",
                value=flow.uri,
            )
