"""Data that AWS publishes in botocore: regions, partitions, and the enumerations of SageMaker's API.

Only the data files of botocore are read, botocore itself is not imported. A newer botocore adds new regions and
instance types.
"""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Partition:
    """A group of regions with its own ARNs and host names, such as `aws` and `aws-cn`."""

    id: str
    dns_suffix: str


@cache
def regions() -> dict[str, Partition]:
    """Return the partition of every region in botocore, by the name of the region."""
    partitions = json.loads((_botocore_data() / "partitions.json").read_bytes())["partitions"]
    return {
        region: Partition(id=partition["id"], dns_suffix=partition["outputs"]["dnsSuffix"])
        for partition in partitions
        for region in partition["regions"]
        if not region.endswith("-global")
    }


@cache
def api_enum(shape: str) -> tuple[str, ...]:
    """Return the sorted values of an enumeration of SageMaker's API, by the name of its shape."""
    return tuple(sorted(_shape(_sagemaker(), shape)["enum"]))


@cache
def _sagemaker() -> str:
    """Return the service model, a JSON document of 3 MB."""
    versions = (_botocore_data() / "sagemaker").glob("*/service-2.json.gz")
    return gzip.decompress(max(versions).read_bytes()).decode()


def _shape(service_model: str, name: str) -> dict[str, Any]:
    """Return a shape of a service model, which is parsed alone: all of them would take twelve milliseconds."""
    before, key, after = service_model.partition(f'"{name}":{{')
    shape: dict[str, Any]
    if not key or key in after:  # another layout of the file
        shape = json.loads(service_model)["shapes"][name]
    else:
        shape, _ = json.JSONDecoder().raw_decode(service_model, len(before) + len(key) - 1)
    return shape


def _botocore_data() -> Path:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore is not installed", name="botocore")
    return Path(spec.origin).parent / "data"
