"""Rules about a model: its containers, and what each of them is made of."""

from collections.abc import Iterator

from protected_endpoints.aws.provider_versions import DEFAULT_CONSTRAINT, allows_major
from protected_endpoints.config.container import Container
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import each_written, elsewhere, of_another_account, told, twice
from protected_endpoints.rules.registry import endpoint_rule

_IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
_OF_PACKAGES = ("model_package_image", "model_package_data", "inference_specification_name")
# What CreateModel takes in the place of, or beside, a package.
_OF_IMAGES = ("image", "model_data_source")


@endpoint_rule("container-without-image")
def container_without_image(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel wants one of the two; the plan passes without both (rule 14; ContainerDefinition)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.image is None and container.model_package_name is None:
            yield Problem(
                deployment.path(*place, "image"),
                "required, and missing",
                f'add image = "{_IMAGE}"',
            )


@endpoint_rule("image-with-model-package")
def image_with_model_package(deployment: Deployment) -> Iterator[Problem]:
    """A model package names image and data itself (rules 14, 18 and 23; ContainerDefinition, ModelPackageName)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.model_package_name:
            yield from each_written(
                deployment.path(*place),
                container,
                _OF_IMAGES,
                "stands beside model_package_name, whose package brings its own",
                "leave one of the two out",
            )


@endpoint_rule("model-package-setting-unused")
def model_package_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """They choose within a package, or say what is in it (rules 23 and 24; InferenceSpecificationName)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if not container.model_package_name:
            yield from each_written(
                deployment.path(*place),
                container,
                _OF_PACKAGES,
                "has no effect without model_package_name",
                "leave it out, or name the package",
            )


@endpoint_rule("container-key-outside-containers")
def container_key_outside_containers(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel takes one container or several, not both (rule 11; PrimaryContainer, Containers)."""
    for place, model in deployment.endpoint.iter_models_with_path():
        if model.container:
            yield from each_written(
                deployment.path(*place),
                model,
                Container.model_fields,
                "stands beside container, none of which it would reach",
                "move it into one of the tables of container",
            )


@endpoint_rule("single-container-list")
def single_container_list(deployment: Deployment) -> Iterator[Problem]:
    """An inference pipeline has two containers at least (rule 12; developer guide, inference-pipelines)."""
    for place, model in deployment.endpoint.iter_models_with_path():
        if len(model.container) == 1:
            yield Problem(
                deployment.path(*place, "container"),
                "one container alone, where several are told apart",
                "add another, or write its keys without the list",
            )


@endpoint_rule("execution-config-single-container")
def execution_config_single_container(deployment: Deployment) -> Iterator[Problem]:
    """Serial and Direct say how several containers work together (rule 26; InferenceExecutionConfig)."""
    for place, model in deployment.endpoint.iter_models_with_path():
        if model.inference_execution_config and not model.container:
            yield Problem(
                deployment.path(*place, "inference_execution_config"),
                "has no effect on one container",
                "leave it out, or write several tables of container",
            )


@endpoint_rule("container-hostname-missing")
def container_hostname_missing(deployment: Deployment) -> Iterator[Problem]:
    """Callers ask for a container by it in Direct mode; a pipeline names all or none (rules 5 and 26)."""
    for place, model in deployment.endpoint.iter_models_with_path():
        config = model.inference_execution_config
        direct = config is not None and config.mode == "Direct"
        if not direct and not any(each.container_hostname for each in model.container):
            continue
        for index, each in enumerate(model.container):
            if each.container_hostname is None:
                yield Problem(
                    deployment.path(*place, "container", index, "container_hostname"),
                    f"required {'with mode Direct' if direct else 'where another container has one'}, and missing",
                    'add container_hostname = "tokenizer", for example',
                )


@endpoint_rule("container-hostname-duplicate")
def container_hostname_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel refuses two containers of one name (rule 5; ContainerDefinition, ContainerHostname)."""
    for place, model in deployment.endpoint.iter_models_with_path():
        yield from twice(
            (deployment.path(*place, "container", index, "container_hostname"), each.container_hostname)
            for index, each in enumerate(model.container)
            if each.container_hostname
        )


@endpoint_rule("multi-model-container-conflict")
def multi_model_container_conflict(deployment: Deployment) -> Iterator[Problem]:
    """One container of a pipeline may keep many models, and no package may (rule 25; multi-model-endpoints)."""
    for place, model in deployment.endpoint.iter_models_with_path():
        many = [(keys, each) for keys, each in model.iter_containers() if each.mode == "MultiModel"]
        for index, (keys, each) in enumerate(many):
            if index or each.model_package_name:
                yield Problem(
                    deployment.path(*place, *keys, "mode"),
                    "another container of the model has it" if index else "a model package has one model",
                    "leave it out",
                    value=told(each.mode),
                )


@endpoint_rule("multi-model-setting-unused")
def multi_model_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """A cache of models is kept in mode MultiModel alone (rule 25; MultiModelConfig)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.multi_model_config and container.mode != "MultiModel":
            yield Problem(
                deployment.path(*place, "multi_model_config"),
                "has no effect without mode MultiModel",
                'leave it out, or add mode = "MultiModel"',
            )


@endpoint_rule("private-registry-without-vpc")
def private_registry_without_vpc(deployment: Deployment) -> Iterator[Problem]:
    """A private registry is reached through the model's VPC (rule 27; ImageConfig, RepositoryAccessMode)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        config = container.image_config
        if config and config.is_private and not deployment.environment.network:
            yield Problem(
                deployment.path(*place, "image_config", "repository_access_mode"),
                f"needs a VPC, and environment {deployment.environment.name} has none",
                f"add a table [environments.{deployment.environment.name}.network], or take the image from ECR",
                value=told(config.repository_access_mode),
            )
        if config and config.repository_auth_config and not config.is_private:
            yield Problem(
                deployment.path(*place, "image_config", "repository_auth_config"),
                "has no effect with repository_access_mode Platform, because ECR asks the execution role",
                'leave it out, or write repository_access_mode = "Vpc"',
            )


@endpoint_rule("registry-credentials-not-in-account")
def registry_credentials_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker asks a function of its own region, as the execution role (rule 27; RepositoryAuthConfig)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.image_config and (auth := container.image_config.repository_auth_config):
            key = "repository_credentials_provider_arn"
            path = deployment.path(*place, "image_config", "repository_auth_config", key)
            arn = auth.repository_credentials_provider_arn
            yield from elsewhere(deployment, path, arn, "function")
            yield from of_another_account(deployment, path, arn, "function")


@endpoint_rule("additional-model-data-requires-provider-6")
def additional_model_data_requires_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """The AWS provider has the argument from version 6 (rule 20; aws_sagemaker_model)."""
    constraint = deployment.project.aws_provider_version
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.additional_model_data_source and allows_major(constraint, 5):
            yield Problem(
                deployment.path(*place, "additional_model_data_source"),
                f"the AWS provider has it from version 6, and aws_provider_version {constraint} admits 5",
                f'write aws_provider_version = "{DEFAULT_CONSTRAINT}" in [project]',
            )


@endpoint_rule("model-package-image-missing", "warning")
def model_package_image_missing(deployment: Deployment) -> Iterator[Problem]:
    """The execution role pulls the package's image as well, and its policy names what it may (rule 23)."""
    for place, container in (
        deployment.endpoint.iter_containers_with_path() if deployment.endpoint.network_isolation_enabled else ()
    ):
        if container.model_package_name and not container.model_package_image:
            yield Problem(
                deployment.path(*place, "model_package_name"),
                "the execution role may not pull the package's image, because model_package_image does not name it",
                "add model_package_image, unless AWS Marketplace brings the package",
                value=container.model_package_name,
            )


@endpoint_rule("marketplace-package-not-isolated", "warning")
def marketplace_package_not_isolated(deployment: Deployment) -> Iterator[Problem]:
    """AWS Marketplace brings no package that runs otherwise (rule 30; mkt-algo-model-internet-free)."""
    for place, container in (
        () if deployment.endpoint.network_isolation_enabled else deployment.endpoint.iter_containers_with_path()
    ):
        if container.model_package_name and not container.model_package_image:
            yield Problem(
                deployment.path(*place, "model_package_name"),
                "without model_package_image it is a package of AWS Marketplace, which runs in network isolation only",
                "leave relax.network_isolation out, or add model_package_image to a package of your own",
                value=container.model_package_name,
            )
