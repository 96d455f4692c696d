"""A model: its containers, images and model packages."""

from tests.loading.support import Table
from tests.rules.pair import IMAGE, NETWORK, NO_MODEL, OVERRIDE, PACKAGE, PROVIDER_5, Pair, containers

_SOURCE = {"s3_uri": "s3://my-bucket/adapters/", "s3_data_type": "S3Prefix"}
_DIRECT = {"inference_execution_config": {"mode": "Direct"}}
_LAMBDA = "arn:aws:lambda:us-west-2:111122223333:function:registry-credentials"
_OTHER_LAMBDA = "arn:aws:lambda:eu-west-1:444455556666:function:registry-credentials"
_CREDENTIALS = "endpoints.kmeans.image_config.repository_auth_config.repository_credentials_provider_arn"


def _private_registry(provider: str) -> Table:
    return {
        "repository_access_mode": "Vpc",
        "repository_auth_config": {"repository_credentials_provider_arn": provider},
    }


def _package(**changes: object) -> Table:
    return {**NO_MODEL, "model_package_name": PACKAGE, "model_package_image": IMAGE, **changes}


def _hostnames(*names: str | None) -> list[Table]:
    return [{"container_hostname": name} if name else {} for name in names]


PAIRS = [
    Pair(
        "container-without-image",
        passes=_package(),
        fails={"image": None},
        messages=(
            f'endpoints.kmeans.image: required unless model_package_name is set; for example, add image = "{IMAGE}"',
        ),
    ),
    Pair(
        "container-without-image",  # each container of several
        passes=containers({}, {}),
        fails=containers({}, {"image": None}),
        messages=(
            "endpoints.kmeans.container[1].image: required unless model_package_name is set; for example, "
            f'add image = "{IMAGE}"',
        ),
    ),
    Pair(
        "image-with-model-package",
        passes=_package(),
        fails=_package(image=IMAGE),
        messages=(
            f'endpoints.kmeans.image: conflicts with model_package_name, whose package defines it, got "{IMAGE}"; '
            "remove one of them",
        ),
    ),
    Pair(
        "model-package-setting-unused",
        passes=_package(inference_specification_name="small"),
        fails={"inference_specification_name": "small", "model_package_data": ["s3://my-bucket/m.tar.gz"]},
        messages=(
            "endpoints.kmeans.model_package_data: has no effect without model_package_name; remove it, or set "
            "model_package_name",
            "endpoints.kmeans.inference_specification_name: has no effect without model_package_name, got "
            '"small"; remove it, or set model_package_name',
        ),
    ),
    Pair(
        "container-key-outside-containers",
        passes=containers({}, {}),
        fails=containers({}, {}, image=IMAGE),
        messages=(
            f'endpoints.kmeans.image: cannot be combined with container, got "{IMAGE}"; move it into each '
            "container that needs it",
        ),
    ),
    Pair(
        "single-container-list",
        passes=containers({}, {}),
        fails=containers({}),
        messages=(
            "endpoints.kmeans.container: must have at least two containers; add another container, or set the "
            "keys of the container without the list",
        ),
    ),
    Pair(
        "execution-config-single-container",
        passes=containers({}, {}, inference_execution_config={"mode": "Serial"}),
        fails={"inference_execution_config": {"mode": "Serial"}},
        messages=(
            "endpoints.kmeans.inference_execution_config: has no effect on a single container; remove it, or add "
            "a list of containers",
        ),
    ),
    Pair(
        "container-hostname-missing",
        passes=containers(*_hostnames("a", "b"), **_DIRECT),
        fails=containers(*_hostnames("a", None), **_DIRECT),
        messages=(
            "endpoints.kmeans.container[1].container_hostname: required with mode Direct; for example, add "
            'container_hostname = "tokenizer"',
        ),
    ),
    Pair(
        "container-hostname-missing",  # a pipeline has all hostnames or none
        passes=containers({}, {}),
        fails=containers(*_hostnames(None, "b")),
        messages=(
            "endpoints.kmeans.container[0].container_hostname: required when another container has one; for "
            'example, add container_hostname = "tokenizer"',
        ),
    ),
    Pair(
        "container-hostname-duplicate",
        passes=containers(*_hostnames("a", "b")),
        fails=containers(*_hostnames("a", "a")),
        messages=('endpoints.kmeans.container[1].container_hostname: duplicate entry, got "a"; rename one',),
    ),
    Pair(
        "multi-model-container-conflict",
        passes=containers({}, {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"}),
        fails=containers({"mode": "MultiModel"}, {"mode": "MultiModel"}),
        messages=(
            'endpoints.kmeans.container[1].mode: only one container of a model can have this mode, got "MultiModel"; '
            "remove it",
        ),
    ),
    Pair(
        "multi-model-container-conflict",
        passes=_package(mode="SingleModel"),
        fails=_package(mode="MultiModel"),
        messages=('endpoints.kmeans.mode: cannot be combined with model_package_name, got "MultiModel"; remove it',),
    ),
    Pair(
        "multi-model-setting-unused",
        passes={"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/", "multi_model_config": {}},
        fails={"multi_model_config": {}},
        messages=(
            "endpoints.kmeans.multi_model_config: has no effect without mode MultiModel; remove it, or set mode "
            '= "MultiModel"',
        ),
    ),
    Pair(
        "private-registry-without-vpc",
        passes={"image_config": {"repository_access_mode": "Vpc"}, "in_environment": {"network": NETWORK}},
        fails={"image_config": {"repository_access_mode": "Vpc"}},
        messages=(
            "endpoints.kmeans.image_config.repository_access_mode: requires a VPC, but environment dev has none, "
            'got "Vpc"; add a table [environments.dev.network], or use an image in ECR',
        ),
    ),
    Pair(
        "registry-credentials-unused",
        passes={"image_config": {"repository_access_mode": "Platform"}},
        fails={
            "image_config": {
                "repository_access_mode": "Platform",
                "repository_auth_config": {"repository_credentials_provider_arn": _LAMBDA},
            }
        },
        messages=(
            "endpoints.kmeans.image_config.repository_auth_config: has no effect with repository_access_mode "
            'Platform, because ECR uses the execution role; remove it, or set repository_access_mode = "Vpc"',
        ),
    ),
    Pair(
        "registry-credentials-not-in-account",
        passes={"image_config": _private_registry(_LAMBDA), "in_environment": {"network": NETWORK}},
        fails={"image_config": _private_registry(_OTHER_LAMBDA), "in_environment": {"network": NETWORK}},
        messages=(
            f'{_CREDENTIALS}: the function is not in region us-west-2, got "{_OTHER_LAMBDA}"; use a function in '
            f"that region, or {OVERRIDE}",
            f'{_CREDENTIALS}: the function is not in account 111122223333, got "{_OTHER_LAMBDA}"; use a function '
            f"in that account, or {OVERRIDE}",
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
            "endpoints.kmeans.additional_model_data_source: requires AWS provider >= 6, but aws_provider_version "
            '>= 5.100, < 7 allows 5; set aws_provider_version = ">= 6.40, < 7" in [project]',
        ),
    ),
]
