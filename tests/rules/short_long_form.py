"""The short and the long form of an endpoint."""

from tests.loading.support import Table
from tests.rules.pair import IMAGE, NO_HOSTING, NO_MODEL, Pair, variant, variants

_MODELS: Table = {"champion": {"image": IMAGE}, "challenger": {"image": IMAGE}}


def _long(**changes: object) -> Table:
    """Return the example in the long form."""
    both = [variant("one", model="champion"), variant("two", model="challenger")]
    return {**NO_MODEL, **NO_HOSTING, "models": _MODELS, "variants": both, **changes}


PAIRS = [
    Pair(
        "model-key-outside-models",
        passes=_long(),
        fails=_long(image=IMAGE, environment={"DB": "x"}),
        messages=(
            f'endpoints.kmeans.image: stands beside models, none of which it would reach, got "{IMAGE}"; '
            "move it into one of the tables of models",
            "endpoints.kmeans.environment: stands beside models, none of which it would reach; "
            "move it into one of the tables of models",
        ),
    ),
    Pair(
        "hosting-key-outside-variants",
        passes=_long(),
        fails=_long(initial_instance_count=2),
        messages=(
            "endpoints.kmeans.initial_instance_count: stands beside variants, none of which it would reach, got 2; "
            "move it into each table of variants that needs it",
        ),
    ),
    Pair(
        "models-without-variants",
        passes=_long(),
        fails={**NO_MODEL, "models": _MODELS},
        messages=(
            "endpoints.kmeans.variants: required with models, and missing; "
            "add a table [[endpoints.kmeans.variants]] for each way to serve",
        ),
    ),
    Pair(
        "variant-unknown-model",
        passes=_long(),
        fails=_long(variants=[variant(model="champoin"), variant("two", model=None)]),
        messages=(
            'endpoints.kmeans.variants[0].model: there is no such model, got "champoin"; '
            "name one of champion, challenger",
            "endpoints.kmeans.variants[1].model: required where there are models, and missing; "
            'add model = "champion", for example',
        ),
    ),
    Pair(
        "variant-unknown-model",  # none of them does where inference components bring the models
        passes={**NO_MODEL, **variants(variant(model=None))},
        fails={**NO_MODEL, **variants(variant(model=None), variant("two", model="one"))},
        messages=(
            "endpoints.kmeans.variants[0].model: required where there are models, and missing; "
            'add model = "champion", for example',
            'endpoints.kmeans.variants[1].model: there is no such model, got "one"; '
            "add a table [endpoints.kmeans.models]",
        ),
    ),
    Pair(
        "variant-unknown-model",  # the one model of the short form is called model
        passes=variants(variant("one"), variant("two")),
        fails=variants(variant("one", model="kmeans")),
        messages=('endpoints.kmeans.variants[0].model: there is no such model, got "kmeans"; name one of model',),
    ),
    Pair(
        "variant-name-duplicate",
        passes=_long(variants=[variant(model="champion")], shadow_variants=[variant("two", model="challenger")]),
        fails=_long(variants=[variant(model="champion")], shadow_variants=[variant(model="challenger")]),
        messages=('endpoints.kmeans.shadow_variants[0].variant_name: named twice, got "one"; rename one of the two',),
    ),
    Pair(
        "variant-weights-zero",
        passes=variants(variant(initial_variant_weight=0), variant("two")),
        fails=variants(variant(initial_variant_weight=0), variant("two", initial_variant_weight=0)),
        messages=(
            "endpoints.kmeans.variants: every initial_variant_weight is 0, so nobody gets the requests; "
            "give one of them a weight above 0",
        ),
    ),
    Pair(
        "model-unused",
        passes=_long(),
        fails=_long(variants=[variant(model="champion")]),
        messages=(
            'endpoints.kmeans.models.challenger: no variant serves this model, got "challenger"; '
            "name it in a table of variants, or take it out",
        ),
    ),
]
