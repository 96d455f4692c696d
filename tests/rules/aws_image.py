"""Registries, purposes, processors and accelerators of images that AWS provides."""

from tests.loading.support import Table
from tests.rules.pair import NO_HOSTING, NO_MODEL, PACKAGE, REASON, Pair, variant

_DLC = "763104351884.dkr.ecr.us-west-2.amazonaws.com"
_OTHER_REGION = "683313688378.dkr.ecr.us-west-2.amazonaws.com"
_XGBOOST = "246618743249.dkr.ecr.us-west-2.amazonaws.com"
_LMI = f"{_DLC}/djl-inference:0.34.0-lmi16.0.0-cu128"
_NEURON = f"{_DLC}/djl-inference:0.29.0-neuronx-sdk2.19.1"
_CPU = f"{_DLC}/huggingface-pytorch-inference:2.6.0-cpu-py312"
_GRAVITON = f"{_DLC}/pytorch-inference-graviton:2.3.0-cpu-py311"
_TENSORFLOW = f"{_DLC}/tensorflow-inference:2.19.0-cpu-py312"
_CUDA_13 = f"{_DLC}/huggingface-vllm:0.26.0-gpu-py312-cu130"
_AMI = "al2023-ami-sagemaker-inference-gpu-4-1"
_WITH_AMI = f'set inference_ami_version = "{_AMI}", or choose an image for CUDA 12'
_SERVERLESS: Table = {
    **NO_HOSTING,
    "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 1},
    "data_capture": {"enable_capture": False},
    "relax": {"network_isolation": REASON},
}
_FOR_GPU = "choose an instance type with a GPU, such as ml.g5.xlarge, or an image that is built for this type"
_TWO_TYPES: Table = {
    **NO_MODEL,
    **NO_HOSTING,
    "models": {"a": {"image": _LMI}, "b": {"image": _CPU}},
    "variants": [
        variant("one", model="a", instance_type="ml.g5.xlarge"),
        variant("two", model="b", instance_type="ml.m5.xlarge"),
        variant("three", model="a", instance_type="ml.c5.xlarge"),
    ],
}

PAIRS = [
    Pair(
        "image-registry-account",
        passes={"image": f"{_XGBOOST}/sagemaker-xgboost:1.7-1"},
        fails={"image": f"{_OTHER_REGION}/sagemaker-xgboost:1.7-1"},
        messages=(
            "endpoints.kmeans.image: AWS provides sagemaker-xgboost in us-west-2 from account 246618743249, got "
            f'"{_OTHER_REGION}/sagemaker-xgboost:1.7-1"; use "{_XGBOOST}/sagemaker-xgboost:1.7-1"',
        ),
    ),
    Pair(
        "image-registry-account",  # a copy in the account of the environment is not in a registry of AWS
        passes={
            **NO_MODEL,
            "model_package_name": PACKAGE,
            "model_package_image": "111122223333.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1",
        },
        fails={
            **NO_MODEL,
            "model_package_name": PACKAGE,
            "model_package_image": f"{_OTHER_REGION}/sagemaker-xgboost:1.7-1",
        },
        messages=(
            "endpoints.kmeans.model_package_image: AWS provides sagemaker-xgboost in us-west-2 from account "
            f'246618743249, got "{_OTHER_REGION}/sagemaker-xgboost:1.7-1"; use "{_XGBOOST}/sagemaker-xgboost:1.7-1"',
        ),
    ),
    Pair(
        "image-not-for-inference",
        passes={"image": f"{_DLC}/pytorch-inference:2.6.0-cpu-py312"},
        fails={"image": f"{_DLC}/huggingface-pytorch-training:2.9.0-cpu-py312"},
        messages=(
            "endpoints.kmeans.image: huggingface-pytorch-training is an image for training, which does not answer "
            f'requests, got "{_DLC}/huggingface-pytorch-training:2.9.0-cpu-py312"; use the image for inference, such '
            "as huggingface-pytorch-inference",
        ),
    ),
    Pair(
        "image-not-for-inference",  # what another account calls its repositories is not known
        passes={"image": "111122223333.dkr.ecr.us-west-2.amazonaws.com/sklearn-inference:0.23-1"},
        fails={"image": f"{_DLC}/sklearn-inference:0.23-1"},
        messages=(
            "endpoints.kmeans.image: sklearn-inference is not one of the inference images that AWS lists, got "
            f'"{_DLC}/sklearn-inference:0.23-1"; compare the name with AWS\'s list of images, or give a reason in '
            "acknowledge.image-not-for-inference",
        ),
    ),
    Pair(
        "image-for-ec2",
        passes={"image": f"{_TENSORFLOW}-sagemaker"},
        fails={"image": f"{_TENSORFLOW}-ec2"},
        messages=(
            "endpoints.kmeans.image: is built for EC2, ECS and EKS, and does not start on SageMaker, got "
            f'"{_TENSORFLOW}-ec2"; use the image for SageMaker, whose tag ends with sagemaker or without ec2',
        ),
    ),
    Pair(
        "image-accelerator-mismatch",
        passes={"image": _LMI, "instance_type": "ml.g5.xlarge"},
        fails={"image": _LMI, "instance_type": "ml.m5.xlarge"},
        messages=(
            "endpoints.kmeans.image: is built for GPUs, but variant AllTraffic runs on ml.m5.xlarge, got "
            f'"{_LMI}"; {_FOR_GPU}',
        ),
    ),
    Pair(
        "image-accelerator-mismatch",
        passes={"image": _NEURON, "instance_type": "ml.inf2.xlarge"},
        fails={"image": _NEURON, "instance_type": "ml.g5.xlarge"},
        messages=(
            "endpoints.kmeans.image: is built for Inferentia and Trainium, but variant AllTraffic runs on "
            f'ml.g5.xlarge, got "{_NEURON}"; choose an instance type such as ml.inf2.xlarge, or an image that is built '
            "for this type",
        ),
    ),
    Pair(
        "image-accelerator-mismatch",
        passes={"image": _CPU, "instance_type": "ml.m5.xlarge"},
        fails={"image": _CPU, "instance_type": "ml.g4dn.xlarge"},
        messages=(
            "endpoints.kmeans.image: is built for instances without accelerators, but variant AllTraffic runs on "
            f'ml.g4dn.xlarge, got "{_CPU}"; choose the image with gpu or neuronx in its name, or an instance type '
            "without accelerators",
        ),
    ),
    Pair(
        "image-accelerator-mismatch",  # serverless inference has no accelerator
        passes={**_SERVERLESS, "image": _CPU},
        fails={**_SERVERLESS, "image": _LMI},
        messages=(
            "endpoints.kmeans.image: is built for GPUs, but variant AllTraffic runs on serverless inference, got "
            f'"{_LMI}"; {_FOR_GPU}',
        ),
    ),
    Pair(
        "image-accelerator-mismatch",  # the variants of the model decide, and an unknown name says nothing
        passes={"image": f"{_DLC}/djl-inference:0.34.0", "instance_type": "ml.m5.xlarge"},
        fails=_TWO_TYPES,
        messages=(
            "endpoints.kmeans.models.a.image: is built for GPUs, but variant three runs on ml.c5.xlarge, got "
            f'"{_LMI}"; {_FOR_GPU}',
        ),
    ),
    Pair(
        "image-architecture-mismatch",
        passes={"image": _GRAVITON, "instance_type": "ml.c7g.xlarge"},
        fails={"image": _CPU, "instance_type": "ml.c7g.xlarge"},
        messages=(
            "endpoints.kmeans.image: is built for x86_64 processors, but variant AllTraffic runs on arm64 "
            f'(ml.c7g.xlarge), got "{_CPU}"; choose an instance type with x86_64 processors, such as ml.c6i.xlarge, or '
            "the image for arm64",
        ),
    ),
    Pair(
        "image-architecture-mismatch",
        passes={"image": f"{_XGBOOST}/sagemaker-xgboost@sha256:{'a' * 64}", "instance_type": "ml.m6g.large"},
        fails={**_SERVERLESS, "image": _GRAVITON},
        messages=(
            "endpoints.kmeans.image: is built for arm64 processors, but variant AllTraffic runs on x86_64 (serverless "
            f'inference), got "{_GRAVITON}"; choose an instance type with Graviton processors, such as ml.c7g.xlarge, '
            "or the image for x86_64",
        ),
    ),
    Pair(
        "image-cuda-driver",
        passes={"image": _CUDA_13, "instance_type": "ml.g5.xlarge", "inference_ami_version": _AMI},
        fails={"image": _CUDA_13, "instance_type": "ml.g5.xlarge"},
        messages=(
            "endpoints.kmeans.inference_ami_version: the image is built for CUDA 13, but ml.g5.xlarge has an older "
            f"driver by default; {_WITH_AMI}",
        ),
    ),
    Pair(
        "image-cuda-driver",  # the default driver of P6 instances is not documented
        passes={"image": _CUDA_13, "instance_type": "ml.p6-b200.48xlarge"},
        fails={
            "image": _CUDA_13,
            "instance_type": "ml.p6-b200.48xlarge",
            "inference_ami_version": "al2-ami-sagemaker-inference-gpu-3-1",
        },
        messages=(
            "endpoints.kmeans.inference_ami_version: the image is built for CUDA 13, but ml.p6-b200.48xlarge has an "
            f'older driver with it, got "al2-ami-sagemaker-inference-gpu-3-1"; {_WITH_AMI}',
        ),
    ),
    Pair(
        "image-cuda-too-old",
        passes={"image": _LMI, "instance_type": "ml.g7e.2xlarge", "inference_ami_version": _AMI},
        fails={"image": f"{_DLC}/djl-inference:0.29.0-lmi11.0.0-cu124", "instance_type": "ml.g7e.2xlarge"},
        messages=(
            "endpoints.kmeans.image: is built for CUDA 12.4, which does not know the GPUs of ml.g7e.2xlarge, got "
            f'"{_DLC}/djl-inference:0.29.0-lmi11.0.0-cu124"; use an image for CUDA 12.8 or newer',
        ),
    ),
]
