"""How an endpoint serves: its API actions, variants and models, and whether its containers can start."""

from collections.abc import Iterator

from protected_endpoints.config import Container, Hosting
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.container_downloads import Source, find_downloads
from protected_endpoints.deployment.container_image import can_start_offline, has_no_model
from protected_endpoints.deployment.container_network import Access, container_network, describe_egress
from protected_endpoints.errors import to_toml
from protected_endpoints.policies.invoke import invoke_actions


def serving(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield pairs of a subject and a description."""
    endpoint, names = deployment.endpoint, deployment.names
    yield (
        "endpoint",
        f"{names.endpoint_name} in {deployment.environment.region}, account {deployment.environment.account_id}",
    )
    if tags := {**deployment.project.tags, **endpoint.tags}:
        yield "tags", ", ".join(f"{key} = {to_toml(value)}" for key, value in tags.items())
    yield "responses", "asynchronous, to S3" if endpoint.async_inference_config else "synchronous"
    yield "actions", ", ".join(action.removeprefix("sagemaker:") for action in invoke_actions(endpoint))
    for path, variant in endpoint.iter_variants_with_path():
        is_shadow = bool(path) and path[0] == "shadow_variants"
        weight = variant.initial_variant_weight
        share = "copies of requests" if is_shadow else "requests" if weight is None else f"requests, weight {weight}"
        target = variant.model or "inference components"
        yield f"variant {variant.variant_name}", f"{_capacity(variant)}; {share} to {target}"
    yield from _components(deployment)
    for name, model in endpoint.models_by_name.items():
        execution_config = model.inference_execution_config
        mode = f" ({execution_config.mode})" if execution_config else ""
        for number, (_, container) in enumerate(model.iter_containers(), 1):
            suffix = f", container {number}{mode}" if model.container else ""
            is_named = bool(endpoint.models or endpoint.inference_components)
            subject = f"{f'model {name}' if is_named else 'model'}{suffix}"
            yield subject, _image_and_data(container)
            yield f"start of {subject}", _start(deployment, container)
    if endpoint.egress:
        destinations = "; ".join(f"{describe_egress(rule)}, {rule.reason}" for rule in endpoint.egress)
        yield "egress", f"S3 and VPC endpoints; {destinations}"
    if endpoint.security_group_ids:
        yield "existing security groups", ", ".join(endpoint.security_group_ids)


def _components(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield the inference components by the name that a request needs."""
    endpoint = deployment.endpoint
    for name, component in endpoint.inference_components.items():
        subject = f"component {deployment.names.inference_component(name)}"
        if component.base_inference_component:
            base = deployment.names.inference_component(component.base_inference_component)
            yield subject, f"adapter of {base}, {component.artifact_url}"
            continue
        copies = f"{component.copy_count} {'copy' if component.copy_count == 1 else 'copies'} at creation"
        requirements = component.compute_resource_requirements
        reserved = requirements.model_dump(exclude_none=True) if requirements else {}
        limits = ", ".join(f"{key} {value:.10g}" for key, value in reserved.items())
        yield subject, f"{copies} of model {component.model or name}, each with {limits}"
    if endpoint.has_external_components:
        yield "components", f"created by other tools; invokers may use those named {deployment.names.base_name}-*"


def _capacity(hosting: Hosting) -> str:
    if serverless := hosting.serverless_config:
        provisioned = serverless.provisioned_concurrency
        suffix = f", provisioned concurrency {provisioned}" if provisioned else ""
        return f"serverless, {serverless.memory_size_in_mb} MB, max concurrency {serverless.max_concurrency}{suffix}"
    return f"{hosting.instance_count} x {hosting.instance_type}"


def _image_and_data(container: Container) -> str:
    data_source = container.model_data_source
    data = container.model_data_url or (data_source.s3_data_source.s3_uri if data_source else None)
    prefix = "any model under " if container.mode == "MultiModel" else ""
    source = f"{prefix}{data}" if data else "no model data"
    return f"{container.model_package_name or container.image}, {source}"


def _start(deployment: Deployment, container: Container) -> str:
    """Return whether a container can start, as far as its environment variables and the network show it."""
    variables: dict[Source, list[str]] = {}
    for download in find_downloads(container.environment, can_start_offline=can_start_offline(container)):
        variables.setdefault(download.source, []).append(download.variable)
    parts = [_describe_source(deployment, container, source, names) for source, names in variables.items()]
    return "; ".join(parts) or _start_from_model_data(deployment, container)


def _describe_source(deployment: Deployment, container: Container, source: Source, variables: list[str]) -> str:
    listed = ", ".join(variables)
    if source is Source.S3:
        return f"reads S3 by itself ({listed}): allowed by the execution role"
    need = "needs" if source is Source.HUB else "may need"
    network = container_network(deployment, container.environment, source)
    verdict = {Access.ALLOWED: "allowed", Access.NOT_JUDGED: "not judged"}.get(network.access, "blocked")
    return f"{need} the network ({listed}): {verdict}, {network.detail}"


def _start_from_model_data(deployment: Deployment, container: Container) -> str:
    if has_no_model(container):
        return "cannot start: there is no model data, and the images of AWS contain no model"
    # No variable shows what the code in image and artifact connects to.
    is_isolated = deployment.endpoint.network_isolation_enabled
    can_start = "can start unless its code needs the network" if is_isolated else "can start"
    if container.model_package_name:
        return f"{can_start}: SageMaker downloads the data of the model package"
    if container.model_data_url or container.model_data_source:
        return f"{can_start}: SageMaker downloads the model data"
    return f"{can_start}: the image has to contain the model"
