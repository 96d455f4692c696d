"""Shadow variants."""

from modules.rules import shadow
from tests.unit.rules.pair import NO_MODEL, Pair, containers, variant, variants

_SHADOW = {"shadow_variants": [variant("two")]}
_NOT_WITH = "not to be had with shadow_variants"

PAIRS = [
    Pair(
        shadow.a_shadow_is_of_one_variant,
        passes=_SHADOW,
        fails={"shadow_variants": [variant("two"), variant("three")]},
        messages=("endpoints.kmeans.shadow_variants: 2 shadows, and SageMaker takes one; keep one of them",),
    ),
    Pair(
        shadow.a_shadow_is_of_one_variant,
        passes=variants(variant()) | _SHADOW,
        fails=variants(variant(), variant("three")) | _SHADOW,
        messages=(
            "endpoints.kmeans.shadow_variants: there are 2 variants, and SageMaker takes one beside a shadow; "
            "keep one of variants, or leave the shadow out",
        ),
    ),
    Pair(
        shadow.shadows_have_one_container_of_one_model,
        passes=containers({}, {}),
        fails=containers({}, {}) | _SHADOW,
        messages=(f"endpoints.kmeans.container: several containers are {_NOT_WITH}; leave one of the two out",),
    ),
    Pair(
        shadow.shadows_have_one_container_of_one_model,
        passes=_SHADOW,
        fails=_SHADOW | {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"},
        messages=(
            f'endpoints.kmeans.mode: many models in a container are {_NOT_WITH}, got "MultiModel"; '
            "leave one of the two out",
        ),
    ),
    Pair(
        shadow.shadows_have_a_model,
        passes=variants(variant()) | _SHADOW,
        fails={**NO_MODEL, **variants(variant(model=None)), **_SHADOW},
        messages=(
            "endpoints.kmeans.shadow_variants: is not to be had where inference components bring the models; "
            "leave it out, or name a model in each variant",
        ),
    ),
    Pair(
        shadow.shadows_avoid_inferentia_1,
        passes=_SHADOW | {"instance_type": "ml.inf2.xlarge"},
        fails=_SHADOW | {"instance_type": "ml.inf1.xlarge"},
        messages=(
            "endpoints.kmeans.instance_type: a shadow is not offered on Inf1 instances, "
            'got "ml.inf1.xlarge"; choose another type, such as ml.inf2.xlarge',
        ),
    ),
]
