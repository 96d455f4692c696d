"""The compute of a variant."""

from tests.rules.pair import PROVIDER_5, REASON, Pair, variant, variants

_GPU, _NEURON = "al2-ami-sagemaker-inference-gpu-2", "al2-ami-sagemaker-inference-neuron-2"

PAIRS = [
    Pair(
        "variant-without-compute",
        passes=variants(variant()),
        fails=variants(variant(instance_type=None)),
        messages=(
            "endpoints.kmeans.variants[0].instance_type: required unless serverless_config is set; for example, "
            'add instance_type = "ml.m5.xlarge"',
        ),
    ),
    Pair(
        "instance-type-requires-provider-6",
        passes={"instance_type": "ml.m8g.large"},
        fails={"instance_type": "ml.m8g.large", "project": PROVIDER_5},
        messages=(
            "endpoints.kmeans.instance_type: requires AWS provider >= 6, but aws_provider_version >= 5.100, < 7 "
            'allows 5, got "ml.m8g.large"; set aws_provider_version = ">= 6.40, < 7" in [project]',
        ),
    ),
    Pair(
        "default-count-of-large-instances",
        passes={"instance_type": "ml.p5.48xlarge", "initial_instance_count": 2},
        fails={"instance_type": "ml.p5.48xlarge", "initial_instance_count": None},
        messages=(
            "endpoints.kmeans.initial_instance_count: the default is 2 instances of ml.p5.48xlarge, which has 8 "
            "accelerators; set initial_instance_count = 1, or 2 for availability during an outage of an Availability "
            "Zone",
        ),
    ),
    Pair(
        "default-count-of-large-instances",
        passes=variants(variant(instance_type="ml.g5.24xlarge")),
        fails=variants(variant(instance_type="ml.trn1.32xlarge")),
        messages=(
            "endpoints.kmeans.variants[0].initial_instance_count: the default is 2 instances of ml.trn1.32xlarge, "
            "which has 16 accelerators; set initial_instance_count = 1, or 2 for availability during an outage of an "
            "Availability Zone",
        ),
    ),
    Pair(
        "volume-size-with-local-storage",
        passes={"instance_type": "ml.m5.xlarge", "volume_size_in_gb": 64},
        fails={"instance_type": "ml.g5.xlarge", "volume_size_in_gb": 64},
        messages=(
            "endpoints.kmeans.volume_size_in_gb: cannot be combined with ml.g5.xlarge, which has local storage "
            "of a fixed size, got 64; remove it, or choose a type without local storage",
        ),
    ),
    Pair(
        "ami-driver-mismatch",
        passes={"instance_type": "ml.g5.xlarge", "inference_ami_version": _GPU},
        fails={"instance_type": "ml.m5.xlarge", "inference_ami_version": _GPU},
        messages=(
            "endpoints.kmeans.inference_ami_version: contains drivers for gpu instances, but instance_type is "
            f'ml.m5.xlarge, got "{_GPU}"; remove it, or choose a version for this instance type',
        ),
    ),
    Pair(
        "ami-driver-mismatch",
        passes={"instance_type": "ml.inf2.xlarge", "inference_ami_version": _NEURON},
        fails={"instance_type": "ml.p5.48xlarge", "inference_ami_version": _NEURON},
        messages=(
            "endpoints.kmeans.inference_ami_version: contains drivers for neuron instances, but instance_type is "
            f'ml.p5.48xlarge, got "{_NEURON}"; remove it, or choose a version for this instance type',
        ),
    ),
    Pair(
        "ssm-access-without-reason",
        passes={"enable_ssm_access": True, "relax": {"ssm_access": REASON}},
        fails={"enable_ssm_access": True},
        messages=(
            "endpoints.kmeans.enable_ssm_access: allows shell access to the container and every request in it, "
            "got true; remove it, or give a reason in relax.ssm_access",
        ),
    ),
    Pair(
        "relax-ssm-access-unused",
        passes={"enable_ssm_access": True, "relax": {"ssm_access": REASON}},
        fails={"enable_ssm_access": False, "relax": {"ssm_access": REASON}},
        messages=(
            "endpoints.kmeans.relax.ssm_access: has no effect, because no variant sets enable_ssm_access, got "
            f'"{REASON}"; remove it',
        ),
    ),
]
