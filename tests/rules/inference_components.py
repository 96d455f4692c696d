"""Endpoints with inference components, managed or created by other tools."""

from typing import Any

from tests.loading.support import Table
from tests.rules.pair import (
    IMAGE,
    NETWORK,
    NO_HOSTING,
    NO_MODEL,
    PROVIDER_5,
    REASON,
    Pair,
    component,
    components,
    variant,
    variants,
)


def _without_model(**changes: Any) -> Table:
    return {**NO_MODEL, **variants(variant(model=None, **changes))}


def _managed_scaling(least: int | None, most: int | None, **changes: Any) -> Table:
    bounds = {"min_instance_count": least, "max_instance_count": most}
    return _without_model(managed_instance_scaling=bounds, **changes)


def _network_message(settings: str, key: str = "inference_components") -> str:
    return (
        f"endpoints.kmeans.{key}: the network settings of the models ({settings}) may not apply, "
        "because AWS documents them for inference components in the endpoint configuration, where the AWS provider "
        "cannot set them; test the connections of a deployed container, or serve the models without "
        "inference components"
    )


_ONE = {"one": component()}
_SEVERAL = {"model": "several", "compute_resource_requirements": {"min_memory_required_in_mb": 1024}}
_SCALING = "endpoints.kmeans.variants[0].managed_instance_scaling"

PAIRS = [
    Pair(
        "inference-components-require-provider-6",
        passes=_without_model(),
        fails=_without_model() | {"project": PROVIDER_5},
        messages=(
            "endpoints.kmeans.variants: variants without a model require AWS provider >= 6, but "
            'aws_provider_version >= 5.100, < 7 allows 5; set aws_provider_version = ">= 6.40, < 7" in '
            "[project], or set model in each variant",
        ),
    ),
    Pair(
        "inference-component-setting",
        passes=variants(
            variant(initial_variant_weight=0), variant("two", initial_variant_weight=1, enable_ssm_access=True)
        )
        | {"relax": {"ssm_access": REASON}},
        fails=_without_model(initial_variant_weight=0, enable_ssm_access=True),
        messages=tuple(
            f"endpoints.kmeans.variants[0].{key}: cannot be combined with inference components, got {value}; "
            "remove it, or set model in each variant"
            for key, value in (("initial_variant_weight", 0), ("enable_ssm_access", "true"))
        ),
    ),
    Pair(
        "inference-components-require-provider-6",
        passes=components(_ONE),
        fails=components(_ONE) | {"project": PROVIDER_5},
        messages=(
            "endpoints.kmeans.inference_components: an endpoint with inference components requires AWS provider >= 6, "
            'but aws_provider_version >= 5.100, < 7 allows 5; set aws_provider_version = ">= 6.40, < 7" in [project]',
        ),
    ),
    Pair(
        "inference-component-setting",
        passes=components(_ONE),
        fails=components(_ONE, enable_ssm_access=True),
        messages=(
            "endpoints.kmeans.enable_ssm_access: cannot be combined with inference components, got true; remove it",
        ),
    ),
    Pair(
        "variant-model-with-inference-components",
        passes=components(_ONE) | variants(variant(model=None)),
        fails=components(_ONE) | variants(variant()),
        messages=(
            "endpoints.kmeans.variants[0].model: cannot be combined with inference_components, which have the models "
            'of the endpoint, got "model"; remove it, and set model = "model" in an inference component',
        ),
    ),
    Pair(
        "inference-components-async-or-serverless",
        passes=components(_ONE),
        fails=components(_ONE, async_inference_config={"output_config": {"s3_output_path": "s3://answers/kmeans"}}),
        messages=(
            "endpoints.kmeans.async_inference_config: cannot be combined with inference components; remove one of them",
        ),
    ),
    Pair(
        "inference-components-async-or-serverless",
        passes=components(_ONE),
        fails=components(_ONE) | NO_HOSTING | {"serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5}},
        messages=(
            "endpoints.kmeans.serverless_config: cannot be combined with inference components; set instance_type "
            "instead",
        ),
    ),
    Pair(
        "inference-component-network-undocumented",
        passes=components(_ONE, relax={"network_isolation": REASON}),
        fails=components(_ONE),
        messages=(_network_message("network isolation"),),
    ),
    Pair(
        "inference-component-network-undocumented",
        fails=components(_ONE, relax={"network_isolation": REASON}) | {"in_environment": {"network": NETWORK}},
        messages=(_network_message("VPC"),),
    ),
    Pair(
        "inference-component-network-undocumented",
        passes=_without_model() | {"relax": {"network_isolation": REASON}},
        fails=_without_model(),
        messages=(_network_message("network isolation", "variants"),),
    ),
    Pair(
        "inference-component-containers-undocumented",
        passes=components(_ONE),
        fails=components(
            {"one": component(mode="MultiModel", model_data_url="s3://my-bucket/models/"), "two": _SEVERAL},
            models={"several": {"container": [{"image": IMAGE}, {"image": IMAGE}]}},
        ),
        messages=tuple(
            f"endpoints.kmeans.{path}: AWS does not document inference components with {kind}; add an inference "
            "component for each model, or serve the model without inference components"
            for path, kind in (
                ("models.several.container", "several containers"),
                ("inference_components.one.mode", "mode MultiModel"),
            )
        ),
    ),
    Pair(
        "managed-scaling-with-model",
        passes=components(_ONE, managed_instance_scaling={"max_instance_count": 4}),
        fails={"managed_instance_scaling": {"max_instance_count": 4}},
        messages=(
            "endpoints.kmeans.managed_instance_scaling: requires inference components, but the variant has a "
            "model; set scaling = { min_capacity = 1, max_capacity = 4, target_value = 70 } instead, where 70 is the "
            "number of invocations per minute for each instance, or deploy the model in inference_components",
        ),
    ),
    Pair(
        "managed-scaling-bounds",
        passes=_managed_scaling(2, 2),
        fails=_managed_scaling(5, 4),
        messages=(
            f"{_SCALING}.min_instance_count: must not exceed max_instance_count (4), got 5; set it to 4 or less",
        ),
    ),
    Pair(
        "managed-scaling-bounds",
        passes=_managed_scaling(1, 4, initial_instance_count=4),
        fails=_managed_scaling(1, 4, initial_instance_count=5),
        messages=(
            "endpoints.kmeans.variants[0].initial_instance_count: must be between min_instance_count and "
            "max_instance_count of managed_instance_scaling, got 5; set it to 4 or less",
        ),
    ),
    Pair(
        "managed-scaling-bounds",  # the default count is two
        passes=_managed_scaling(2, None),
        fails=_managed_scaling(3, None),
        messages=(
            "endpoints.kmeans.variants[0].initial_instance_count: must be between min_instance_count and "
            "max_instance_count of managed_instance_scaling, got 2; set it to 3 or more",
        ),
    ),
    Pair(
        "scale-to-zero-region",
        passes=_managed_scaling(0, 4),
        fails=_managed_scaling(0, 4) | {"in_environment": {"region": "eu-west-3"}},
        messages=(
            f"{_SCALING}.min_instance_count: SageMaker may reject scaling to zero in eu-west-3, got 0; set it to "
            "1 if the apply fails",
        ),
    ),
]
