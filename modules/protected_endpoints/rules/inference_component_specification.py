"""Rules about single inference components: name, model, adapter, variant and resources."""

from collections.abc import Iterator

from protected_endpoints.aws.instance_sizes import vcpus
from protected_endpoints.aws.instance_types import accelerator_of, eight_or_more_accelerators, has_accelerators
from protected_endpoints.config.container import Container
from protected_endpoints.config.inference_component import InferenceComponent
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem, to_toml
from protected_endpoints.rules.helpers import REMOVE_ONE, plain_number, refuse_keys, set_keys
from protected_endpoints.rules.registry import endpoint_rule

_MAX_NAME = 63
# Keys of a container that also apply to the artifact of an adapter.
_ARTIFACT_KEYS = {"model_data_kms_key_arn", "model_data_account_id"}
_NOT_FOR_ADAPTERS = ("variant_name", "compute_resource_requirements", "startup_parameters", "copy_count", "scaling")


@endpoint_rule("inference-component-name-too-long")
def inference_component_name_too_long(deployment: Deployment) -> Iterator[Problem]:
    """CreateInferenceComponent accepts a name of 63 characters, which begins with the base name (rule 35)."""
    for name in deployment.endpoint.inference_components:
        physical_name = deployment.names.inference_component(name)
        if len(physical_name) > _MAX_NAME:
            yield Problem(
                deployment.path("inference_components", name),
                f"the name in AWS, <project>-<environment>-<endpoint>-<component>, has {len(physical_name)} characters",
                f"shorten it to {_MAX_NAME} characters or fewer",
                value=physical_name,
            )


@endpoint_rule("inference-component-model")
def inference_component_model(deployment: Deployment) -> Iterator[Problem]:
    """A component has a model, or is the adapter of another one (rule 35; InferenceComponentSpecification)."""
    endpoint = deployment.endpoint
    for name, component in endpoint.inference_components.items():
        path = deployment.path("inference_components", name)
        inline_keys = set_keys(component, Container.model_fields)
        if component.is_adapter:
            keys = ["model", *(key for key in inline_keys if key not in _ARTIFACT_KEYS)]
            message = "cannot be combined with base_inference_component, whose model an adapter uses"
            yield from refuse_keys(path, component, keys, message, REMOVE_ONE)
        elif component.model:
            yield from refuse_keys(path, component, inline_keys, "conflicts with model", REMOVE_ONE)
        elif not inline_keys:
            example = f'model = "{next(iter(endpoint.models))}"' if endpoint.models else "image and model data"
            yield Problem(
                (*path, "model"), "required unless image or base_inference_component is set", f"add {example}"
            )
        elif name in endpoint.models:
            yield Problem(
                path,
                f"the keys of a model conflict with models.{name}",
                f'replace them by model = "{name}", or rename one of the two',
            )


@endpoint_rule("inference-component-unknown-model")
def inference_component_unknown_model(deployment: Deployment) -> Iterator[Problem]:
    """A component refers to a model of its endpoint (rule 35; InferenceComponentSpecification, ModelName)."""
    endpoint = deployment.endpoint
    for name, component in endpoint.inference_components.items():
        if component.model and component.model not in endpoint.models:
            several = "one of " if len(endpoint.models) > 1 else ""
            yield Problem(
                deployment.path("inference_components", name, "model"),
                "the endpoint has no model of this name",
                f"use {several}{', '.join(map(to_toml, endpoint.models))}"
                if endpoint.models
                else f"add a table [endpoints.{endpoint.name}.models.{component.model}]",
                value=component.model,
            )


@endpoint_rule("adapter-setting")
def adapter_setting(deployment: Deployment) -> Iterator[Problem]:
    """An adapter uses the copies and the resources of its base (rule 35; BaseInferenceComponentName)."""
    for name, component in deployment.endpoint.inference_components.items():
        if component.is_adapter:
            yield from refuse_keys(
                deployment.path("inference_components", name),
                component,
                (key for key in _NOT_FOR_ADAPTERS if key in component.model_fields_set),
                "cannot be combined with base_inference_component, whose copies load the adapter",
                "remove it",
            )


@endpoint_rule("adapter-artifact")
def adapter_artifact(deployment: Deployment) -> Iterator[Problem]:
    """An adapter is one .tar.gz object (rule 35; InferenceComponentContainerSpecification, ArtifactUrl)."""
    for name, component in deployment.endpoint.inference_components.items():
        path, url = deployment.path("inference_components", name, "artifact_url"), component.artifact_url
        if component.is_adapter and url is None:
            yield Problem(
                path,
                "required with base_inference_component",
                'for example, add artifact_url = "s3://my-bucket/adapter.tar.gz"',
            )
        elif url and not component.is_adapter:
            yield Problem(
                path,
                "has no effect without base_inference_component",
                "set base_inference_component, or model_data_url for a model",
                value=url,
            )
        elif url and not url.endswith(".tar.gz"):
            yield Problem(path, "must be a .tar.gz object", "pack the files of the adapter in one archive", value=url)


@endpoint_rule("adapter-base")
def adapter_base(deployment: Deployment) -> Iterator[Problem]:
    """The base of an adapter is a component with a model, on the same endpoint (BaseInferenceComponentName)."""
    components = deployment.endpoint.inference_components
    bases = [name for name, component in components.items() if not component.is_adapter]
    for name, component in components.items():
        if component.base_inference_component and component.base_inference_component not in bases:
            several = "one of " if len(bases) > 1 else ""
            yield Problem(
                deployment.path("inference_components", name, "base_inference_component"),
                "no inference component of this endpoint with a model has this name",
                f"use {several}{', '.join(map(to_toml, bases))}"
                if bases
                else "add an inference component with the model that the adapter extends",
                value=component.base_inference_component,
            )


@endpoint_rule("inference-component-variant")
def inference_component_variant(deployment: Deployment) -> Iterator[Problem]:
    """A component runs on the instances of one variant (rule 35; CreateInferenceComponent, VariantName)."""
    variants = [variant.variant_name for variant in deployment.endpoint.production_variants]
    suggestion = f"use {'one of ' * (len(variants) > 1)}{', '.join(map(to_toml, variants))}"
    for name, component in deployment.endpoint.inference_components.items():
        path = deployment.path("inference_components", name, "variant_name")
        if component.variant_name and component.variant_name not in variants:
            yield Problem(path, "the endpoint has no variant of this name", suggestion, value=component.variant_name)
        elif not component.is_adapter and not component.variant_name and len(variants) > 1:
            yield Problem(path, "required with several variants", suggestion)


@endpoint_rule("inference-component-resources")
def inference_component_resources(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker places copies by the resources that they reserve (rule 35; ComputeResourceRequirements)."""
    for name, component in deployment.endpoint.inference_components.items():
        path = deployment.path("inference_components", name, "compute_resource_requirements")
        requirements = component.compute_resource_requirements
        if requirements is None:
            if not component.is_adapter:
                yield Problem(
                    path,
                    "required unless base_inference_component is set",
                    "for example, add compute_resource_requirements = { min_memory_required_in_mb = 1024, "
                    "number_of_accelerator_devices_required = 1 }",
                )
            continue
        minimum, maximum = requirements.min_memory_required_in_mb, requirements.max_memory_required_in_mb
        if maximum is not None and minimum > maximum:
            yield Problem(
                (*path, "min_memory_required_in_mb"),
                f"must not exceed max_memory_required_in_mb ({maximum})",
                f"set it to {maximum} or less",
                value=minimum,
            )


@endpoint_rule("inference-component-accelerators")
def inference_component_accelerators(deployment: Deployment) -> Iterator[Problem]:
    """A copy runs on one instance, which has the accelerators that it requires (rule 35; EC2 instance types)."""
    for name, component in deployment.endpoint.inference_components.items():
        requirements = component.compute_resource_requirements
        number = requirements.number_of_accelerator_devices_required if requirements else None
        types = _instance_types(deployment, component)
        if not number or not types or any(_may_have_accelerators(type_, number) for type_ in types):
            continue
        key = ("compute_resource_requirements", "number_of_accelerator_devices_required")
        yield Problem(
            deployment.path("inference_components", name, *key),
            f"{types[0]} has fewer accelerators" if has_accelerators(types[0]) else f"{types[0]} has no accelerators",
            "reduce it, or choose a type with more accelerators"
            if has_accelerators(types[0])
            else "remove it, or choose a type with accelerators, such as ml.g5.xlarge",
            value=number,
        )


@endpoint_rule("inference-component-cpu-cores")
def inference_component_cpu_cores(deployment: Deployment) -> Iterator[Problem]:
    """A copy runs on one instance, which has the vCPUs that it requires (rule 35; EC2 instance types)."""
    for name, component in deployment.endpoint.inference_components.items():
        requirements = component.compute_resource_requirements
        cores = requirements.number_of_cpu_cores_required if requirements else None
        types = _instance_types(deployment, component)
        numbers = [vcpus(type_) for type_ in types]
        if cores and types and all(number is not None and number < cores for number in numbers):
            yield Problem(
                deployment.path(
                    "inference_components", name, "compute_resource_requirements", "number_of_cpu_cores_required"
                ),
                f"{types[0]} has {numbers[0]} vCPUs",
                "reduce it, or choose a type with more vCPUs",
                value=plain_number(cores),
            )


def _instance_types(deployment: Deployment, component: InferenceComponent) -> list[str]:
    """Return the instance types on which a component may run."""
    return [
        variant.instance_type
        for variant in deployment.endpoint.production_variants
        if variant.instance_type and component.variant_name in (None, variant.variant_name)
    ]


def _may_have_accelerators(instance_type: str, number: float) -> bool:
    """Return whether an instance may have a number of accelerators. AWS does not document the unit of Neuron."""
    if accelerator_of(instance_type) == "gpu":
        return number <= (eight_or_more_accelerators(instance_type) or 7)
    return has_accelerators(instance_type)
