"""vCPUs and GPUs of instance types, compared with EC2's own description of them."""

import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from protected_endpoints.aws.instance_sizes import gpus, neuron_cores, vcpus
from protected_endpoints.aws.instance_types import architecture_of, hosting_instance_types

# The copy of EC2's DescribeInstanceTypes in moto lacks these families.
_NOT_IN_COPY = ("ml.p2.", "ml.p3.", "ml.dl1.", "ml.p6e-gb200.")


@cache
def _described() -> dict[str, Any]:
    content = files("moto.ec2.resources").joinpath("instance_types.json.gz").read_bytes()
    types: dict[str, Any] = json.loads(gzip.decompress(content))
    return types


def _in_copy() -> list[str]:
    return [name for name in hosting_instance_types() if not name.startswith(_NOT_IN_COPY)]


def test_vcpus_are_those_that_ec2_describes() -> None:
    described = {name: _described()[name.removeprefix("ml.")]["VCpuInfo"]["DefaultVCpus"] for name in _in_copy()}
    assert {name: vcpus(name) for name in _in_copy()} == described


def test_gpus_are_those_that_ec2_describes() -> None:
    described = {
        name: sum(gpu["Count"] for gpu in _described()[name.removeprefix("ml.")].get("GpuInfo", {}).get("Gpus", []))
        for name in _in_copy()
    }
    assert {name: gpus(name) for name in _in_copy()} == described


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("ml.p2.xlarge", (4, 1)),
        ("ml.p2.8xlarge", (32, 8)),
        ("ml.p2.16xlarge", (64, 16)),
        ("ml.p3.2xlarge", (8, 1)),
        ("ml.p3.8xlarge", (32, 4)),
        ("ml.p3.16xlarge", (64, 8)),
        ("ml.dl1.24xlarge", (96, 0)),
        ("ml.p6e-gb200.36xlarge", (144, 4)),
    ],
)
def test_types_that_are_missing_there(instance_type: str, expected: tuple[int, int]) -> None:
    assert (vcpus(instance_type), gpus(instance_type)) == expected


def test_new_sizes_and_families_are_unknown() -> None:
    assert vcpus("ml.m9.metal") is None
    assert gpus("ml.g9.12xlarge") is None


def test_every_type_of_the_api_is_known() -> None:
    assert [name for name in hosting_instance_types() if vcpus(name) is None or gpus(name) is None] == []


def test_neuron_cores_are_those_that_ec2_describes() -> None:
    types = [name for name in _in_copy() if name.startswith(("ml.inf2.", "ml.trn1."))]
    devices = {name: _described()[name.removeprefix("ml.")]["NeuronInfo"]["NeuronDevices"] for name in types}
    cores = {name: sum(item["Count"] * item["CoreInfo"]["Count"] for item in devices[name]) for name in types}
    assert {name: neuron_cores(name) for name in types} == cores
    assert (neuron_cores("ml.trn2.48xlarge"), neuron_cores("ml.g5.xlarge")) == (None, None)


def test_architectures_are_those_that_ec2_describes() -> None:
    described = {
        name: _described()[name.removeprefix("ml.")]["ProcessorInfo"]["SupportedArchitectures"] for name in _in_copy()
    }
    assert {name: architecture_of(name) in described[name] for name in _in_copy()} == dict.fromkeys(_in_copy(), True)
    assert architecture_of("ml.p6e-gb200.36xlarge") == "arm64"
