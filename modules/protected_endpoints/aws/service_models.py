"""Define what AWS publishes about itself: regions, partitions and the instance types that SageMaker hosts.

Read from botocore's data files, without importing botocore, so that a newer botocore is all that a new region or
instance type needs.
"""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Partition:
    """Define a group of regions that has ARNs and host names of its own."""

    id: str
    dns_suffix: str


@cache
def regions() -> dict[str, Partition]:
    """Return the partition of every region that botocore knows."""
    listed = json.loads((_botocore_data() / "partitions.json").read_bytes())["partitions"]
    return {
        region: Partition(id=partition["id"], dns_suffix=partition["outputs"]["dnsSuffix"])
        for partition in listed
        for region in partition["regions"]
        if not region.endswith("-global")
    }


@cache
def api_enum(shape: str) -> tuple[str, ...]:
    """Return what a value of SageMaker's API may be, sorted, by the name of its shape."""
    return tuple(sorted(_sagemaker()[shape]["enum"]))


def hosting_instance_types() -> tuple[str, ...]:
    """Return the instance types that CreateEndpointConfig accepts, sorted."""
    return api_enum("ProductionVariantInstanceType")


# EC2 families whose instances carry NVMe storage of their own, which the endpoint's key does not encrypt. SageMaker
# publishes no such list; this is EC2's, for the families that SageMaker hosts. A coming general-purpose family is
# recognised by the "d" of its name (m8gd); an accelerated one has to be added.
_NVME_FAMILY = re.compile(r"g4dn|g5|g6e?|g7e?|p4de?|p5(en|e)?|p6e?-\w+|dl1|trn1n?|trn2|[a-z]\d+[a-z]?d")


def has_local_storage(instance_type: str) -> bool:
    """Return whether an instance type such as `ml.g5.xlarge` has NVMe storage of its own."""
    return _NVME_FAMILY.fullmatch(instance_type.split(".")[1]) is not None


@cache
def _sagemaker() -> dict[str, Any]:
    versions = (_botocore_data() / "sagemaker").glob("*/service-2.json.gz")
    shapes: dict[str, Any] = json.loads(gzip.decompress(max(versions).read_bytes()))["shapes"]
    return shapes


def _botocore_data() -> Path:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore is not installed; run: pip install -r requirements.txt")
    return Path(spec.origin).parent / "data"
