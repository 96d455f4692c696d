"""Model packages of this account, of another one, and of AWS Marketplace."""

from tests.loading.support import Table
from tests.rules.pair import IMAGE, NO_MODEL, PACKAGE, REASON, Pair, variant, variants

_PACKAGES = "arn:aws:sagemaker:us-west-2:{}:model-package/fraud-0f1e2d3c"
_MARKETPLACE, _SHARED = _PACKAGES.format("594846645681"), _PACKAGES.format("444455556666")
_OF_IRELAND = _PACKAGES.format("985815980388")
_ELSEWHERE = PACKAGE.replace("us-west-2", "eu-west-1")
_UNLISTED = _SHARED.replace("us-west-2", "eu-central-2")
_NAME = "endpoints.kmeans.model_package_name"
_DATA = {"model_package_data": ["s3://models/m.tar.gz"], "model_data_account_id": "444455556666"}
_NOT_ISOLATED = {"network_isolation": REASON}
_ROLLOUT = {
    "blue_green_update_policy": {
        "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}
    }
}
_SERVERLESS: Table = {
    "instance_type": None,
    "initial_instance_count": None,
    "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5},
    "relax": _NOT_ISOLATED,
}


def _package(name: str = PACKAGE, **changes: object) -> Table:
    return {**NO_MODEL, "model_package_name": name, **changes}


PAIRS = [
    Pair(
        "model-package-not-in-region",
        passes=_package(model_package_image=IMAGE),
        fails=_package(_ELSEWHERE, model_package_image=IMAGE),
        messages=(
            f'{_NAME}: the model package is not in region us-west-2, got "{_ELSEWHERE}"; use a model package in that '
            "region, or set one for this environment in environments.dev of this endpoint",
        ),
    ),
    Pair(
        "model-package-not-in-region",
        passes=_package(_MARKETPLACE),
        fails=_package(_OF_IRELAND),
        messages=(
            f"{_NAME}: account 985815980388 owns the AWS Marketplace packages of eu-west-1, not those of us-west-2, "
            f'got "{_OF_IRELAND}"; use the ARN of the package in us-west-2, in account 594846645681',
        ),
    ),
    Pair(
        "model-package-of-another-account",
        passes=_package(_SHARED, model_package_image=IMAGE, **_DATA),
        fails=_package(_SHARED),
        messages=(
            f"{_NAME}: the execution role has no access to the package's image and data in account 444455556666, got "
            f'"{_SHARED}"; set model_package_image, model_package_data and model_data_account_id = "444455556666"; '
            "docs/access.md lists what that account has to allow",
        ),
    ),
    Pair(
        "model-package-of-another-account",  # the account of the data may be unknown
        passes=_package(
            _SHARED,
            model_package_image=IMAGE,
            model_package_data=["s3://models/m.tar.gz"],
            relax={"model_data_account": REASON},
        ),
        fails=_package(_SHARED, model_package_image=IMAGE, model_package_data=["s3://models/m.tar.gz"]),
        messages=(
            f"{_NAME}: the execution role has no access to the package's image and data in account 444455556666, got "
            f'"{_SHARED}"; set model_data_account_id = "444455556666"; docs/access.md lists what that account has to '
            "allow",
        ),
    ),
    Pair(
        "model-package-image-missing",
        passes=_package(model_package_image=IMAGE),
        fails=_package(),
        messages=(
            f"{_NAME}: without model_package_image the execution role cannot pull the image of the package, got "
            f'"{PACKAGE}"; set model_package_image to the image that the package contains',
        ),
    ),
    Pair(
        "model-package-source-unknown",
        passes=_package(_MARKETPLACE),
        fails=_package(_UNLISTED) | {"in_environment": {"region": "eu-central-2"}},
        messages=(
            f"{_NAME}: the execution role can run it only if account 444455556666 is AWS Marketplace in eu-central-2, "
            f'got "{_UNLISTED}"; otherwise set model_package_image, model_package_data and model_data_account_id',
        ),
    ),
    Pair(
        "marketplace-package-not-isolated",
        passes=_package(relax=_NOT_ISOLATED, model_package_image=IMAGE),
        fails=_package(_MARKETPLACE, relax=_NOT_ISOLATED),
        messages=(
            f'{_NAME}: a package of AWS Marketplace requires network isolation, got "{_MARKETPLACE}"; remove '
            "relax.network_isolation",
        ),
    ),
    Pair(
        "marketplace-package-setting-unused",
        passes=_package(_MARKETPLACE, inference_specification_name="small"),
        fails=_package(_MARKETPLACE, model_package_image=IMAGE),
        messages=(
            "endpoints.kmeans.model_package_image: has no effect on a package of AWS Marketplace, which provides its "
            f'image and data, got "{IMAGE}"; remove it',
        ),
    ),
    Pair(
        "marketplace-package-guardrails",
        passes=_package(model_package_image=IMAGE, deployment_config=_ROLLOUT),
        fails=_package(_MARKETPLACE, deployment_config=_ROLLOUT),
        messages=(
            "endpoints.kmeans.deployment_config: has no effect with a package of AWS Marketplace, which SageMaker "
            "updates all at once; remove it, and test a new version on another endpoint first",
        ),
    ),
    Pair(
        "marketplace-package-unsupported",
        passes=_package(model_package_image=IMAGE) | _SERVERLESS,
        fails=_package(_MARKETPLACE) | _SERVERLESS,
        messages=(
            f"{_NAME}: serverless inference does not support packages of AWS Marketplace, got "
            f'"{_MARKETPLACE}"; deploy it on instances, in an endpoint of its own',
        ),
    ),
    Pair(
        "marketplace-package-unsupported",
        passes=_package(_MARKETPLACE),
        fails=variants(variant())
        | {
            **NO_MODEL,
            "models": {"model": {"model_package_name": _MARKETPLACE}},
            "shadow_variants": [variant("two")],
        },
        messages=(
            "endpoints.kmeans.models.model.model_package_name: a shadow test does not support packages of AWS "
            f'Marketplace, got "{_MARKETPLACE}"; deploy it on instances, in an endpoint of its own',
        ),
    ),
]
