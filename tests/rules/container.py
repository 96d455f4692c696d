"""Images and environment variables of a container."""

from tests.loading.support import Table
from tests.rules.pair import NETWORK, NO_HOSTING, NO_MODEL, OVERRIDE, PACKAGE, REASON, Pair

_REGISTRY = "174872318107.dkr.ecr.us-west-2.amazonaws.com"
_PACKAGE: Table = {**NO_MODEL, "model_package_name": PACKAGE}
_IN_ECR = "must be in Amazon ECR in the region of the endpoint (ACCOUNT.dkr.ecr.us-west-2.amazonaws.com)"
_IN_REGION = (
    f'use an image in that region, {OVERRIDE}, or add image_config = {{ repository_access_mode = "Vpc" }} for a '
    "registry in the VPC"
)
_COPY = "push a copy of it to a repository in that region"


def _image(name: str) -> Table:
    return {"image": f"{_REGISTRY}/{name}"}


PAIRS = [
    Pair(
        "image-not-in-region",
        passes={"image": "174872318107.dkr.ecr-fips.us-west-2.amazonaws.com/kmeans:1"},
        fails={"image": "174872318107.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"},
        messages=(
            f'endpoints.kmeans.image: {_IN_ECR}, got "174872318107.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"; '
            f"{_IN_REGION}",
        ),
    ),
    Pair(
        "image-not-in-region",  # any registry through the VPC
        passes={
            "image": "registry.acme.internal/team/kmeans:1",
            "image_config": {"repository_access_mode": "Vpc"},
            "in_environment": {"network": NETWORK},
        },
        fails={
            "image": "registry.acme.internal/team/kmeans:1",
            "image_config": {"repository_access_mode": "Platform"},
        },
        messages=(
            f'endpoints.kmeans.image: {_IN_ECR}, got "registry.acme.internal/team/kmeans:1"; '
            f"{_IN_REGION.replace('use an image in that region', _COPY)}",
        ),
    ),
    Pair(
        "image-not-in-region",  # also the image of a model package
        passes={**_PACKAGE, "model_package_image": f"{_REGISTRY}/kmeans:1"},
        fails={**_PACKAGE, "model_package_image": "docker.io/library/kmeans:1"},
        messages=(
            f'endpoints.kmeans.model_package_image: {_IN_ECR}, got "docker.io/library/kmeans:1"; {_COPY}, or '
            f"{OVERRIDE}",
        ),
    ),
    Pair(
        "image-not-in-region",  # serverless inference does not pull through a VPC
        passes=_image("kmeans:1"),
        fails={
            "image": "public.ecr.aws/acme/kmeans:1",
            **NO_HOSTING,
            "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 1},
            "data_capture": {"enable_capture": False},
            "relax": {"network_isolation": REASON},
        },
        messages=(f'endpoints.kmeans.image: {_IN_ECR}, got "public.ecr.aws/acme/kmeans:1"; {_COPY}, or {OVERRIDE}',),
    ),
    Pair(
        "image-not-in-region",  # also the domain of the partition
        passes={
            "in_environment": {"region": "cn-north-1"},
            "image": "174872318107.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1",
            "invokers": [],
        },
        fails={
            "in_environment": {"region": "cn-north-1"},
            "image": "174872318107.dkr.ecr.cn-north-1.amazonaws.com/kmeans:1",
        },
        messages=(
            "endpoints.kmeans.image: must be in Amazon ECR in the region of the endpoint "
            "(ACCOUNT.dkr.ecr.cn-north-1.amazonaws.com.cn), got "
            f'"174872318107.dkr.ecr.cn-north-1.amazonaws.com/kmeans:1"; {_IN_REGION}',
        ),
    ),
    Pair(
        "image-tag-mutable",
        passes=_image("kmeans:latest-1"),
        fails=_image("kmeans:latest"),
        messages=(
            'endpoints.kmeans.image: tag "latest" is mutable: instances may run different images, got '
            f'"{_REGISTRY}/kmeans:latest"; use a digest or a version tag, or give a reason in relax.image_tag',
        ),
    ),
    Pair(
        "image-tag-mutable",  # the reason for another relaxation
        passes=_image("kmeans:latest") | {"relax": {"image_tag": REASON}},
        fails=_image("kmeans:latest") | {"relax": {"prevent_destroy": REASON}},
        messages=(
            'endpoints.kmeans.image: tag "latest" is mutable: instances may run different images, got '
            f'"{_REGISTRY}/kmeans:latest"; use a digest or a version tag, or give a reason in relax.image_tag',
        ),
    ),
    Pair(
        "environment-too-large",
        passes={"environment": {f"V{index}": "" for index in range(100)}},
        fails={"environment": {f"V{index}": "" for index in range(101)}},
        messages=(
            "endpoints.kmeans.environment: 101 variables exceed the limit of 100; move configuration to the "
            "model artifact",
        ),
    ),
    Pair(
        "environment-too-large",  # 32 names of 3 bytes and values of 1021 bytes are exactly 32 KB
        passes={"environment": {f"V{index}": "x" * 1021 for index in range(10, 42)}},
        fails={"environment": {f"V{index}": "x" * 1021 for index in range(10, 42)} | {"W": ""}},
        messages=(
            "endpoints.kmeans.environment: names and values take 32769 bytes and exceed the limit of 32768; move "
            "configuration to the model artifact",
        ),
    ),
    Pair(
        "environment-too-large",  # bytes, not characters
        passes={"environment": {f"V{index}": "é" * 500 for index in range(10, 42)}},
        fails={"environment": {f"V{index}": "é" * 500 for index in range(10, 43)}},
        messages=(
            "endpoints.kmeans.environment: names and values take 33099 bytes and exceed the limit of 32768; move "
            "configuration to the model artifact",
        ),
    ),
]
