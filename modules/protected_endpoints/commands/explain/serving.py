"""How an endpoint serves, in a sentence for each variant and each model."""

from collections.abc import Iterator

from protected_endpoints.config import Container, Hosting
from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.invoke import invoke_actions


def serving(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield what is told about the way in which an endpoint serves, by what it is about."""
    endpoint, names = deployment.endpoint, deployment.names
    yield (
        "endpoint",
        f"{names.base_name} in {deployment.environment.region}, account {deployment.environment.account_id}",
    )
    yield "answers", "later, to S3" if endpoint.async_inference_config else "at once"
    yield "invoked by", ", ".join(action.removeprefix("sagemaker:") for action in invoke_actions(endpoint))
    for place, variant in endpoint.iter_variants_with_path():
        shadow = bool(place) and place[0] == "shadow_variants"
        weight = variant.initial_variant_weight
        share = "copies of requests" if shadow else "requests" if weight is None else f"requests, weight {weight}"
        of_model = f" to {variant.model}" if variant.model else " to inference components"
        yield f"variant {variant.variant_name}", f"{_runs_on(variant)}; {share}{of_model}"
    for name, model in endpoint.models_by_name.items():
        several = model.inference_execution_config
        together = f" ({several.mode})" if several else ""
        for number, (_, container) in enumerate(model.iter_containers(), 1):
            which = f", container {number}{together}" if model.container else ""
            yield f"{f'model {name}' if endpoint.models else 'model'}{which}", _loads(container)


def _runs_on(hosting: Hosting) -> str:
    if serverless := hosting.serverless_config:
        warm = f", {serverless.provisioned_concurrency} kept warm" if serverless.provisioned_concurrency else ""
        return f"serverless, {serverless.memory_size_in_mb} MB, {serverless.max_concurrency} at a time{warm}"
    return f"{hosting.instance_count} of {hosting.instance_type}"


def _loads(container: Container) -> str:
    source = container.model_data_source
    data = container.model_data_url or (source.s3_data_source.s3_uri if source else None)
    many = "any model below " if container.mode == "MultiModel" else ""
    return f"{container.model_package_name or container.image}, {f'{many}{data}' if data else 'with what is in it'}"
