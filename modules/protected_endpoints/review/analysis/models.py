"""The containers of models."""

from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.plan.resource_types import MODEL
from protected_endpoints.review.plan.values import Json, as_dict, as_list, first_block


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
