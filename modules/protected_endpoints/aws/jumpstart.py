"""The S3 buckets from which SageMaker JumpStart serves model data, one of each kind in each region.

Source: `jumpstart/region_config.json` of the SageMaker Python SDK. AWS does not document the account of the buckets.
"""

import re
from dataclasses import dataclass

# Outside of these regions, a bucket with such a name can belong to anyone.
_REGIONS = frozenset(
    [
        "af-south-1",
        "ap-east-1",
        "ap-east-2",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-south-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-central-1",
        "ca-west-1",
        "cn-north-1",
        "cn-northwest-1",
        "eu-central-1",
        "eu-central-2",
        "eu-north-1",
        "eu-south-1",
        "eu-south-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "mx-central-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-west-1",
        "us-west-2",
    ]
)
_NAME = re.compile(r"jumpstart-(?P<gated>private-)?cache-prod-(?P<region>[a-z0-9-]+)")


@dataclass(frozen=True)
class JumpStartBucket:
    """A bucket of JumpStart."""

    region: str
    is_gated: bool
    """Whether its models require the acceptance of a license agreement."""

    @classmethod
    def parse(cls, bucket: str) -> "JumpStartBucket | None":
        """Return the bucket of JumpStart with a name, or None for any other bucket."""
        match = _NAME.fullmatch(bucket)
        if not match or match["region"] not in _REGIONS:
            return None
        return cls(match["region"], is_gated=match["gated"] is not None)

    def in_region(self, region: str) -> str | None:
        """Return the name of the bucket of the same kind in another region, or None where JumpStart has none."""
        return f"jumpstart-{'private-' if self.is_gated else ''}cache-prod-{region}" if region in _REGIONS else None
