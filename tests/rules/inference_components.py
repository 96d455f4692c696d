"""Endpoints whose models inference components bring."""

from typing import Any

from tests.loading.support import Table
from tests.rules.pair import NO_MODEL, PROVIDER_5, REASON, Pair, variant, variants


def _empty(**changes: Any) -> Table:
    return {**NO_MODEL, **variants(variant(model=None, **changes))}


def _scaled(least: int | None, most: int | None, **changes: Any) -> Table:
    bounds = {"min_instance_count": least, "max_instance_count": most}
    return _empty(managed_instance_scaling=bounds, **changes)


_SCALING = "endpoints.kmeans.variants[0].managed_instance_scaling"

PAIRS = [
    Pair(
        "inference-components-require-provider-6",
        passes=_empty(),
        fails=_empty() | {"project": PROVIDER_5},
        messages=(
            "endpoints.kmeans.variants: the AWS provider takes variants without a model from version 6, and "
            "aws_provider_version >= 5.100, < 7 admits 5; "
            'write aws_provider_version = ">= 6.40, < 7" in [project], or name a model in each variant',
        ),
    ),
    Pair(
        "inference-component-setting",
        passes=variants(
            variant(initial_variant_weight=0), variant("two", initial_variant_weight=1, enable_ssm_access=True)
        )
        | {"relax": {"ssm_access": REASON}},
        fails=_empty(initial_variant_weight=0, enable_ssm_access=True),
        messages=tuple(
            f"endpoints.kmeans.variants[0].{key}: cannot be had where inference components bring the models, "
            f"got {value}; leave it out, or name a model in each variant"
            for key, value in (("initial_variant_weight", 0), ("enable_ssm_access", "true"))
        ),
    ),
    Pair(
        "managed-scaling-with-model",
        passes=_scaled(1, 4),
        fails={"managed_instance_scaling": {"max_instance_count": 4}},
        messages=(
            "endpoints.kmeans.managed_instance_scaling: is for inference components only, and this variant has a "
            "model; leave it out",
        ),
    ),
    Pair(
        "managed-scaling-bounds",
        passes=_scaled(2, 2),
        fails=_scaled(5, 4),
        messages=(f"{_SCALING}.min_instance_count: above max_instance_count, which is 4, got 5; write 4 or fewer",),
    ),
    Pair(
        "managed-scaling-bounds",
        passes=_scaled(1, 4, initial_instance_count=4),
        fails=_scaled(1, 4, initial_instance_count=5),
        messages=(
            "endpoints.kmeans.variants[0].initial_instance_count: not between min_instance_count and "
            "max_instance_count of managed_instance_scaling, got 5; write 4 or fewer",
        ),
    ),
    Pair(
        "managed-scaling-bounds",  # two are made where nothing is said
        passes=_scaled(2, None),
        fails=_scaled(3, None),
        messages=(
            "endpoints.kmeans.variants[0].initial_instance_count: not between min_instance_count and "
            "max_instance_count of managed_instance_scaling, got 2; write 3 or more",
        ),
    ),
    Pair(
        "scale-to-zero-region",
        passes=_scaled(0, 4),
        fails=_scaled(0, 4) | {"in_environment": {"region": "eu-west-3"}},
        messages=(
            f"{_SCALING}.min_instance_count: SageMaker has refused this in eu-west-3, got 0; "
            "write 1 if an apply says so",
        ),
    ),
]
