"""Rules about a model: its containers, images and model packages."""

from collections.abc import Iterator

from protected_endpoints.aws.provider_versions import allows_major
from protected_endpoints.config.container import Container
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import (
    REMOVE_ONE,
    duplicates,
    not_in_account,
    not_in_region,
    provider_6_required,
    refuse_keys,
)
from protected_endpoints.rules.registry import endpoint_rule

_IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
_PACKAGE_KEYS = ("model_package_image", "model_package_data", "inference_specification_name")
_IMAGE_KEYS = ("image", "model_data_source")  # CreateModel accepts neither with a model package


@endpoint_rule("container-without-image")
def container_without_image(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel requires an image or a model package, which a plan does not check (rule 14; ContainerDefinition)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.image is None and container.model_package_name is None:
            yield Problem(
                deployment.path(*keys, "image"),
                "required unless model_package_name is set",
                f'for example, add image = "{_IMAGE}"',
            )


@endpoint_rule("image-with-model-package")
def image_with_model_package(deployment: Deployment) -> Iterator[Problem]:
    """A model package defines its image and data (rules 14, 18 and 23; ContainerDefinition, ModelPackageName)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.model_package_name:
            yield from refuse_keys(
                deployment.path(*keys),
                container,
                _IMAGE_KEYS,
                "conflicts with model_package_name, whose package defines it",
                REMOVE_ONE,
            )


@endpoint_rule("model-package-setting-unused")
def model_package_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """Model package settings apply to a model package only (rules 23 and 24; InferenceSpecificationName)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if not container.model_package_name:
            yield from refuse_keys(
                deployment.path(*keys),
                container,
                _PACKAGE_KEYS,
                "has no effect without model_package_name",
                "remove it, or set model_package_name",
            )


@endpoint_rule("container-key-outside-containers")
def container_key_outside_containers(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel accepts one container or a list of containers (rule 11; PrimaryContainer, Containers)."""
    for keys, model in deployment.endpoint.iter_models_with_path():
        if model.container:
            yield from refuse_keys(
                deployment.path(*keys),
                model,
                Container.model_fields,
                "cannot be combined with container",
                "move it into each container that needs it",
            )


@endpoint_rule("single-container-list")
def single_container_list(deployment: Deployment) -> Iterator[Problem]:
    """An inference pipeline has at least two containers (rule 12; developer guide, inference-pipelines)."""
    for keys, model in deployment.endpoint.iter_models_with_path():
        if len(model.container) == 1:
            yield Problem(
                deployment.path(*keys, "container"),
                "must have at least two containers",
                "add another container, or set the keys of the container without the list",
            )


@endpoint_rule("execution-config-single-container")
def execution_config_single_container(deployment: Deployment) -> Iterator[Problem]:
    """The modes Serial and Direct apply to several containers (rule 26; InferenceExecutionConfig)."""
    for keys, model in deployment.endpoint.iter_models_with_path():
        if model.inference_execution_config and not model.container:
            yield Problem(
                deployment.path(*keys, "inference_execution_config"),
                "has no effect on a single container",
                "remove it, or add a list of containers",
            )


@endpoint_rule("container-hostname-missing")
def container_hostname_missing(deployment: Deployment) -> Iterator[Problem]:
    """Requests name a container in mode Direct, and a pipeline has all hostnames or none (rules 5 and 26)."""
    for keys, model in deployment.endpoint.iter_models_with_path():
        config = model.inference_execution_config
        direct = config is not None and config.mode == "Direct"
        if not direct and not any(container.container_hostname for container in model.container):
            continue
        for index, container in enumerate(model.container):
            if container.container_hostname is None:
                yield Problem(
                    deployment.path(*keys, "container", index, "container_hostname"),
                    f"required {'with mode Direct' if direct else 'when another container has one'}",
                    'for example, add container_hostname = "tokenizer"',
                )


@endpoint_rule("container-hostname-duplicate")
def container_hostname_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel rejects two containers with one hostname (rule 5; ContainerDefinition, ContainerHostname)."""
    for keys, model in deployment.endpoint.iter_models_with_path():
        hostnames = (
            (deployment.path(*keys, "container", index, "container_hostname"), container.container_hostname)
            for index, container in enumerate(model.container)
            if container.container_hostname
        )
        yield from duplicates(hostnames, "rename one")


@endpoint_rule("multi-model-container-conflict")
def multi_model_container_conflict(deployment: Deployment) -> Iterator[Problem]:
    """One container of a pipeline can be multi-model, and a model package cannot (rule 25; multi-model-endpoints)."""
    for model_keys, model in deployment.endpoint.iter_models_with_path():
        multi_model = [pair for pair in model.iter_containers() if pair[1].mode == "MultiModel"]
        for index, (keys, container) in enumerate(multi_model):
            if index or container.model_package_name:
                yield Problem(
                    deployment.path(*model_keys, *keys, "mode"),
                    "only one container of a model can have this mode"
                    if index
                    else "cannot be combined with model_package_name",
                    "remove it",
                    value=container.mode,
                )


@endpoint_rule("multi-model-setting-unused")
def multi_model_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """The model cache exists in mode MultiModel only (rule 25; MultiModelConfig)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.multi_model_config and container.mode != "MultiModel":
            yield Problem(
                deployment.path(*keys, "multi_model_config"),
                "has no effect without mode MultiModel",
                'remove it, or set mode = "MultiModel"',
            )


@endpoint_rule("private-registry-without-vpc")
def private_registry_without_vpc(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker reaches a private registry through the model's VPC (rule 27; ImageConfig, RepositoryAccessMode)."""
    environment = deployment.environment
    for keys, container in deployment.endpoint.iter_containers_with_path():
        config = container.image_config
        if config and config.is_private and not environment.network:
            yield Problem(
                deployment.path(*keys, "image_config", "repository_access_mode"),
                f"requires a VPC, but environment {environment.name} has none",
                f"add a table [environments.{environment.name}.network], or use an image in ECR",
                value=config.repository_access_mode,
            )


@endpoint_rule("registry-credentials-unused")
def registry_credentials_unused(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker pulls from Amazon ECR with the execution role (rule 27; RepositoryAuthConfig)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        config = container.image_config
        if config and config.repository_auth_config and not config.is_private:
            yield Problem(
                deployment.path(*keys, "image_config", "repository_auth_config"),
                "has no effect with repository_access_mode Platform, because ECR uses the execution role",
                'remove it, or set repository_access_mode = "Vpc"',
            )


@endpoint_rule("registry-credentials-not-in-account")
def registry_credentials_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """The execution role invokes a function of its own region and account (rule 27; RepositoryAuthConfig)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.image_config and (auth := container.image_config.repository_auth_config):
            key = "repository_credentials_provider_arn"
            path = deployment.path(*keys, "image_config", "repository_auth_config", key)
            arn = auth.repository_credentials_provider_arn
            yield from not_in_region(deployment, path, arn, "function")
            yield from not_in_account(deployment, path, arn, "function")


@endpoint_rule("additional-model-data-requires-provider-6")
def additional_model_data_requires_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """AWS provider 5 does not support `additional_model_data_source` (rule 20; aws_sagemaker_model)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.additional_model_data_source and allows_major(deployment.project.aws_provider_version, 5):
            yield provider_6_required(deployment, deployment.path(*keys, "additional_model_data_source"))
