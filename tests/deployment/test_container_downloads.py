"""Environment variables that tell a container to load something."""

import pytest

from protected_endpoints.deployment.container_downloads import Source, find_downloads


def _found(variable: str, value: str) -> list[tuple[Source, tuple[str, ...]]]:
    return [(download.source, download.references) for download in find_downloads({variable: value})]


@pytest.mark.parametrize(
    ("variable", "value", "references"),
    [
        ("HF_MODEL_ID", "meta-llama/Meta-Llama-3-8B-Instruct", ("meta-llama/Meta-Llama-3-8B-Instruct",)),
        ("HF_MODEL_ID", "bert-base-uncased", ("bert-base-uncased",)),
        ("MODEL_ID", "BAAI/bge-large-en-v1.5", ("BAAI/bge-large-en-v1.5",)),
        ("LORA_ADAPTERS", "a=acme/one@main,b=acme/two", ("acme/one@main", "acme/two")),
        ("SM_VLLM_LORA_MODULES", '{"name": "a", "path": "acme/one"}', ("acme/one",)),
        ("SM_VLLM_LORA_MODULES", '[{"name": "a", "path": "/opt/a"}, {"name": "b", "path": "acme/b"}]', ("acme/b",)),
        ("NIM_MODEL_NAME", "hf://acme/chat", ("hf://acme/chat",)),
        ("HF_MODEL_ID", "https://acme.example/model", ()),
        ("LLAMA_ARG_HF_REPO", "acme/chat-GGUF", ("acme/chat-GGUF",)),
        ("WHISPERX_DEFAULT_MODEL", "large-v2", ("large-v2",)),
        ("MLFLOW_MODEL_URI", "runs:/0123/model", ("runs:/0123/model",)),
    ],
)
def test_a_model_in_a_hub(variable: str, value: str, references: tuple[str, ...]) -> None:
    assert _found(variable, value) == [(Source.HUB, references)]


@pytest.mark.parametrize(
    ("value", "references"),
    [
        ("s3://models/a.tar.gz", ("s3://models/a.tar.gz",)),
        ('{"a": "s3://models/a/", "b": "s3a://models/b"}', ("s3://models/a/", "s3a://models/b")),
    ],
)
def test_objects_and_prefixes_in_s3(value: str, references: tuple[str, ...]) -> None:
    assert _found("ANY", value) == [(Source.S3, references)]


@pytest.mark.parametrize(
    ("variable", "value", "references"),
    [
        ("ENCODER", "acme/encoder", ("acme/encoder",)),
        ("MODEL_ID", "fraud", ("fraud",)),
        ("NGC_API_KEY", "arn:aws:secretsmanager:us-west-2:111122223333:secret:ngc", ()),
        ("COLLECTOR", "grpc://collector.acme.internal:4317", ()),
        ("REDIS_HOST", "redis.acme.internal", ()),
        ("FEATURES", "features.abc123.use1.cache.amazonaws.com:6379", ()),
        ("KAFKA_BROKERS", "b-1.acme.internal:9092, b-2.acme.internal:9092", ()),
        ("DD_AGENT_HOST", "10.0.0.5", ()),
    ],
)
def test_what_may_be_a_download(variable: str, value: str, references: tuple[str, ...]) -> None:
    assert _found(variable, value) == [(Source.UNCERTAIN, references)]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HF_MODEL_ID", "/opt/ml/model"),
        ("HF_MODEL_ID", "./model"),
        ("HF_MODEL_ID", ""),
        ("SM_VLLM_MODEL", "/opt/ml/model/qwen2_W4A16"),
        ("SM_VLLM_SPECULATIVE_CONFIG", '{"method": "ngram", "num_speculative_tokens": 5}'),
        ("SM_VLLM_SERVED_MODEL_NAME", "acme/chat"),
        ("SERVING_LOAD_MODELS", "test::MPI=/opt/ml/model"),
        ("SAGEMAKER_SUBMIT_DIRECTORY", "file:///opt/ml/model/code"),
        ("HUGGINGFACE_HUB_CACHE", "/opt/cache"),
        ("MODEL_ACCEPT", "application/json"),
        ("MODEL_ID", "7"),
        ("BIND", "tcp://0.0.0.0:8080"),
        ("BIND", "http://[::1]:8080/a"),
        ("HF_TASK", "text-generation"),
        ("SM_SGLANG_HOST", "0.0.0.0"),  # noqa: S104  reason: the container serves on all of its addresses
        ("METRICS_ENDPOINT", "/metrics"),
        ("ALLOWED_HOSTS", "api.acme.com"),
        ("MODEL_VERSION", "2.3.1"),
        ("BASE_IMAGE", "111122223333.dkr.ecr.us-west-2.amazonaws.com/serving:2"),
    ],
)
def test_nothing_is_loaded(variable: str, value: str) -> None:
    assert _found(variable, value) == []


@pytest.mark.parametrize("name", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
@pytest.mark.parametrize(("value", "count"), [("1", 0), ("TRUE", 0), ("0", 1), ("", 1)])
def test_the_offline_mode_prevents_downloads_from_hugging_face(name: str, value: str, count: int) -> None:
    assert len([*find_downloads({"HF_MODEL_ID": "acme/chat", name: value})]) == count


@pytest.mark.parametrize("value", ["s3://models/a", "djl://ai.djl/resnet", "https://acme.example"])
def test_the_offline_mode_prevents_no_other_download(value: str) -> None:
    assert len([*find_downloads({"HF_MODEL_ID": value, "HF_HUB_OFFLINE": "1"})]) == 1
