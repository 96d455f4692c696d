"""Rules about model packages: of this account, of another one, and of AWS Marketplace."""

from collections.abc import Iterator

from protected_endpoints.aws.arn import Arn
from protected_endpoints.aws.marketplace import marketplace_account, marketplace_region
from protected_endpoints.config.container import Container
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import not_in_region, refuse_keys
from protected_endpoints.rules.registry import endpoint_rule

# What AWS Marketplace provides with the package.
_PROVIDED = ("model_package_image", "model_package_data", "model_data_account_id")


@endpoint_rule("model-package-not-in-region")
def model_package_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker finds a package in its own region only, and AWS Marketplace has an account in each (rule 23)."""
    region = deployment.environment.region
    for path, _, arn in _packages(deployment):
        yield from not_in_region(deployment, path, str(arn), "model package")
        owned = marketplace_region(arn.account_id)
        if arn.region == region and owned and owned != region:
            account = marketplace_account(region)
            yield Problem(
                path,
                f"account {arn.account_id} owns the AWS Marketplace packages of {owned}, not those of {region}",
                f"use the ARN of the package in {region}{f', in account {account}' if account else ''}",
                value=str(arn),
            )


@endpoint_rule("model-package-of-another-account")
def model_package_of_another_account(deployment: Deployment) -> Iterator[Problem]:
    """The execution role needs access to the image and the data of another account's package (rule 23)."""
    relax = deployment.endpoint.relax
    for path, container, arn in _packages(deployment):
        if not _is_shared(deployment, arn) or _may_be_of_marketplace(deployment, container, arn):
            continue
        account = container.model_data_account_id or relax.model_data_account
        settings = {
            "model_package_image": container.model_package_image,
            "model_package_data": container.model_package_data,
            f'model_data_account_id = "{arn.account_id}"': account,
        }
        if missing := [setting for setting, value in settings.items() if not value]:
            yield Problem(
                path,
                f"the execution role has no access to the package's image and data in account {arn.account_id}",
                f"set {_listed(missing)}; docs/access.md lists what that account has to allow",
                value=str(arn),
            )


@endpoint_rule("model-package-image-missing")
def model_package_image_missing(deployment: Deployment) -> Iterator[Problem]:
    """The execution role pulls the image of a model package, and its policy lists the images (rule 23)."""
    for path, container, arn in _packages(deployment):
        if arn.account_id == deployment.environment.account_id and not container.model_package_image:
            yield Problem(
                path,
                "without model_package_image the execution role cannot pull the image of the package",
                "set model_package_image to the image that the package contains",
                value=str(arn),
            )


@endpoint_rule("model-package-source-unknown", "warning")
def model_package_source_unknown(deployment: Deployment) -> Iterator[Problem]:
    """A package of AWS Marketplace requires nothing, one of another account its image and its data (rule 23)."""
    for path, container, arn in _packages(deployment):
        if _may_be_of_marketplace(deployment, container, arn):
            yield Problem(
                path,
                f"the execution role can run it only if account {arn.account_id} is AWS Marketplace in {arn.region}",
                "otherwise set model_package_image, model_package_data and model_data_account_id",
                value=str(arn),
            )


@endpoint_rule("marketplace-package-not-isolated")
def marketplace_package_not_isolated(deployment: Deployment) -> Iterator[Problem]:
    """An AWS Marketplace package requires network isolation (rule 30; mkt-algo-model-internet-free)."""
    if deployment.endpoint.network_isolation_enabled:
        return
    for path, _, arn in _packages(deployment):
        if _is_of_marketplace(arn):
            yield Problem(
                path,
                "a package of AWS Marketplace requires network isolation",
                "remove relax.network_isolation",
                value=str(arn),
            )


@endpoint_rule("marketplace-package-setting-unused")
def marketplace_package_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """AWS Marketplace provides the image and the data of a package (rule 23; sagemaker-marketplace)."""
    for path, container, arn in _packages(deployment):
        if _is_of_marketplace(arn):
            message = "has no effect on a package of AWS Marketplace, which provides its image and data"
            yield from refuse_keys(path[:-1], container, _PROVIDED, message, "remove it")


@endpoint_rule("marketplace-package-guardrails", "warning")
def marketplace_package_guardrails(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker updates an AWS Marketplace package all at once, without a wait (deployment-guardrails-exclusions)."""
    if deployment.endpoint.deployment_config and any(_is_of_marketplace(arn) for _, _, arn in _packages(deployment)):
        yield Problem(
            deployment.path("deployment_config"),
            "has no effect with a package of AWS Marketplace, which SageMaker updates all at once",
            "remove it, and test a new version on another endpoint first",
        )


@endpoint_rule("marketplace-package-unsupported")
def marketplace_package_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """Serverless inference and shadow tests exclude AWS Marketplace (rules 61 and 77; their exclusions)."""
    endpoint = deployment.endpoint
    features = {"serverless inference": endpoint.is_serverless, "a shadow test": bool(endpoint.shadow_variants)}
    for path, _, arn in _packages(deployment):
        for feature, is_used in features.items():
            if is_used and _is_of_marketplace(arn):
                yield Problem(
                    path,
                    f"{feature} does not support packages of AWS Marketplace",
                    "deploy it on instances, in an endpoint of its own",
                    value=str(arn),
                )


def _packages(deployment: Deployment) -> Iterator[tuple[KeyPath, Container, Arn]]:
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if name := container.model_package_name:
            yield deployment.path(*keys, "model_package_name"), container, Arn.parse(name)


def _is_of_marketplace(arn: Arn) -> bool:
    return marketplace_region(arn.account_id) is not None


def _is_shared(deployment: Deployment, arn: Arn) -> bool:
    """Return whether another account, which is not one of AWS Marketplace, owns a package."""
    return arn.account_id != deployment.environment.account_id and not _is_of_marketplace(arn)


def _may_be_of_marketplace(deployment: Deployment, container: Container, arn: Arn) -> bool:
    """Return whether a package may be of AWS Marketplace, in a region where its account is not known."""
    is_described = container.model_package_image or container.model_package_data or container.model_data_account_id
    return _is_shared(deployment, arn) and marketplace_account(arn.region) is None and not is_described


def _listed(settings: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(settings[:-1]), settings[-1])))
