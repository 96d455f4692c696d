"""Single inference components: name, model, adapter, variant and resources."""

from tests.loading.support import Table
from tests.rules.pair import IMAGE, Pair, adapter, component, components, variant, variants

_MODELS: Table = {"llama": {"image": IMAGE}, "qwen": {"image": IMAGE}}
_RESERVED: Table = {"compute_resource_requirements": {"min_memory_required_in_mb": 1024}}
_PATH = "endpoints.kmeans.inference_components"


def _adapted(**changes: object) -> Table:
    """Return the example with a component and an adapter of it."""
    return components({"one": component(), "legal": adapter(**changes)})


def _with_memory(most: int) -> Table:
    requirements = {"min_memory_required_in_mb": 1024, "max_memory_required_in_mb": most}
    return components({"one": component(compute_resource_requirements=requirements)})


def _with_accelerator(instance_type: str, number: int = 1) -> Table:
    requirements = {"min_memory_required_in_mb": 1024, "number_of_accelerator_devices_required": number}
    return components({"one": component(compute_resource_requirements=requirements)}, instance_type=instance_type)


def _with_cores(instance_type: str, number: float) -> Table:
    requirements = {"min_memory_required_in_mb": 1024, "number_of_cpu_cores_required": number}
    return components({"one": component(compute_resource_requirements=requirements)}, instance_type=instance_type)


PAIRS = [
    Pair(
        "inference-component-name-too-long",
        passes=components({"a" * 36: component()}),  # acme-dev-kmeans-, 16 characters
        fails={
            **components({"a" * 36: component()}),
            "name": "a-long-name-of-an-endpoint",
        },
        messages=(
            f"endpoints.a-long-name-of-an-endpoint.inference_components.{'a' * 36}: the name in AWS, "
            "<project>-<environment>-<endpoint>-<component>, has 72 characters, got "
            f'"acme-dev-a-long-name-of-an-endpoint-{"a" * 36}"; shorten it to 63 characters or fewer',
        ),
    ),
    Pair(
        "inference-component-model",
        passes=components(
            {"one": {"model": "llama", **_RESERVED}, "two": component()}, models={"llama": _MODELS["llama"]}
        ),
        fails=components(
            {"one": component(model="llama"), "two": _RESERVED, "llama": component()},
            models={"llama": _MODELS["llama"]},
        ),
        messages=(
            f'{_PATH}.one.image: conflicts with model, got "{IMAGE}"; remove one of them',
            f'{_PATH}.two.model: required unless image or base_inference_component is set; add model = "llama"',
            f"{_PATH}.llama: the keys of a model conflict with models.llama; replace them by model = "
            '"llama", or rename one of the two',
        ),
    ),
    Pair(
        "inference-component-model",
        passes=_adapted(model_data_kms_key_arn="arn:aws:kms:us-west-2:111122223333:key/models"),
        fails=_adapted(image=IMAGE),
        messages=(
            f"{_PATH}.legal.image: cannot be combined with base_inference_component, whose model an adapter uses, got "
            f'"{IMAGE}"; remove one of them',
        ),
    ),
    Pair(
        "inference-component-model",
        passes=components({"one": component()}),
        fails=components({"one": _RESERVED}),
        messages=(
            f"{_PATH}.one.model: required unless image or base_inference_component is set; add image and model data",
        ),
    ),
    Pair(
        "inference-component-unknown-model",
        passes=components({"one": {"model": "llama", **_RESERVED}}, models=_MODELS),
        fails=components({"one": {"model": "lama", **_RESERVED}}, models=_MODELS),
        messages=(
            f'{_PATH}.one.model: the endpoint has no model of this name, got "lama"; use one of "llama", "qwen"',
        ),
    ),
    Pair(
        "inference-component-unknown-model",
        passes=components({"one": component()}),
        fails=components({"one": {"model": "llama", **_RESERVED}}),
        messages=(
            f'{_PATH}.one.model: the endpoint has no model of this name, got "llama"; add a table '
            "[endpoints.kmeans.models.llama]",
        ),
    ),
    Pair(
        "adapter-setting",
        passes=_adapted(),
        fails=_adapted(copy_count=1, **_RESERVED),
        messages=(
            f"{_PATH}.legal.compute_resource_requirements: cannot be combined with base_inference_component, whose "
            "copies load the adapter; remove it",
            f"{_PATH}.legal.copy_count: cannot be combined with base_inference_component, whose copies load the "
            "adapter, got 1; remove it",
        ),
    ),
    Pair(
        "adapter-artifact",
        passes=_adapted(),
        fails=_adapted(artifact_url=None),
        messages=(
            f"{_PATH}.legal.artifact_url: required with base_inference_component; for example, add artifact_url = "
            '"s3://my-bucket/adapter.tar.gz"',
        ),
    ),
    Pair(
        "adapter-artifact",
        passes=_adapted(),
        fails=_adapted(artifact_url="s3://my-bucket/adapter/"),
        messages=(
            f'{_PATH}.legal.artifact_url: must be a .tar.gz object, got "s3://my-bucket/adapter/"; pack the files of '
            "the adapter in one archive",
        ),
    ),
    Pair(
        "adapter-artifact",
        passes=components({"one": component(model_data_url="s3://my-bucket/a.tar.gz")}),
        fails=components({"one": component(artifact_url="s3://my-bucket/a.tar.gz")}),
        messages=(
            f"{_PATH}.one.artifact_url: has no effect without base_inference_component, got "
            '"s3://my-bucket/a.tar.gz"; set base_inference_component, or model_data_url for a model',
        ),
    ),
    Pair(
        "adapter-base",
        passes=_adapted(),
        fails=components({"one": component(), "legal": adapter(), "tax": adapter(base_inference_component="legal")}),
        messages=(
            f"{_PATH}.tax.base_inference_component: no inference component of this endpoint with a model has this "
            'name, got "legal"; use "one"',
        ),
    ),
    Pair(
        "adapter-base",
        passes=_adapted(),
        fails=components({"legal": adapter(base_inference_component="legal")}),
        messages=(
            f"{_PATH}.legal.base_inference_component: no inference component of this endpoint with a model has this "
            'name, got "legal"; add an inference component with the model that the adapter extends',
        ),
    ),
    Pair(
        "inference-component-variant",
        passes=components({"one": component(variant_name="AllTraffic")}),
        fails=components({"one": component(variant_name="allTraffic")}),
        messages=(
            f'{_PATH}.one.variant_name: the endpoint has no variant of this name, got "allTraffic"; use "AllTraffic"',
        ),
    ),
    Pair(
        "inference-component-variant",
        passes=components({"one": component(), "legal": adapter()}) | variants(variant(model=None)),
        fails=components({"one": component(), "legal": adapter()})
        | variants(variant(model=None), variant("two", model=None)),
        messages=(f'{_PATH}.one.variant_name: required with several variants; use one of "one", "two"',),
    ),
    Pair(
        "inference-component-resources",
        passes=components({"one": component()}),
        fails=components({"one": component(compute_resource_requirements=None)}),
        messages=(
            f"{_PATH}.one.compute_resource_requirements: required unless base_inference_component is set; for "
            "example, add compute_resource_requirements = { min_memory_required_in_mb = 1024, "
            "number_of_accelerator_devices_required = 1 }",
        ),
    ),
    Pair(
        "inference-component-resources",
        passes=_with_memory(1024),
        fails=_with_memory(512),
        messages=(
            f"{_PATH}.one.compute_resource_requirements.min_memory_required_in_mb: must not exceed "
            "max_memory_required_in_mb (512), got 1024; set it to 512 or less",
        ),
    ),
    Pair(
        "inference-component-accelerators",
        passes=_with_accelerator("ml.g5.xlarge"),
        fails=_with_accelerator("ml.m5.xlarge"),
        messages=(
            f"{_PATH}.one.compute_resource_requirements.number_of_accelerator_devices_required: ml.m5.xlarge has no "
            "accelerators, got 1.0; remove it, or choose a type with accelerators, such as ml.g5.xlarge",
        ),
    ),
    Pair(
        "inference-component-accelerators",
        passes=_with_accelerator("ml.g5.48xlarge", 8),
        fails=_with_accelerator("ml.g5.12xlarge", 8),
        messages=(
            f"{_PATH}.one.compute_resource_requirements.number_of_accelerator_devices_required: ml.g5.12xlarge has "
            "fewer accelerators, got 8.0; reduce it, or choose a type with more accelerators",
        ),
    ),
    Pair(
        "inference-component-accelerators",
        fails=_with_accelerator("ml.p5.48xlarge", 9),
        messages=(
            f"{_PATH}.one.compute_resource_requirements.number_of_accelerator_devices_required: ml.p5.48xlarge has "
            "fewer accelerators, got 9.0; reduce it, or choose a type with more accelerators",
        ),
    ),
    Pair(
        "inference-component-cpu-cores",
        passes=_with_cores("ml.m5.xlarge", 4),
        fails=_with_cores("ml.m5.xlarge", 8),
        messages=(
            f"{_PATH}.one.compute_resource_requirements.number_of_cpu_cores_required: ml.m5.xlarge has 4 vCPUs, got 8; "
            "reduce it, or choose a type with more vCPUs",
        ),
    ),
]
