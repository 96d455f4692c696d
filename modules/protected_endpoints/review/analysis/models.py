"""The models of a plan, with those that they are compared with."""

from collections.abc import Iterator

from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import MODEL
from protected_endpoints.review.plan.values import Json, as_dict, as_list, first_block


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


def containers(model: Json | None) -> list[Json]:
    """Return the containers of a model."""
    keys = ("primary_container", "container")
    return [as_dict(container) for key in keys for container in as_list(as_dict(model).get(key))]


def credentials_providers(plan: Plan) -> set[str]:
    """Return the ARNs of the functions that give models the credentials of private registries after the plan."""
    images = [
        first_block(item.get("image_config")) for model in plan.of_type(MODEL) for item in containers(model.after)
    ]
    providers = [first_block(image.get("repository_auth_config")) for image in images]
    return {str(provider.get("repository_credentials_provider_arn")) for provider in providers}
