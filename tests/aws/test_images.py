"""Images that AWS provides are recognized by their repository, and what their names say is read."""

import pytest

from protected_endpoints.aws.images import AwsImage, unlisted_repository
from protected_endpoints.aws.instance_types import accelerator_of, hosting_instance_types

_DLC = "763104351884.dkr.ecr.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("image", "accelerator"),
    [
        (f"{_DLC}/huggingface-pytorch-tgi-inference:2.3.0-tgi2.2.0-gpu-py310-cu121-ubuntu22.04", "gpu"),
        (f"{_DLC}/huggingface-vllm:0.26.0-gpu-py312-cu130-ubuntu22.04", "gpu"),
        (f"{_DLC}/vllm:0.26.0-gpu-py312-cu130-ubuntu22.04-sagemaker", "gpu"),
        (f"{_DLC}/vllm:server-sagemaker-cuda-v1", "gpu"),
        (f"{_DLC}/djl-inference:0.36.0-lmi23.0.0-cu129", "gpu"),
        (f"{_DLC}/djl-inference:0.26.0-neuronx-sdk2.16.0", "neuron"),
        (f"{_DLC}/huggingface-pytorch-inference-neuronx:2.1.2-neuronx-py310-sdk2.20.0-ubuntu20.04", "neuron"),
        (f"{_DLC}/pytorch-inference-graviton:2.3.0-cpu-py311-ubuntu20.04-sagemaker", "none"),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/tei-cpu:2.0.1-tei1.7.0-cpu-py310-ubuntu22.04", "none"),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3", "none"),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1", None),
        (f"{_DLC}/sagemaker-tritonserver:24.01-py3", None),
    ],
)
def test_the_name_of_an_image_says_what_it_is_built_for(image: str, accelerator: str | None) -> None:
    parsed = AwsImage.parse(image)
    assert parsed
    assert parsed.accelerator == accelerator


@pytest.mark.parametrize(
    "image",
    [
        f"{_DLC}/scoring-gpu:7",
        f"{_DLC}/team/djl-inference:0.36.0-cu129",
        "registry.acme.internal/djl-inference:0.36.0-cu129",
        "docker.io/library/kmeans:1",
    ],
)
def test_other_images_are_not_read(image: str) -> None:
    assert AwsImage.parse(image) is None


def test_a_digest_says_nothing_and_is_no_error() -> None:
    image = AwsImage.parse(f"{_DLC}/djl-inference@sha256:{'a' * 64}")
    assert image
    assert (image.tag, image.accelerator) == ("", None)


@pytest.mark.parametrize(
    ("image", "account"),
    [
        ("683313688378.dkr.ecr.eu-west-2.amazonaws.com/sagemaker-xgboost:1.7-1", "764974769150"),
        ("763104351884.dkr.ecr.me-south-1.amazonaws.com/djl-inference:0.36.0-lmi23.0.0-cu129", "217643126080"),
        ("763104351884.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-inference:2.6.0-cpu-py312", "727897471807"),
        ("174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1", "174872318107"),
        ("174872318107.dkr.ecr.zz-new-1.amazonaws.com/kmeans:1", None),
    ],
)
def test_the_account_of_a_registry_depends_on_repository_and_region(image: str, account: str | None) -> None:
    parsed = AwsImage.parse(image)
    assert parsed
    assert parsed.account_in_region == account
    assert parsed.is_in_registry_of_aws


def test_every_hosting_instance_type_has_one_accelerator_or_another() -> None:
    by_kind = {kind: {t for t in hosting_instance_types() if accelerator_of(t) == kind} for kind in ("gpu", "neuron")}
    assert {"ml.g6e.xlarge", "ml.p6-b200.48xlarge", "ml.p3.2xlarge"} <= by_kind["gpu"]
    assert {"ml.inf2.xlarge", "ml.trn1.32xlarge"} <= by_kind["neuron"]
    assert accelerator_of("ml.m5.xlarge") == "none"
    assert accelerator_of("ml.dl1.24xlarge") is None


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("0.26.0-gpu-py312-cu130-ubuntu22.04", (13, 0)),
        ("0.34.0-lmi16.0.0-cu128", (12, 8)),
        ("2.0.1-gpu-py39-cu118-ubuntu20.04", (11, 8)),
        ("2.6.0-cpu-py312", None),
    ],
)
def test_the_tag_of_an_image_names_the_version_of_cuda(tag: str, version: tuple[int, int] | None) -> None:
    image = AwsImage.parse(f"{_DLC}/djl-inference:{tag}")
    assert image
    assert image.cuda_version == version


_SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn"


@pytest.mark.parametrize(
    ("image", "architecture"),
    [
        (f"{_DLC}/pytorch-inference:2.6.0-cpu-py312", "x86_64"),
        (f"{_DLC}/pytorch-inference-graviton:2.3.0-cpu-py311", "arm64"),
        (f"{_DLC}/pytorch-inference-arm64@sha256:{'a' * 64}", "arm64"),
        (f"{_SKLEARN}:1.0-1-arm64-cpu-py3", "arm64"),
        (f"{_SKLEARN}:1.0-1-cpu-py3", "x86_64"),
        (f"{_SKLEARN}@sha256:{'a' * 64}", None),
    ],
)
def test_repository_or_tag_name_the_architecture(image: str, architecture: str | None) -> None:
    parsed = AwsImage.parse(image)
    assert parsed
    assert parsed.architecture == architecture


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        (f"{_DLC}/pytorch-training:2.9.0-gpu-py312-cu130", "pytorch-training"),
        (f"{_DLC}/pytorch-inference:2.6.0-cpu-py312", None),
        ("111122223333.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.9.0", None),
        ("docker.io/library/python:3.11", None),
    ],
)
def test_a_repository_of_aws_that_has_no_inference_image(image: str, repository: str | None) -> None:
    assert unlisted_repository(image) == repository
