"""What containers load by themselves when they start."""

from tests.loading.support import Table
from tests.rules.pair import NETWORK, NO_HOSTING, Pair

_REASON = "the container loads its model, RISK-881"
_RELAXED: Table = {"relax": {"network_isolation": _REASON}}
_SERVERLESS: Table = {
    **NO_HOSTING,
    **_RELAXED,
    "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 1},
}
_IN_VPC: Table = {"in_environment": {"network": NETWORK}}
_OPEN = "set relax.network_isolation to the reason why the container may open connections"
_RULE = '{ cidr_ipv4 = "0.0.0.0/0", port = 443, reason = "downloads from the model hub" }'
_EGRESS = f"add egress = [{_RULE}]"
_ISOLATED = "network isolation blocks its connections"
_NO_EGRESS = "the security group of the model has no egress to it"
_IN_IMAGE = ', or set HF_HUB_OFFLINE = "1" if the image contains the model'
_ACKNOWLEDGE = "or give a reason in acknowledge.environment-may-need-network if the container does not connect"
_ADDITIONAL = (
    "copy the model to S3 as additional_model_data_source and use its folder "
    "/opt/ml/additional-model-data-sources/NAME (docs/models.md)"
)
_REGISTRY = "763104351884.dkr.ecr.us-west-2.amazonaws.com"
_TGI = f"{_REGISTRY}/huggingface-pytorch-tgi-inference:2.4.0-tgi3.0.1-gpu-py311-cu124-ubuntu22.04"
_TOOLKIT = f"{_REGISTRY}/huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04"
_LMI = f"{_REGISTRY}/djl-inference:0.36.0-lmi23.0.0-cu129"
_OWN_IMAGE = "111122223333.dkr.ecr.us-west-2.amazonaws.com/lmi:1"
_IN_LMI: Table = {"image": _LMI, "instance_type": "ml.g5.xlarge"}
_ROLE = "arn:aws:s3:::acme-models"


def _egress(**changes: object) -> Table:
    return {"port": 443, "reason": "downloads from the hub", **changes}


def _model_data(name: str) -> str:
    return f'copy the model to S3 as model_data_source and set {name} = "/opt/ml/model" (docs/models.md)'


def _hub(name: str, shown: str, blocked: str, open_: str, use: str = "", in_image: str = _IN_IMAGE) -> str:
    return (
        f"endpoints.kmeans.environment.{name}: the container downloads this model when it starts, but "
        f"{blocked}{shown}; {use or _model_data(name)}, or {open_}{in_image}"
    )


def _hub_variables(*names: str, value: str) -> tuple[Table, tuple[str, ...]]:
    """Return variables with the same value, and their messages under network isolation."""
    messages = tuple(_hub(name, f', got "{value}"', _ISOLATED, _OPEN) for name in names)
    return {"environment": dict.fromkeys(names, value)}, messages


def _permission(action: str, resource: str, name: str, prefixes: str = "") -> str:
    conditions = 'StringEquals = { "aws:ResourceAccount" = ["111122223333"] }' + prefixes
    return (
        f'{{ actions = ["{action}"], resources = ["{resource}"], conditions = {{ {conditions} }}, '
        f'reason = "the container reads {name}" }}'
    )


def _uncertain(name: str, shown: str, blocked: str, open_: str) -> str:
    return (
        f"endpoints.kmeans.environment.{name}: the container may connect to it, but {blocked}{shown}; copy what it "
        f"loads to the model data (docs/models.md), or {open_}, {_ACKNOWLEDGE}"
    )


_ALWAYS, _ALWAYS_MESSAGES = _hub_variables(
    "HF_MODEL_ID",
    "OPTION_MODEL_ID",
    "SM_VLLM_MODEL",
    "SM_SGLANG_MODEL_PATH",
    "VLLM_MODEL",
    "MODEL_ID",
    "SM_VLLM_TOKENIZER",
    value="acme-ai/chat-7B",
)
_BARE, _BARE_MESSAGES = _hub_variables("HF_MODEL_ID", "OPTION_MODEL_ID", value="gpt2")
_ONE = {"environment": {"HF_MODEL_ID": "acme-ai/chat-7B"}}
_SHOWN = ', got "acme-ai/chat-7B"'

PAIRS = [
    Pair(
        "hub-model-not-reachable",  # IDs of models
        passes={"environment": dict.fromkeys(_ALWAYS["environment"], "/opt/ml/model") | {"HF_MODEL_REVISION": "a/b"}},
        fails=_ALWAYS,
        messages=_ALWAYS_MESSAGES,
    ),
    Pair(
        "hub-model-not-reachable",  # IDs without a slash
        passes={"environment": {"HF_MODEL_ID": "./model", "OPTION_MODEL_ID": "/opt/ml/model", "OPTION_TASK": "gpt2"}},
        fails=_BARE,
        messages=_BARE_MESSAGES,
    ),
    Pair(
        "hub-model-not-reachable",  # the image contains the model
        passes={"environment": {"HF_MODEL_ID": "acme-ai/chat-7B", "HF_HUB_OFFLINE": "1"}},
        fails={"environment": {"HF_MODEL_ID": "acme-ai/chat-7B", "HF_HUB_OFFLINE": "0"}},
        messages=(_hub("HF_MODEL_ID", _SHOWN, _ISOLATED, _OPEN),),
    ),
    Pair(
        "hub-model-not-reachable",  # an image of AWS contains no model
        passes={
            "image": _LMI,
            "instance_type": "ml.g5.xlarge",
            "environment": {"OPTION_MODEL_ID": "acme-ai/chat-7B", "HF_HUB_OFFLINE": "1"},
        },
        fails={
            "image": _LMI,
            "instance_type": "ml.g5.xlarge",
            "model_data_url": None,
            "environment": {"OPTION_MODEL_ID": "acme-ai/chat-7B", "HF_HUB_OFFLINE": "1"},
        },
        messages=(_hub("OPTION_MODEL_ID", _SHOWN, _ISOLATED, _OPEN, in_image=""),),
    ),
    Pair(
        "hub-model-not-reachable",  # the Hugging Face Inference Toolkit, which has no offline mode
        passes={"image": _TOOLKIT, "environment": {"HF_TASK": "fill-mask", "HF_HUB_OFFLINE": "1"}},
        fails={"image": _TOOLKIT, "environment": {"HF_MODEL_ID": "acme-ai/chat-7B", "HF_HUB_OFFLINE": "1"}},
        messages=(
            _hub(
                "HF_MODEL_ID",
                _SHOWN,
                _ISOLATED,
                _OPEN,
                "copy the model to S3 as model_data_source and remove HF_MODEL_ID (docs/models.md)",
                in_image="",
            ),
        ),
    ),
    Pair(
        "model-folder-empty",  # an image of one's own can contain a model in the same folder
        passes={"environment": {"OPTION_MODEL_ID": "/opt/ml/model"}, "model_data_url": None, "image": _OWN_IMAGE},
        fails={**_IN_LMI, "environment": {"OPTION_MODEL_ID": "/opt/ml/model"}, "model_data_url": None},
        messages=(
            "endpoints.kmeans.environment.OPTION_MODEL_ID: the container finds no model in this folder, because it has "
            'no model data, got "/opt/ml/model"; add model_data_source.s3_data_source = { s3_uri = '
            '"s3://my-bucket/my-model/", s3_data_type = "S3Prefix" } with the location of the model (docs/models.md)',
        ),
    ),
    Pair(
        "model-folder-empty",  # model data; a folder of the image
        passes={**_IN_LMI, "environment": {"OPTION_MODEL_ID": "/opt/ml/model/7", "HF_MODEL_ID": "/opt/ml/models"}},
        fails={**_IN_LMI, "environment": {"OPTION_MODEL_ID": "/opt/ml/model/7"}, "model_data_url": None},
        messages=(
            "endpoints.kmeans.environment.OPTION_MODEL_ID: the container finds no model in this folder, because it has "
            'no model data, got "/opt/ml/model/7"; add model_data_source.s3_data_source = { s3_uri = '
            '"s3://my-bucket/my-model/", s3_data_type = "S3Prefix" } with the location of the model (docs/models.md)',
        ),
    ),
    Pair(
        "image-without-model",
        passes={**_IN_LMI, "model_data_url": None, "environment": {"HF_MODEL_ID": "acme-ai/chat-7B"}, **_RELAXED},
        fails={**_IN_LMI, "model_data_url": None, "environment": {"OPTION_DTYPE": "fp16"}},
        messages=(
            "endpoints.kmeans.image: the images of AWS contain no model, and neither model data nor a variable names "
            f'one, got "{_LMI}"; add model_data_url or model_data_source, or give a reason in '
            "acknowledge.image-without-model",
        ),
    ),
    Pair(
        "hub-id-is-a-path",
        passes={"image": _TGI, "instance_type": "ml.g5.xlarge", "environment": {"HF_MODEL_ID": "/opt/ml/model"}},
        fails={"image": _TOOLKIT, "environment": {"HF_MODEL_ID": "/opt/ml/model"}},
        messages=(
            "endpoints.kmeans.environment.HF_MODEL_ID: this image looks the value up in the Hugging Face hub, and does "
            'not start with a path, got "/opt/ml/model"; remove it: the image then loads the model data',
        ),
    ),
    Pair(
        "hub-id-is-a-path",  # without network isolation; the multi-model server does not read the variable
        passes={
            "image": _TOOLKIT,
            "environment": {"HF_MODEL_ID": "/opt/ml/model"},
            "mode": "MultiModel",
            "model_data_url": "s3://acme-models/many/",
        },
        fails={"image": _TOOLKIT, "environment": {"HF_MODEL_ID": "./model"}, **_RELAXED},
        messages=(
            "endpoints.kmeans.environment.HF_MODEL_ID: this image looks the value up in the Hugging Face hub, and does "
            'not start with a path, got "./model"; remove it: the image then loads the model data',
        ),
    ),
    Pair(
        "hub-model-not-reachable",  # draft models and adapters: one name, a list of names, JSON
        passes={
            "environment": {
                "OPTION_SPECULATIVE_DRAFT_MODEL": "/opt/ml/additional-model-data-sources/draft",
                "LORA_ADAPTERS": "a=/opt/ml/model/a",
                "SM_VLLM_SPECULATIVE_CONFIG": '{"method": "ngram"}',
            }
        },
        fails={
            "environment": {
                "OPTION_SPECULATIVE_DRAFT_MODEL": "acme-ai/draft",
                "LORA_ADAPTERS": "a=acme-ai/a,/opt/ml/model/b",
                "SM_VLLM_SPECULATIVE_CONFIG": '{"model": "acme-ai/draft"}',
            }
        },
        messages=(
            _hub("OPTION_SPECULATIVE_DRAFT_MODEL", ', got "acme-ai/draft"', _ISOLATED, _OPEN, _ADDITIONAL),
            _hub("LORA_ADAPTERS", ', got "a=acme-ai/a,/opt/ml/model/b"', _ISOLATED, _OPEN, _ADDITIONAL),
            _hub(
                "SM_VLLM_SPECULATIVE_CONFIG",
                r', got "{\"model\": \"acme-ai/draft\"}"',
                _ISOLATED,
                _OPEN,
                _ADDITIONAL,
            ),
        ),
    ),
    Pair(
        "hub-model-not-reachable",  # URIs of hubs in any variable, which the offline mode of Hugging Face does not stop
        passes={"environment": {"SERVING_LOAD_MODELS": "test::Python=/opt/ml/model", "WEIGHTS": "file:///opt/a"}},
        fails={
            "environment": {
                "SERVING_LOAD_MODELS": "djl://ai.djl.pytorch/resnet",
                "WEIGHTS": "hf://acme-ai/chat",
                "TRACKED": "models:/fraud/7",
                "HF_HUB_OFFLINE": "1",
            }
        },
        messages=tuple(
            _hub(name, f', got "{value}"', _ISOLATED, _OPEN, in_image="")
            for name, value in (
                ("SERVING_LOAD_MODELS", "djl://ai.djl.pytorch/resnet"),
                ("WEIGHTS", "hf://acme-ai/chat"),
                ("TRACKED", "models:/fraud/7"),
            )
        ),
    ),
    Pair(
        "hub-model-not-reachable",  # a URL may contain a secret
        passes={"environment": {"HF_MODEL_ID": "http://localhost:8000/model"}},
        fails={"environment": {"HF_MODEL_ID": "https://models.acme.example/chat?sig=x"}},
        messages=(_hub("HF_MODEL_ID", "", _ISOLATED, _OPEN, in_image=""),),
    ),
    Pair(
        "hub-model-not-reachable",  # isolation is relaxed, and there is no VPC
        passes={**_ONE, **_RELAXED},
        fails=_ONE,
        messages=(_hub("HF_MODEL_ID", _SHOWN, _ISOLATED, _OPEN),),
    ),
    Pair(
        "hub-model-not-reachable",  # isolation is relaxed in a VPC
        passes={**_ONE, **_RELAXED, **_IN_VPC, "egress": [_egress(cidr_ipv4="0.0.0.0/0")]},
        fails={**_ONE, **_RELAXED, **_IN_VPC},
        messages=(_hub("HF_MODEL_ID", _SHOWN, _NO_EGRESS, _EGRESS),),
    ),
    Pair(
        "hub-model-not-reachable",  # both are missing
        passes={**_ONE, **_RELAXED, **_IN_VPC, "egress": [_egress(prefix_list_id="pl-0a1b2c3d")]},
        fails={**_ONE, **_IN_VPC},
        messages=(_hub("HF_MODEL_ID", _SHOWN, _ISOLATED, f"{_OPEN} and {_EGRESS}"),),
    ),
    Pair(
        "hub-model-not-reachable",  # another port, and addresses in the VPC, are not the hub; a mirror may be there
        passes={
            **_RELAXED,
            **_IN_VPC,
            "environment": {**_ONE["environment"], "HF_ENDPOINT": "http://10.0.3.4:8080"},
            "egress": [_egress(cidr_ipv4="10.0.3.4/32", port=8080)],
        },
        fails={
            **_ONE,
            **_RELAXED,
            **_IN_VPC,
            "egress": [_egress(cidr_ipv4="10.0.0.0/16"), _egress(cidr_ipv4="8.8.8.0/24", port=80)],
        },
        messages=(_hub("HF_MODEL_ID", _SHOWN, _NO_EGRESS, f"add {_RULE} to egress"),),
    ),
    Pair(
        "hub-model-not-reachable",  # existing security groups are not judged
        passes={**_ONE, **_RELAXED, **_IN_VPC, "security_group_ids": ["sg-0a1b2c3d"]},
        fails={**_ONE, **_IN_VPC, "security_group_ids": ["sg-0a1b2c3d"]},
        messages=(_hub("HF_MODEL_ID", _SHOWN, _ISOLATED, f"{_OPEN} and {_EGRESS}"),),
    ),
    Pair(
        "s3-variable-not-readable",  # an object
        passes={
            **_RELAXED,
            "environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://acme-models/source.tar.gz"},
            "permissions": [
                {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::acme-models/*.gz"], "reason": _REASON}
            ],
        },
        fails={"environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://acme-models/source.tar.gz"}},
        messages=(
            "endpoints.kmeans.environment.SAGEMAKER_SUBMIT_DIRECTORY: the container reads S3 by itself, but "
            f'{_ISOLATED}, got "s3://acme-models/source.tar.gz"; add the source code to the model archive in code/ and '
            f'set SAGEMAKER_SUBMIT_DIRECTORY = "/opt/ml/model/code" (docs/models.md), or {_OPEN} and add permissions = '
            f"[{_permission('s3:GetObject', f'{_ROLE}/source.tar.gz', 'SAGEMAKER_SUBMIT_DIRECTORY')}]",
        ),
    ),
    Pair(
        "s3-variable-not-readable",  # a prefix, which is listed as well
        passes={
            **_RELAXED,
            "environment": {"HF_MODEL_ID": "s3://acme-models/chat/"},
            "permissions": [
                {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::acme-models/chat/*"], "reason": _REASON},
                {"actions": ["s3:ListBucket"], "resources": ["arn:aws:s3:::acme-models"], "reason": _REASON},
            ],
        },
        fails={
            **_RELAXED,
            "environment": {"HF_MODEL_ID": "s3://acme-models/chat/"},
            "permissions": [
                {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::acme-models/chat/*"], "reason": _REASON}
            ],
        },
        messages=(
            "endpoints.kmeans.environment.HF_MODEL_ID: the container reads S3 by itself, but the execution role has no "
            'permission for it, got "s3://acme-models/chat/"; add '
            + _permission(
                "s3:ListBucket",
                _ROLE,
                "HF_MODEL_ID",
                ', StringLike = { "s3:prefix" = ["chat", "chat/*"] }',
            )
            + f" to permissions, or {_model_data('HF_MODEL_ID')}",
        ),
    ),
    Pair(
        "s3-variable-not-readable",  # the execution role can read the model data anyway
        passes={
            **_RELAXED,
            "model_data_url": "s3://acme-models/fraud/model.tar.gz",
            "environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://acme-models/fraud/model.tar.gz"},
        },
        fails={
            **_RELAXED,
            "model_data_url": "s3://acme-models/fraud/model.tar.gz",
            "environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://acme-models/fraud/source.tar.gz"},
        },
        messages=(
            "endpoints.kmeans.environment.SAGEMAKER_SUBMIT_DIRECTORY: the container reads S3 by itself, but the "
            'execution role has no permission for it, got "s3://acme-models/fraud/source.tar.gz"; add permissions = '
            f"[{_permission('s3:GetObject', f'{_ROLE}/fraud/source.tar.gz', 'SAGEMAKER_SUBMIT_DIRECTORY')}], or add "
            "the source code to the model archive in code/ and set SAGEMAKER_SUBMIT_DIRECTORY = "
            '"/opt/ml/model/code" (docs/models.md)',
        ),
    ),
    Pair(
        "s3-variable-not-readable",  # the same for model data below a prefix, which the role can list
        passes={
            **_RELAXED,
            "model_data_url": None,
            "model_data_source": {"s3_data_source": {"s3_uri": "s3://acme-models/chat/", "s3_data_type": "S3Prefix"}},
            "environment": {"HF_MODEL_ID": "s3://acme-models/chat/base/"},
        },
        fails={
            **_RELAXED,
            "model_data_url": None,
            "model_data_source": {"s3_data_source": {"s3_uri": "s3://acme-models/chat/", "s3_data_type": "S3Prefix"}},
            "environment": {"HF_MODEL_ID": "s3://acme-models/chat-2/"},
        },
        messages=(
            "endpoints.kmeans.environment.HF_MODEL_ID: the container reads S3 by itself, but the execution role has no "
            'permission for it, got "s3://acme-models/chat-2/"; add permissions = ['
            + _permission("s3:GetObject", f"{_ROLE}/chat-2/*", "HF_MODEL_ID")
            + ", "
            + _permission(
                "s3:ListBucket",
                _ROLE,
                "HF_MODEL_ID",
                ', StringLike = { "s3:prefix" = ["chat-2", "chat-2/*"] }',
            )
            + f"], or {_model_data('HF_MODEL_ID')}",
        ),
    ),
    Pair(
        "s3-variable-not-readable",  # serverless inference loads archives only
        passes=_SERVERLESS,
        fails=_SERVERLESS | {"environment": {"SM_VLLM_MODEL": "s3://acme-models/chat.tar.gz"}},
        messages=(
            "endpoints.kmeans.environment.SM_VLLM_MODEL: the container reads S3 by itself, but the execution role has "
            'no permission for it, got "s3://acme-models/chat.tar.gz"; add permissions = '
            f"[{_permission('s3:GetObject', f'{_ROLE}/chat.tar.gz', 'SM_VLLM_MODEL')}], or copy the model to S3 as the "
            'archive in model_data_url and set SM_VLLM_MODEL = "/opt/ml/model" (docs/models.md)',
        ),
    ),
    Pair(
        "s3-variable-not-readable",  # in any variable; an ARN or a bucket name alone tells nothing
        passes={"environment": {"CONFIG_BUCKET": "acme-models", "CONFIG_ARN": "arn:aws:s3:::acme-models/a.json"}},
        fails={**_RELAXED, "environment": {"CONFIG": "{ path: 's3://acme-models/a.json' }"}},
        messages=(
            "endpoints.kmeans.environment.CONFIG: the container reads S3 by itself, but the execution role has no "
            "permission for it, got \"{ path: 's3://acme-models/a.json' }\"; add permissions = ["
            f"{_permission('s3:GetObject', f'{_ROLE}/a.json', 'CONFIG')}], or add the data to the model data, which "
            "SageMaker loads to /opt/ml/model (docs/models.md)",
        ),
    ),
    Pair(
        "environment-may-need-network",  # URLs, except local ones
        passes={"environment": {"BIND": "http://0.0.0.0:8080", "METRICS": "http://localhost:9090", "U": "unix:///s"}},
        fails={"environment": {"CALLBACK": "https://acme.example/?sig=x", "QUEUE": "amqp://queue.acme.example"}},
        messages=tuple(_uncertain(name, "", _ISOLATED, _OPEN) for name in ("CALLBACK", "QUEUE")),
    ),
    Pair(
        "environment-may-need-network",  # what looks like a model
        passes={
            "environment": {
                "SERVED_MODEL_NAME": "acme-ai/chat-7B",
                "MODEL_CONTENT_TYPE": "application/json",
                "MODEL_PATH": "/opt/ml/model",
                "TEAM": "acme-ai/search",
            }
        },
        fails={"environment": {"EMBEDDING_MODEL": "acme-ai/embed", "MODEL_ID": "fraud-7", "OLLAMA_MODEL": "chat:8b"}},
        messages=(
            _uncertain("EMBEDDING_MODEL", ', got "acme-ai/embed"', _ISOLATED, _OPEN),
            _uncertain("MODEL_ID", ', got "fraud-7"', _ISOLATED, _OPEN),
            _uncertain("OLLAMA_MODEL", "", _ISOLATED, _OPEN),
        ),
    ),
    Pair(
        "environment-may-need-network",  # in a VPC
        passes={
            **_RELAXED,
            **_IN_VPC,
            "environment": {"RERANKER": "acme-ai/rerank"},
            "egress": [_egress(cidr_ipv4="10.0.3.4/32", port=8080)],
        },
        fails={**_RELAXED, **_IN_VPC, "environment": {"RERANKER": "acme-ai/rerank"}},
        messages=(_uncertain("RERANKER", ', got "acme-ai/rerank"', _NO_EGRESS, _EGRESS),),
    ),
]
