"""The table of an inference component, which places copies of a model on the instances of a variant."""

from typing import Annotated

from pydantic import Field

from protected_endpoints.config.container import Container, Model
from protected_endpoints.config.scaling import Scaling
from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import ResourceName, S3ObjectOrPrefixUri, Slug


class ComputeResourceRequirements(ConfigTable):
    """Resources of an instance that are reserved for each copy (InferenceComponentComputeResourceRequirements)."""

    min_memory_required_in_mb: Annotated[int, Field(ge=128, examples=[1024])]
    """Minimum memory of a copy in MB, at least 128. An instance reserves a part of its memory for the system."""
    max_memory_required_in_mb: Annotated[int, Field(ge=128, examples=[4096])] | None = None
    """Maximum memory of a copy in MB, at least 128. Default: none."""
    number_of_accelerator_devices_required: Annotated[float, Field(ge=1, examples=[1])] | None = None
    """Number of accelerators of a copy, such as GPUs, at least 1. Default: none."""
    number_of_cpu_cores_required: Annotated[float, Field(ge=0.25, examples=[1])] | None = None
    """Number of CPU cores of a copy, at least 0.25. Default: none."""


class StartupParameters(ConfigTable):
    """Timeouts for the start of a copy (InferenceComponentStartupParameters)."""

    model_data_download_timeout_in_seconds: Annotated[int, Field(ge=60, le=3600, examples=[600])] | None = None
    """Timeout for the download of model data in seconds, from 60 to 3600. Default: chosen by SageMaker."""
    container_startup_health_check_timeout_in_seconds: Annotated[int, Field(ge=60, le=3600, examples=[600])] | None = (
        None
    )
    """Timeout for the first successful health check in seconds, from 60 to 3600. Default: chosen by SageMaker."""


class InferenceComponent(Container):
    """Copies of a model on the instances of a variant, or an adapter of another component.

    The model is one of the endpoint's `models`, or follows from the keys of a container in this table.
    """

    model: Slug | None = None
    """Name of one of the endpoint's `models`, instead of the keys of a container."""
    variant_name: ResourceName | None = None
    """Name of the variant whose instances run the copies. Default: the only variant."""
    compute_resource_requirements: ComputeResourceRequirements | None = None
    """Resources that are reserved for each copy. Required, except for an adapter."""
    startup_parameters: StartupParameters | None = None
    """Timeouts for the start of a copy."""
    copy_count: Annotated[int, Field(ge=1, examples=[1])] = 1
    """Number of copies at creation, at least 1. `scaling` changes it later. Not for an adapter."""
    scaling: Scaling | None = None
    """Scaling of the number of copies with Application Auto Scaling. Not for an adapter."""
    base_inference_component: Slug | None = None
    """Name of the inference component of this endpoint that loads this adapter."""
    artifact_url: S3ObjectOrPrefixUri | None = None
    """S3 URI of the .tar.gz object of the adapter. Requires `base_inference_component`."""

    @property
    def is_adapter(self) -> bool:
        """Return whether another component loads this one, which then has no model, no copies and no instances."""
        return self.base_inference_component is not None

    @property
    def inline_model(self) -> Model | None:
        """Return the model of the container keys of this table, or None without any."""
        if self.is_adapter or not self.model_dump(include={*Container.model_fields}, exclude_defaults=True):
            return None
        return Model.model_construct(**{key: getattr(self, key) for key in Container.model_fields})
