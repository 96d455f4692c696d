"""The models of a plan, with those that they are compared with."""

from collections.abc import Iterator

from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import MODEL
from protected_endpoints.review.plan.values import Json


def models_with_previous(plan: Plan) -> Iterator[tuple[Change, list[Json]]]:
    """Yield each model that exists after the plan, with the same model before.

    A model at a new address, such as one that moves to the table `models`, is compared with all models before. There
    are none in a first deployment.
    """
    models = plan.of_type(MODEL)
    all_before = [model.before for model in models if model.before]
    for model in models:
        if model.after and not model.is_deleted:
            yield model, [model.before] if model.before else all_before
