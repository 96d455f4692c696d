"""Facts about the instance types that SageMaker hosts endpoints on."""

import re
from typing import Literal

from protected_endpoints.aws.service_models import api_enum

Accelerator = Literal["gpu", "neuron", "none"]
Architecture = Literal["arm64", "x86_64"]
CUDA_13_AMI = "al2023-ami-sagemaker-inference-gpu-4-1"  # the only AMI version for CUDA 13 (API, InferenceAmiVersion)

# GPUs by NVIDIA, and the Inferentia and Trainium chips of AWS. The accelerators of other families are not known here.
_ACCELERATED: dict[Accelerator, re.Pattern[str]] = {
    "gpu": re.compile(r"g[0-9]\w*|p[0-9][\w-]*"),
    "neuron": re.compile(r"inf[0-9]\w*|trn[0-9]\w*"),
}
_OTHER_ACCELERATORS = re.compile(r"dl[0-9]\w*")

# Instance families whose default driver supports CUDA 12.4 or older (SageMaker guide, inference-gpu-drivers).
_OLD_DEFAULT_DRIVER = re.compile(r"g4dn|g5|g6|p2|p3|p4de?|p5(en|e)?")


def hosting_instance_types() -> tuple[str, ...]:
    """Return the sorted instance types of CreateEndpointConfig."""
    return api_enum("ProductionVariantInstanceType")


_ACCELERATED_FAMILY = re.compile(r"(g|p|inf|trn|dl)\d.*")


def has_accelerators(instance_type: str) -> bool:
    """Return whether an instance type such as `ml.g5.xlarge` has GPUs, or Gaudi, Inferentia or Trainium chips."""
    return _ACCELERATED_FAMILY.fullmatch(instance_type.split(".")[1]) is not None


# EC2 instance families with NVMe instance storage, which the endpoint's key does not encrypt. SageMaker publishes no
# list; this one follows EC2's documentation, for the families that SageMaker hosts. A new general-purpose family is
# recognized by the "d" in its name (m8gd), a new accelerated family has to be added.
_NVME_FAMILY = re.compile(r"g4dn|g5|g6e?|g7e?|p4de?|p5(en|e)?|p6e?-\w+|dl1|trn1n?|trn2|[a-z]\d+[a-z]?d")


def has_local_storage(instance_type: str) -> bool:
    """Return whether an instance type such as `ml.g5.xlarge` has NVMe instance storage."""
    return _NVME_FAMILY.fullmatch(instance_type.split(".")[1]) is not None


def accelerator_of(instance_type: str) -> Accelerator | None:
    """Return the accelerator of an instance type such as `ml.g5.xlarge`, or None if it is another one."""
    family = instance_type.split(".")[1]
    if _OTHER_ACCELERATORS.fullmatch(family):
        return None
    return next((kind for kind, families in _ACCELERATED.items() if families.fullmatch(family)), "none")


# Families with Graviton processors of AWS, such as c7g, m6gd and c6gn, and the one with the Grace processor of NVIDIA.
_ARM64_FAMILY = re.compile(r"[a-z]+\d+g(d|n|dn)?|p6e-gb\d+")


def architecture_of(instance_type: str) -> Architecture:
    """Return the architecture of the processors of an instance type such as `ml.c7g.xlarge`."""
    return "arm64" if _ARM64_FAMILY.fullmatch(instance_type.split(".")[1]) else "x86_64"


# Accelerators of the types that have eight or more: GPUs of NVIDIA, Gaudi of Intel, Inferentia and Trainium chips (EC2
# instance types guide, accelerated computing). A new type of this size has to be added.
_EIGHT_OR_MORE = {
    "ml.dl1.24xlarge": 8,
    "ml.g5.48xlarge": 8,
    "ml.g6.48xlarge": 8,
    "ml.g6e.48xlarge": 8,
    "ml.g7.48xlarge": 8,
    "ml.g7e.48xlarge": 8,
    "ml.inf1.24xlarge": 16,
    "ml.inf2.48xlarge": 12,
    "ml.p2.16xlarge": 16,
    "ml.p2.8xlarge": 8,
    "ml.p3.16xlarge": 8,
    "ml.p4d.24xlarge": 8,
    "ml.p4de.24xlarge": 8,
    "ml.p5.48xlarge": 8,
    "ml.p5e.48xlarge": 8,
    "ml.p5en.48xlarge": 8,
    "ml.p6-b200.48xlarge": 8,
    "ml.p6-b300.48xlarge": 8,
    "ml.trn1.32xlarge": 16,
    "ml.trn1n.32xlarge": 16,
    "ml.trn2.48xlarge": 16,
}


def eight_or_more_accelerators(instance_type: str) -> int | None:
    """Return the number of accelerators of an instance type that has eight or more, or None for another one."""
    return _EIGHT_OR_MORE.get(instance_type)


def has_cuda_13_driver(instance_type: str, ami_version: str | None) -> bool:
    """Return whether a GPU instance can have a driver for CUDA 13, with an AMI version or by default.

    The default drivers of some instance families are not documented.
    """
    if ami_version:
        return ami_version == CUDA_13_AMI
    return _OLD_DEFAULT_DRIVER.fullmatch(instance_type.split(".")[1]) is None


# Families with GPUs of NVIDIA's Blackwell generation.
_BLACKWELL_FAMILY = re.compile(r"g7e?|p6-b\d+|p6e-gb\d+")


def oldest_cuda_version(instance_type: str) -> tuple[int, int] | None:
    """Return the oldest CUDA that knows the GPUs of an instance type, if it is one that images of AWS are behind.

    Programs that are compiled with an older one end with "no kernel image is available" (NVIDIA, Blackwell
    compatibility guide).
    """
    return (12, 8) if _BLACKWELL_FAMILY.fullmatch(instance_type.split(".")[1]) else None
