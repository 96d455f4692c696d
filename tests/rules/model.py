"""A model: its containers, and what each of them is made of."""

from tests.loading.support import Table
from tests.rules.pair import IMAGE, NETWORK, NO_MODEL, PACKAGE, PROVIDER_5, REASON, Pair, containers

_SOURCE = {"s3_uri": "s3://my-bucket/adapters/", "s3_data_type": "S3Prefix"}
_DIRECT = {"inference_execution_config": {"mode": "Direct"}}
_OPEN = {"network_isolation": REASON}
_LAMBDA = "arn:aws:lambda:us-west-2:111122223333:function:registry-credentials"
_LAMBDA_ELSEWHERE = "arn:aws:lambda:eu-west-1:444455556666:function:registry-credentials"
_PROVIDER = "endpoints.kmeans.image_config.repository_auth_config.repository_credentials_provider_arn"


def _private(provider: str) -> Table:
    return {
        "repository_access_mode": "Vpc",
        "repository_auth_config": {"repository_credentials_provider_arn": provider},
    }


def _package(**changes: object) -> Table:
    return {**NO_MODEL, "model_package_name": PACKAGE, "model_package_image": IMAGE, **changes}


def _named(*names: str | None) -> list[Table]:
    return [{"container_hostname": name} if name else {} for name in names]


PAIRS = [
    Pair(
        "container-without-image",
        passes=_package(),
        fails={"image": None},
        messages=(f'endpoints.kmeans.image: required, and missing; add image = "{IMAGE}"',),
    ),
    Pair(
        "container-without-image",  # each of several
        passes=containers({}, {}),
        fails=containers({}, {"image": None}),
        messages=(f'endpoints.kmeans.container[1].image: required, and missing; add image = "{IMAGE}"',),
    ),
    Pair(
        "image-with-model-package",
        passes=_package(),
        fails=_package(image=IMAGE),
        messages=(
            "endpoints.kmeans.image: stands beside model_package_name, whose package brings its own, "
            f'got "{IMAGE}"; leave one of the two out',
        ),
    ),
    Pair(
        "model-package-setting-unused",
        passes=_package(inference_specification_name="small"),
        fails={"inference_specification_name": "small", "model_package_data": ["s3://my-bucket/m.tar.gz"]},
        messages=(
            "endpoints.kmeans.model_package_data: has no effect without model_package_name; "
            "leave it out, or name the package",
            'endpoints.kmeans.inference_specification_name: has no effect without model_package_name, got "small"; '
            "leave it out, or name the package",
        ),
    ),
    Pair(
        "container-key-outside-containers",
        passes=containers({}, {}),
        fails=containers({}, {}, image=IMAGE),
        messages=(
            f'endpoints.kmeans.image: stands beside container, none of which it would reach, got "{IMAGE}"; '
            "move it into one of the tables of container",
        ),
    ),
    Pair(
        "single-container-list",
        passes=containers({}, {}),
        fails=containers({}),
        messages=(
            "endpoints.kmeans.container: one container alone, where several are told apart; "
            "add another, or write its keys without the list",
        ),
    ),
    Pair(
        "execution-config-single-container",
        passes=containers({}, {}, inference_execution_config={"mode": "Serial"}),
        fails={"inference_execution_config": {"mode": "Serial"}},
        messages=(
            "endpoints.kmeans.inference_execution_config: has no effect on one container; "
            "leave it out, or write several tables of container",
        ),
    ),
    Pair(
        "container-hostname-missing",
        passes=containers(*_named("a", "b"), **_DIRECT),
        fails=containers(*_named("a", None), **_DIRECT),
        messages=(
            "endpoints.kmeans.container[1].container_hostname: required with mode Direct, and missing; "
            'add container_hostname = "tokenizer", for example',
        ),
    ),
    Pair(
        "container-hostname-missing",  # a pipeline names all or none
        passes=containers({}, {}),
        fails=containers(*_named(None, "b")),
        messages=(
            "endpoints.kmeans.container[0].container_hostname: required where another container has one, and missing; "
            'add container_hostname = "tokenizer", for example',
        ),
    ),
    Pair(
        "container-hostname-duplicate",
        passes=containers(*_named("a", "b")),
        fails=containers(*_named("a", "a")),
        messages=('endpoints.kmeans.container[1].container_hostname: named twice, got "a"; rename one of the two',),
    ),
    Pair(
        "multi-model-container-conflict",
        passes=containers({}, {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"}),
        fails=containers({"mode": "MultiModel"}, {"mode": "MultiModel"}),
        messages=(
            'endpoints.kmeans.container[1].mode: another container of the model has it, got "MultiModel"; leave it out',
        ),
    ),
    Pair(
        "multi-model-container-conflict",
        passes=_package(mode="SingleModel"),
        fails=_package(mode="MultiModel"),
        messages=('endpoints.kmeans.mode: a model package has one model, got "MultiModel"; leave it out',),
    ),
    Pair(
        "multi-model-setting-unused",
        passes={"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/", "multi_model_config": {}},
        fails={"multi_model_config": {}},
        messages=(
            "endpoints.kmeans.multi_model_config: has no effect without mode MultiModel; "
            'leave it out, or add mode = "MultiModel"',
        ),
    ),
    Pair(
        "private-registry-without-vpc",
        passes={"image_config": {"repository_access_mode": "Vpc"}, "in_environment": {"network": NETWORK}},
        fails={"image_config": {"repository_access_mode": "Vpc"}},
        messages=(
            "endpoints.kmeans.image_config.repository_access_mode: needs a VPC, and environment dev has none, "
            'got "Vpc"; add a table [environments.dev.network], or take the image from ECR',
        ),
    ),
    Pair(
        "private-registry-without-vpc",
        passes={"image_config": {"repository_access_mode": "Platform"}},
        fails={
            "image_config": {
                "repository_access_mode": "Platform",
                "repository_auth_config": {"repository_credentials_provider_arn": _LAMBDA},
            }
        },
        messages=(
            "endpoints.kmeans.image_config.repository_auth_config: has no effect with repository_access_mode Platform, "
            'because ECR asks the execution role; leave it out, or write repository_access_mode = "Vpc"',
        ),
    ),
    Pair(
        "registry-credentials-not-in-account",
        passes={"image_config": _private(_LAMBDA), "in_environment": {"network": NETWORK}},
        fails={"image_config": _private(_LAMBDA_ELSEWHERE), "in_environment": {"network": NETWORK}},
        messages=(
            f"{_PROVIDER}: the function is not in region us-west-2, "
            f'got "{_LAMBDA_ELSEWHERE}"; name a function of that region, for one environment under environments.dev',
            f"{_PROVIDER}: the function is not of account 111122223333, and the execution role has nothing to do in "
            f'another, got "{_LAMBDA_ELSEWHERE}"; name a function of that account',
        ),
    ),
    Pair(
        "additional-model-data-requires-provider-6",
        passes={"additional_model_data_source": [{"channel_name": "a", "s3_data_source": _SOURCE}]},
        fails={
            "project": PROVIDER_5,
            "additional_model_data_source": [{"channel_name": "a", "s3_data_source": _SOURCE}],
        },
        messages=(
            "endpoints.kmeans.additional_model_data_source: the AWS provider has it from version 6, and "
            "aws_provider_version >= 5.100, < 7 admits 5; "
            'write aws_provider_version = ">= 6.40, < 7" in [project]',
        ),
    ),
    Pair(
        "model-package-image-missing",
        passes=_package(),
        fails=_package(model_package_image=None),
        messages=(
            "endpoints.kmeans.model_package_name: the execution role may not pull the package's image, because "
            f'model_package_image does not name it, got "{PACKAGE}"; '
            "add model_package_image, unless AWS Marketplace brings the package",
        ),
    ),
    Pair(
        "marketplace-package-not-isolated",
        passes=_package(relax=_OPEN),
        fails=_package(relax=_OPEN, model_package_image=None),
        messages=(
            "endpoints.kmeans.model_package_name: without model_package_image it is a package of AWS Marketplace, "
            f'which runs in network isolation only, got "{PACKAGE}"; '
            "leave relax.network_isolation out, or add model_package_image to a package of your own",
        ),
    ),
]
