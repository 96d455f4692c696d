"""Facts about the instance types that SageMaker hosts endpoints on."""

import re

from protected_endpoints.aws.service_models import api_enum


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
