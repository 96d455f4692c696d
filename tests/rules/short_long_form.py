"""The short and the long form of an endpoint."""

from tests.loading.support import Table
from tests.rules.pair import IMAGE, NO_HOSTING, NO_MODEL, Pair, component, components, variant, variants

_MODELS: Table = {"champion": {"image": IMAGE}, "challenger": {"image": IMAGE}}
_REQUIRED = "required in every variant of an endpoint that has a model"


def _long(**changes: object) -> Table:
    """Return the example in the long form."""
    both_variants = [variant("one", model="champion"), variant("two", model="challenger")]
    return {**NO_MODEL, **NO_HOSTING, "models": _MODELS, "variants": both_variants, **changes}


PAIRS = [
    Pair(
        "variant-unknown-model",
        passes=variants(variant(model=None, managed_instance_scaling={"max_instance_count": 4}))
        | components({"llama": component(image=None, model="llama")}, models={"llama": {"image": IMAGE}}),
        fails={**NO_MODEL, "models": {"llama": {"image": IMAGE}}}
        | variants(variant(model=None, managed_instance_scaling={"max_instance_count": 4})),
        messages=(
            "endpoints.kmeans.variants[0].model: required in every variant of an endpoint that has a model; add a "
            'table [endpoints.kmeans.inference_components.llama] with model = "llama"',
        ),
    ),
    Pair(
        "model-key-outside-models",
        passes=components({"one": component()}),
        fails=components({"one": component()}, image=IMAGE),
        messages=(
            f'endpoints.kmeans.image: cannot be combined with inference_components, got "{IMAGE}"; move it into each '
            "inference component that needs it",
        ),
    ),
    Pair(
        "model-unused",
        passes=components({"one": component()}),
        fails=components({"one": component()}, models={"llama": {"image": IMAGE}}),
        messages=(
            'endpoints.kmeans.models.llama: no inference component serves this model; set model = "llama" in an '
            "inference component, or remove the model",
        ),
    ),
    Pair(
        "model-key-outside-models",
        passes=_long(),
        fails=_long(image=IMAGE, environment={"DB": "x"}),
        messages=(
            f'endpoints.kmeans.image: cannot be combined with models, got "{IMAGE}"; move it into each model that '
            "needs it",
            "endpoints.kmeans.environment: cannot be combined with models; move it into each model that needs it",
        ),
    ),
    Pair(
        "hosting-key-outside-variants",
        passes=_long(),
        fails=_long(initial_instance_count=2),
        messages=(
            "endpoints.kmeans.initial_instance_count: cannot be combined with variants, got 2; move it into each "
            "variant that needs it",
        ),
    ),
    Pair(
        "models-without-variants",
        passes=_long(),
        fails={**NO_MODEL, "models": _MODELS},
        messages=(
            "endpoints.kmeans.variants: required with models; add a table [[endpoints.kmeans.variants]] for each model",
        ),
    ),
    Pair(
        "variant-unknown-model",
        passes=_long(),
        fails=_long(variants=[variant(model="champoin"), variant("two", model=None)]),
        messages=(
            'endpoints.kmeans.variants[0].model: the endpoint has no model of this name, got "champoin"; use one '
            'of "champion", "challenger"',
            f'endpoints.kmeans.variants[1].model: {_REQUIRED}; for example, add model = "champion"',
        ),
    ),
    Pair(
        "variant-unknown-model",  # with inference components no variant has a model
        passes={**NO_MODEL, **variants(variant(model=None))},
        fails={**NO_MODEL, **variants(variant(model=None), variant("two", model="one"))},
        messages=(
            f'endpoints.kmeans.variants[0].model: {_REQUIRED}; for example, add model = "champion"',
            'endpoints.kmeans.variants[1].model: the endpoint has no model of this name, got "one"; add a table '
            "[endpoints.kmeans.models.one]",
        ),
    ),
    Pair(
        "variant-unknown-model",  # the model of the short form has the default name
        passes=variants(variant("one"), variant("two")),
        fails=variants(variant("one", model="kmeans")),
        messages=(
            'endpoints.kmeans.variants[0].model: the endpoint has no model of this name, got "kmeans"; use "model"',
        ),
    ),
    Pair(
        "variant-unknown-model",  # also in a shadow variant
        passes={"shadow_variants": [variant("two")]},
        fails={"shadow_variants": [variant("two", model=None)]},
        messages=(f'endpoints.kmeans.shadow_variants[0].model: {_REQUIRED}; add model = "model"',),
    ),
    Pair(
        "variant-name-duplicate",
        passes=_long(variants=[variant(model="champion")], shadow_variants=[variant("two", model="challenger")]),
        fails=_long(variants=[variant(model="champion")], shadow_variants=[variant(model="challenger")]),
        messages=('endpoints.kmeans.shadow_variants[0].variant_name: duplicate entry, got "one"; rename one',),
    ),
    Pair(
        "variant-weights-zero",
        passes=variants(variant(initial_variant_weight=0), variant("two")),
        fails=variants(variant(initial_variant_weight=0), variant("two", initial_variant_weight=0)),
        messages=(
            "endpoints.kmeans.variants: every initial_variant_weight is 0, so no variant receives requests; set "
            "at least one weight above 0",
        ),
    ),
    Pair(
        "model-unused",
        passes=_long(),
        fails=_long(variants=[variant(model="champion")]),
        messages=(
            'endpoints.kmeans.models.challenger: no variant serves this model; set model = "challenger" in a '
            "variant, or remove the model",
        ),
    ),
]
