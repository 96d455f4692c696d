"""The vCPUs, GPUs and NeuronCores of instance types.

The numbers of vCPUs and GPUs are the scale of CPUUtilization and GPUUtilization: 100 for each one.
"""

import re

from protected_endpoints.aws.instance_types import accelerator_of, eight_or_more_accelerators

_SIZE = re.compile(r"(?P<count>[0-9]+)xlarge")
_SMALL = {"medium": 1, "large": 2, "xlarge": 4}
_VCPUS_OF_XLARGE = 4
# Types that do not follow the rule of sizes.
_VCPUS = {"ml.t2.medium": 2, "ml.c4.8xlarge": 36}
# GPUs of the types with two to seven. Those with more are in `instance_types`; every other size of these families has
# one GPU (EC2 instance types guide, accelerated computing).
_GPUS = {
    "ml.g4dn.12xlarge": 4,
    "ml.g5.12xlarge": 4,
    "ml.g5.24xlarge": 4,
    "ml.g6.12xlarge": 4,
    "ml.g6.24xlarge": 4,
    "ml.g6e.12xlarge": 4,
    "ml.g6e.24xlarge": 4,
    "ml.g7.12xlarge": 2,
    "ml.g7.24xlarge": 4,
    "ml.g7e.12xlarge": 2,
    "ml.g7e.24xlarge": 4,
    "ml.p3.8xlarge": 4,
    "ml.p6e-gb200.36xlarge": 4,
}
# NeuronCores, two in each chip. Those of Trn2 depend on the logical configuration of its cores (Neuron SDK).
_NEURON_CORES = {
    "ml.inf2.xlarge": 2,
    "ml.inf2.8xlarge": 2,
    "ml.inf2.24xlarge": 12,
    "ml.inf2.48xlarge": 24,
    "ml.trn1.2xlarge": 2,
    "ml.trn1.32xlarge": 32,
    "ml.trn1n.32xlarge": 32,
}
_KNOWN_GPU_FAMILIES = re.compile(r"g4dn|g5|g6e?|g7e?|p2|p3|p4de?|p5(en|e)?|p6-b[23]00|p6e-gb200")


def vcpus(instance_type: str) -> int | None:
    """Return the vCPUs of an instance type such as `ml.m5.xlarge`, or None for a size without a known rule.

    A size N times `xlarge` has 4 N vCPUs, in every family but for the listed types.
    """
    if instance_type in _VCPUS:
        return _VCPUS[instance_type]
    size = instance_type.rsplit(".", 1)[1]
    if match := _SIZE.fullmatch(size):
        return int(match["count"]) * _VCPUS_OF_XLARGE
    return _SMALL.get(size)


def gpus(instance_type: str) -> int | None:
    """Return the GPUs of an instance type such as `ml.g5.12xlarge`: 0 without any, None for an unknown family."""
    if accelerator_of(instance_type) != "gpu":
        return 0
    if _KNOWN_GPU_FAMILIES.fullmatch(instance_type.split(".")[1]) is None:
        return None
    return _GPUS.get(instance_type) or eight_or_more_accelerators(instance_type) or 1


def neuron_cores(instance_type: str) -> int | None:
    """Return the NeuronCores of an Inf2 or Trn1 instance type such as `ml.inf2.24xlarge`, or None for another one."""
    return _NEURON_CORES.get(instance_type)
