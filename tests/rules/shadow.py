"""Shadow variants."""

from tests.loading.support import Table
from tests.rules.pair import NO_MODEL, Pair, containers, variant, variants

_SHADOW = {"shadow_variants": [variant("two")]}
_NOT_WITH = "not to be had with shadow_variants"
_WEIGHT = "endpoints.kmeans.shadow_variants[0].initial_variant_weight"


def _copied(weight: int) -> Table:
    """Return the example with a variant of weight 2 and a shadow of another."""
    return variants(variant(initial_variant_weight=2)) | {
        "shadow_variants": [variant("two", initial_variant_weight=weight)]
    }


PAIRS = [
    Pair(
        "shadow-count",
        passes=_SHADOW,
        fails={"shadow_variants": [variant("two"), variant("three")]},
        messages=("endpoints.kmeans.shadow_variants: 2 shadows, and SageMaker takes one; keep one of them",),
    ),
    Pair(
        "shadow-count",
        passes=variants(variant()) | _SHADOW,
        fails=variants(variant(), variant("three")) | _SHADOW,
        messages=(
            "endpoints.kmeans.shadow_variants: there are 2 variants, and SageMaker takes one beside a shadow; "
            "keep one of variants, or leave the shadow out",
        ),
    ),
    Pair(
        "shadow-container-unsupported",
        passes=containers({}, {}),
        fails=containers({}, {}) | _SHADOW,
        messages=(f"endpoints.kmeans.container: several containers are {_NOT_WITH}; leave one of the two out",),
    ),
    Pair(
        "shadow-container-unsupported",
        passes=_SHADOW,
        fails=_SHADOW | {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"},
        messages=(
            f'endpoints.kmeans.mode: many models in a container are {_NOT_WITH}, got "MultiModel"; '
            "leave one of the two out",
        ),
    ),
    Pair(
        "shadow-with-inference-components",
        passes=variants(variant()) | _SHADOW,
        fails={**NO_MODEL, **variants(variant(model=None)), **_SHADOW},
        messages=(
            "endpoints.kmeans.shadow_variants: is not to be had where inference components bring the models; "
            "leave it out, or name a model in each variant",
        ),
    ),
    Pair(
        "shadow-sampling",
        passes=_copied(2),
        fails=_copied(3),
        messages=(
            f"{_WEIGHT}: more than the variant's 2, of which it is a share, got 3; "
            "write 2 to copy every request, or fewer",
        ),
    ),
    Pair(
        "shadow-sampling",
        passes=_copied(1),
        fails=_copied(0),
        messages=(f"{_WEIGHT}: nothing is copied, got 0; write 2 to copy every request, or fewer",),
    ),
    Pair(
        "shadow-on-inf1",
        passes=_SHADOW | {"instance_type": "ml.inf2.xlarge"},
        fails=_SHADOW | {"instance_type": "ml.inf1.xlarge"},
        messages=(
            "endpoints.kmeans.instance_type: a shadow is not offered on Inf1 instances, "
            'got "ml.inf1.xlarge"; choose another type, such as ml.inf2.xlarge',
        ),
    ),
]
