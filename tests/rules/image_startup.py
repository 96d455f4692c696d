"""Variables, packages and accelerators that images of AWS require to start."""

from tests.loading.support import Table
from tests.rules.pair import NO_HOSTING, NO_MODEL, PROVIDER_6, Pair, component, containers, variant

_DLC = "763104351884.dkr.ecr.us-west-2.amazonaws.com"
_FRAMEWORKS = "246618743249.dkr.ecr.us-west-2.amazonaws.com"
_TGI = f"{_DLC}/huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
_TEI = f"{_FRAMEWORKS}/tei-cpu:2.0.1-tei1.8.2-cpu-py310-ubuntu22.04"
_SKLEARN = f"{_FRAMEWORKS}/sagemaker-scikit-learn:1.2-1-cpu-py3"
_LMI = f"{_DLC}/djl-inference:0.36.0-lmi23.0.0-cu129"
_NEURON = f"{_DLC}/djl-inference:0.29.0-neuronx-sdk2.19.1"
_VLLM = f"{_DLC}/vllm:0.12.0-gpu-py312-cu129-ubuntu22.04-sagemaker"
_OWN = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
_MANY_MODELS: Table = {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"}
_FOLDER = {"HF_MODEL_ID": "/opt/ml/model"}
_HUB = 'set it to "/opt/ml/model" with model_data_source, or to the ID of a model in the hub (docs/models.md)'


def _split(image: str, type_: str, **environment: str) -> Table:
    return {"image": image, "instance_type": type_, "environment": environment}


def _component(devices: float, size: str) -> Table:
    requirements = {"min_memory_required_in_mb": 1024, "number_of_accelerator_devices_required": devices}
    environment = {"SM_VLLM_TENSOR_PARALLEL_SIZE": size}
    return {
        **NO_MODEL,
        **NO_HOSTING,
        "project": PROVIDER_6,
        "variants": [variant(model=None, instance_type="ml.g5.12xlarge")],
        "inference_components": {
            "a": component(image=_VLLM, environment=environment, compute_resource_requirements=requirements)
        },
    }


PAIRS = [
    Pair(
        "image-variable-missing",
        passes={"image": _TGI, "instance_type": "ml.g5.xlarge", "environment": _FOLDER},
        fails={"image": _TGI, "instance_type": "ml.g5.xlarge", "environment": {"SM_NUM_GPUS": "1"}},
        messages=(
            "endpoints.kmeans.environment.HF_MODEL_ID: required by huggingface-pytorch-tgi-inference, which does not "
            f"start without it; {_HUB}",
        ),
    ),
    Pair(
        "image-variable-missing",  # an image of the account may have another entry point
        passes={"image": f"{_OWN}/tei-cpu:1"},
        fails={"image": _TEI, "environment": {"HF_MODEL_ID": ""}},
        messages=(
            f"endpoints.kmeans.environment.HF_MODEL_ID: required by tei-cpu, which does not start without it; {_HUB}",
        ),
    ),
    Pair(
        "image-variable-missing",
        passes=containers({"image": _SKLEARN, "environment": {"SAGEMAKER_PROGRAM": "inference.py"}}, {}),
        fails=containers({}, {"image": _SKLEARN}),
        messages=(
            "endpoints.kmeans.container[1].environment.SAGEMAKER_PROGRAM: required by sagemaker-scikit-learn, which "
            "does not start without it; set it to the file in code/ of the model archive that defines model_fn, such "
            'as "inference.py", and SAGEMAKER_SUBMIT_DIRECTORY = "/opt/ml/model/code"',
        ),
    ),
    Pair(
        "image-capability-missing",
        passes={"image": f"{_DLC}/djl-inference:0.36.0", **_MANY_MODELS},
        fails={"image": _TGI, "instance_type": "ml.g5.xlarge", "environment": _FOLDER, **_MANY_MODELS},
        messages=(
            'endpoints.kmeans.mode: huggingface-pytorch-tgi-inference serves one model, got "MultiModel"; remove it, '
            "or use an image such as djl-inference or sagemaker-tritonserver",
        ),
    ),
    Pair(
        "image-capability-missing",
        passes=containers({"image": _SKLEARN, "environment": {"SAGEMAKER_PROGRAM": "inference.py"}}, {}),
        fails=containers({}, {"image": _TEI, "environment": _FOLDER, "model_data_url": "s3://my-bucket/m.tar.gz"}),
        messages=(
            "endpoints.kmeans.container[1].image: tei-cpu cannot share an instance with other containers, got "
            f'"{_TEI}"; serve it with an endpoint of its own, or use an image such as djl-inference',
        ),
    ),
    Pair(
        "packages-not-reachable",
        passes={"environment": {"TS_INSTALL_PY_DEP_PER_MODEL": "false"}},
        fails={"environment": {"TS_INSTALL_PY_DEP_PER_MODEL": "true"}},
        messages=(
            "endpoints.kmeans.environment.TS_INSTALL_PY_DEP_PER_MODEL: the container installs Python packages when it "
            'starts, which is blocked by network isolation, got "true"; build an image that contains them and remove '
            "it, or set relax.network_isolation to the reason why the container may open connections, with egress to "
            "port 443 in a VPC",
        ),
    ),
    Pair(
        "image-accelerator-count",
        passes=_split(_TGI, "ml.g5.12xlarge", **_FOLDER, SM_NUM_GPUS="4"),
        fails=_split(_TGI, "ml.g5.2xlarge", **_FOLDER, SM_NUM_GPUS="4"),
        messages=(
            "endpoints.kmeans.environment.SM_NUM_GPUS: the container does not start on 4 GPUs, because ml.g5.2xlarge "
            'has 1, got "4"; set it to "1", or choose an instance type with more',
        ),
    ),
    Pair(
        "image-accelerator-count",
        passes=_split(_LMI, "ml.g5.2xlarge", OPTION_TENSOR_PARALLEL_DEGREE="max"),
        fails=_split(_LMI, "ml.p4d.24xlarge", OPTION_TENSOR_PARALLEL_DEGREE="16"),
        messages=(
            "endpoints.kmeans.environment.OPTION_TENSOR_PARALLEL_DEGREE: the container does not start on 16 GPUs, "
            'because ml.p4d.24xlarge has 8, got "16"; set it to "8", or choose an instance type with more',
        ),
    ),
    Pair(
        "image-accelerator-count",  # NeuronCores, not chips
        passes=_split(_NEURON, "ml.inf2.48xlarge", TENSOR_PARALLEL_DEGREE="24"),
        fails=_split(_NEURON, "ml.inf2.24xlarge", TENSOR_PARALLEL_DEGREE="24"),
        messages=(
            "endpoints.kmeans.environment.TENSOR_PARALLEL_DEGREE: the container does not start on 24 NeuronCores, "
            'because ml.inf2.24xlarge has 12, got "24"; set it to "12", or choose a larger instance type',
        ),
    ),
    Pair(
        "image-accelerator-count",  # a copy has the GPUs that it reserves
        passes=_component(2, "2"),
        fails=_component(1, "2"),
        messages=(
            "endpoints.kmeans.inference_components.a.environment.SM_VLLM_TENSOR_PARALLEL_SIZE: the container does not "
            "start on 2 GPUs, because a copy of inference component a reserves 1, got "
            '"2"; set it to "1", or raise number_of_accelerator_devices_required',
        ),
    ),
    Pair(
        "image-accelerator-count",  # another image may mean something else
        passes=_split(f"{_OWN}/scoring:1", "ml.g5.xlarge", SM_VLLM_TENSOR_PARALLEL_SIZE="2"),
        fails=_split(_VLLM, "ml.g5.xlarge", SM_VLLM_TENSOR_PARALLEL_SIZE="2"),
        messages=(
            "endpoints.kmeans.environment.SM_VLLM_TENSOR_PARALLEL_SIZE: the container does not start on 2 GPUs, "
            'because ml.g5.xlarge has 1, got "2"; set it to "1", or choose an instance type with more',
        ),
    ),
    Pair(
        "image-accelerator-count",  # a variable that the image does not read splits nothing
        passes=_split(_LMI, "ml.g5.xlarge", SM_NUM_GPUS="4"),
        fails=_split(_LMI, "ml.g5.xlarge", SM_NUM_GPUS="4", TENSOR_PARALLEL_DEGREE="4"),
        messages=(
            "endpoints.kmeans.environment.TENSOR_PARALLEL_DEGREE: the container does not start on 4 GPUs, because "
            'ml.g5.xlarge has 1, got "4"; set it to "1", or choose an instance type with more',
        ),
    ),
]
