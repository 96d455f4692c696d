"""The rule about locations that are a whole bucket."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("bucket-root", "warning")
def bucket_root(deployment: Deployment) -> Iterator[Problem]:
    """Policies allow what is below a location, which for the root of a bucket is every object of it."""
    for kind, flows in deployment.data_flows.items():
        for flow in flows:
            if not flow.path or not flow.location.is_root:
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
