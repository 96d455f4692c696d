"""What runs a model."""

from tests.rules.pair import PROVIDER_5, REASON, Pair, variant, variants

_GPU, _NEURON = "al2-ami-sagemaker-inference-gpu-2", "al2-ami-sagemaker-inference-neuron-2"

PAIRS = [
    Pair(
        "variant-without-compute",
        passes=variants(variant()),
        fails=variants(variant(instance_type=None)),
        messages=(
            'endpoints.kmeans.variants[0].instance_type: required, and missing; add instance_type = "ml.m5.xlarge"',
        ),
    ),
    Pair(
        "instance-type-requires-provider-6",
        passes={"instance_type": "ml.m8g.large"},
        fails={"instance_type": "ml.m8g.large", "project": PROVIDER_5},
        messages=(
            "endpoints.kmeans.instance_type: the AWS provider 5 does not know it, and aws_provider_version "
            '>= 5.100, < 7 admits that, got "ml.m8g.large"; '
            'write aws_provider_version = ">= 6.40, < 7" in [project]',
        ),
    ),
    Pair(
        "volume-size-with-local-storage",
        passes={"instance_type": "ml.m5.xlarge", "volume_size_in_gb": 64},
        fails={"instance_type": "ml.g5.xlarge", "volume_size_in_gb": 64},
        messages=(
            "endpoints.kmeans.volume_size_in_gb: ml.g5.xlarge has local storage of a fixed size, got 64; "
            "leave it out, or choose a type without local storage",
        ),
    ),
    Pair(
        "ami-driver-mismatch",
        passes={"instance_type": "ml.g5.xlarge", "inference_ami_version": _GPU},
        fails={"instance_type": "ml.m5.xlarge", "inference_ami_version": _GPU},
        messages=(
            "endpoints.kmeans.inference_ami_version: brings drivers of gpu instances, which ml.m5.xlarge is not, "
            f'got "{_GPU}"; leave it out, or choose the one for this instance type',
        ),
    ),
    Pair(
        "ami-driver-mismatch",
        passes={"instance_type": "ml.inf2.xlarge", "inference_ami_version": _NEURON},
        fails={"instance_type": "ml.p5.48xlarge", "inference_ami_version": _NEURON},
        messages=(
            "endpoints.kmeans.inference_ami_version: brings drivers of neuron instances, which ml.p5.48xlarge is not, "
            f'got "{_NEURON}"; leave it out, or choose the one for this instance type',
        ),
    ),
    Pair(
        "ssm-access-without-reason",
        passes={"enable_ssm_access": True, "relax": {"ssm_access": REASON}},
        fails={"enable_ssm_access": True},
        messages=(
            "endpoints.kmeans.enable_ssm_access: lets people into the container, where every request can be read, "
            "got true; leave it out, or give a reason in relax.ssm_access",
        ),
    ),
    Pair(
        "relax-ssm-access-unused",
        passes={"enable_ssm_access": True, "relax": {"ssm_access": REASON}},
        fails={"enable_ssm_access": False, "relax": {"ssm_access": REASON}},
        messages=(
            f'endpoints.kmeans.relax.ssm_access: no variant has enable_ssm_access, got "{REASON}"; leave it out',
        ),
    ),
]
