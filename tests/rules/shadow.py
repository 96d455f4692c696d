"""Shadow variants."""

from tests.loading.support import Table
from tests.rules.pair import NO_MODEL, Pair, containers, variant, variants

_SHADOW = {"shadow_variants": [variant("two")]}
_WITH_SHADOW = "cannot be combined with shadow_variants"
_WEIGHT = "endpoints.kmeans.shadow_variants[0].initial_variant_weight"


def _shadow_weight(weight: int) -> Table:
    """Return the example with a variant of weight 2 and a shadow variant of another weight."""
    return variants(variant(initial_variant_weight=2)) | {
        "shadow_variants": [variant("two", initial_variant_weight=weight)]
    }


PAIRS = [
    Pair(
        "shadow-count",
        passes=_SHADOW,
        fails={"shadow_variants": [variant("two"), variant("three")]},
        messages=(
            "endpoints.kmeans.shadow_variants: SageMaker accepts one shadow variant, but 2 are configured; "
            "keep one of them",
        ),
    ),
    Pair(
        "shadow-count",
        passes=variants(variant()) | _SHADOW,
        fails=variants(variant(), variant("three")) | _SHADOW,
        messages=(
            "endpoints.kmeans.shadow_variants: a shadow variant requires a single entry in variants, but 2 are "
            "configured; keep one variant, or remove the shadow variant",
        ),
    ),
    Pair(
        "shadow-container-unsupported",
        passes=containers({}, {}),
        fails=containers({}, {}) | _SHADOW,
        messages=(f"endpoints.kmeans.container: {_WITH_SHADOW}; remove one of them",),
    ),
    Pair(
        "shadow-container-unsupported",
        passes=_SHADOW,
        fails=_SHADOW | {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"},
        messages=(f'endpoints.kmeans.mode: {_WITH_SHADOW}, got "MultiModel"; remove one of them',),
    ),
    Pair(
        "shadow-with-inference-components",
        passes=variants(variant()) | _SHADOW,
        fails={**NO_MODEL, **variants(variant(model=None)), **_SHADOW},
        messages=(
            "endpoints.kmeans.shadow_variants: cannot be combined with inference components; remove it, or set "
            "model in each variant",
        ),
    ),
    Pair(
        "shadow-sampling",
        passes=_shadow_weight(2),
        fails=_shadow_weight(3),
        messages=(
            f"{_WEIGHT}: must not exceed the weight of the production variant (2), got 3; set a weight from 1 to "
            "2, where 2 copies every request",
        ),
    ),
    Pair(
        "shadow-sampling",
        passes=_shadow_weight(1),
        fails=_shadow_weight(0),
        messages=(f"{_WEIGHT}: copies no requests, got 0; set a weight from 1 to 2, where 2 copies every request",),
    ),
    Pair(
        "shadow-on-inf1",
        passes=_SHADOW | {"instance_type": "ml.inf2.xlarge"},
        fails=_SHADOW | {"instance_type": "ml.inf1.xlarge"},
        messages=(
            "endpoints.kmeans.instance_type: Inf1 instances do not support shadow variants, got "
            '"ml.inf1.xlarge"; choose another type, such as ml.inf2.xlarge',
        ),
    ),
]
