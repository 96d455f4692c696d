"""What a container loads by itself when it starts, as far as its environment variables show it.

The names are those that the SageMaker containers of Hugging Face (TGI, TEI, inference toolkit), DJL LMI, vLLM, SGLang
llama.cpp, WhisperX and NVIDIA NIM read, as their documentation and entry points list them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

MODEL_VARIABLES = frozenset(
    {
        "HF_MODEL_ID",
        "LLAMA_ARG_HF_REPO",
        "MODEL_ID",
        "NIM_MODEL_NAME",
        "OPTION_MODEL_ID",
        "OPTION_TOKENIZER",
        "SM_LLAMA_CPP_HF_REPO",
        "SM_SGLANG_MODEL",
        "SM_SGLANG_MODEL_PATH",
        "SM_SGLANG_TOKENIZER_PATH",
        "SM_VLLM_HF_CONFIG_PATH",
        "SM_VLLM_MODEL",
        "SM_VLLM_TOKENIZER",
        "TOKENIZER_NAME",
        "VLLM_MODEL",
        "WHISPERX_DEFAULT_MODEL",
    }
)
"""Variables whose value is a model or its tokenizer: a path, or else the ID of a model in a hub."""
ADDITIONAL_MODEL_VARIABLES = frozenset(
    {
        "LORA_ADAPTERS",
        "OPTION_SPECULATIVE_CONFIG",
        "OPTION_SPECULATIVE_DRAFT_MODEL",
        "OPTION_SPECULATIVE_MODEL",
        "SM_SGLANG_LORA_PATHS",
        "SM_SGLANG_SPECULATIVE_DRAFT_MODEL_PATH",
        "SM_VLLM_LORA_MODULES",
        "SM_VLLM_SPECULATIVE_CONFIG",
        "SM_VLLM_SPECULATIVE_MODEL",
    }
)
"""Variables whose value is one or more models that are loaded in addition: draft models and adapters."""
# Custom images use these names for labels as well. Only a value with a slash is certainly the ID of a model.
_AMBIGUOUS = frozenset({"MODEL_ID", "NIM_MODEL_NAME", "TOKENIZER_NAME"})
_LABELS = re.compile(r"SERVED_MODEL_NAME$")
_MODEL_WORDS = re.compile(
    r"(^|_)(MODELS?|TOKENIZER|ADAPTERS?|LORA|ENCODER|EMBEDD(ER|INGS?)|RERANKER|CHECKPOINT|REPO)(_|$)", re.IGNORECASE
)
_LOADS_FROM_A_REGISTRY = re.compile(r"NGC_API_KEY|OLLAMA_MODEL")
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")

_HUB_ID = r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(?:@[\w./-]+)?"
_MODEL_IN_HUB = re.compile(_HUB_ID)
_BARE_NAME = re.compile(r"[\w.:-]*[A-Za-z][\w.:-]*")
_MIME_TYPE = re.compile(r"(application|audio|image|text|video)/")
_S3_URI = re.compile(r"s3[an]?://[^\s\"',;]+")
_HUB_URI = re.compile(r"\b(hf|ngc|djl)://[^\s\"',;]+|\b(models|runs):/[^\s\"',;]+")
_URL = re.compile(r"\b(?!(?:file|unix|ipc|inproc)://)[a-z][a-z0-9+.-]*://(?P<host>\[[^\]]*\]|[^\s/:?#\"',;]*)")
# Hosts without a scheme, with or without a port: those of AWS, and others in a variable whose name says so.
_HOST = r"(?:[\w-]+\.)+[\w-]+(?::\d+)?"
_HOSTS = re.compile(rf"{_HOST}(?:,\s*{_HOST})*", re.ASCII)
_HOST_OF_AWS = re.compile(r"(?:[\w-]+\.)+amazonaws\.com(?:\.cn)?(?::\d+)?", re.ASCII)
_HOST_VARIABLE = re.compile(
    r"(?<!ALLOWED)(?:^|_)(?:HOST(?:NAME)?|BROKERS?|BOOTSTRAP_SERVERS?|ENDPOINT|ADDR(?:ESS)?)$", re.IGNORECASE
)
_LOCAL_HOST = re.compile(r"|localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]")


class Source(Enum):
    """Where a container loads something from."""

    HUB = "hub"
    """A hub of models, such as Hugging Face."""
    S3 = "S3"
    UNCERTAIN = "uncertain"
    """The value looks like a model in a hub, or is a URL or a host, but no documented container reads the variable."""


@dataclass(frozen=True)
class Download:
    """What one environment variable tells a container to load."""

    variable: str
    source: Source
    references: tuple[str, ...] = ()
    """IDs of models or S3 URIs; empty for a URL, which may contain a secret, and for a host."""

    @property
    def stops_offline(self) -> bool:
        """Return whether the offline mode of Hugging Face prevents the download: not that of a URI."""
        return bool(self.references) and not any(":/" in reference for reference in self.references)


def find_downloads(environment: Mapping[str, str], *, can_start_offline: bool = True) -> Iterator[Download]:
    """Yield the variables of a container that tell it to load something from outside of image and model data.

    The offline mode of Hugging Face prevents downloads, but a container then starts only if it has the model already.
    """
    is_offline = can_start_offline and any(
        environment.get(name, "").lower() in ("1", "on", "true", "yes") for name in _OFFLINE
    )
    for variable, value in environment.items():
        download = _download(variable, value)
        if download and not (is_offline and download.stops_offline):
            yield download


def _download(variable: str, value: str) -> Download | None:
    if uris := _S3_URI.findall(value):
        return Download(variable, Source.S3, tuple(uris))
    if match := _HUB_URI.search(value):
        return Download(variable, Source.HUB, (match[0],))
    is_remote = any(not _LOCAL_HOST.fullmatch(host) for host in _hosts(variable, value))
    if variable in MODEL_VARIABLES | ADDITIONAL_MODEL_VARIABLES:
        return _model(variable, value, is_remote=is_remote)
    looks_like_a_model = _MODEL_WORDS.search(variable) and not _LABELS.search(variable) and _is_in_hub(value)
    if is_remote or looks_like_a_model or (_LOADS_FROM_A_REGISTRY.fullmatch(variable) and not value.startswith("/")):
        return Download(variable, Source.UNCERTAIN, (value,) if looks_like_a_model else ())
    return None


def _hosts(variable: str, value: str) -> Iterator[str]:
    """Yield the hosts in a value, without their ports: those of URLs, and those that the variable takes alone."""
    yield from (url["host"] for url in _URL.finditer(value))
    if _HOST_OF_AWS.fullmatch(value) or (_HOST_VARIABLE.search(variable) and _HOSTS.fullmatch(value)):
        yield from (host.strip().partition(":")[0] for host in value.split(","))


def _model(variable: str, value: str, *, is_remote: bool) -> Download | None:
    """Return the download of a variable that names models: of the IDs of models in its value."""
    if is_remote:
        return Download(variable, Source.HUB)
    ids = tuple(name for name in _names(value) if _is_in_hub(name))
    bare = tuple(name for name in _names(value) if _BARE_NAME.fullmatch(name))
    if ids or (bare and variable in MODEL_VARIABLES - _AMBIGUOUS):
        return Download(variable, Source.HUB, ids or bare)
    return Download(variable, Source.UNCERTAIN, bare) if bare and variable in _AMBIGUOUS else None


def _names(value: str) -> list[str]:
    """Return the models in a value: one, a list of `NAME=MODEL`, or the `model` of each JSON object."""
    if value.lstrip().startswith(("{", "[")):
        return [match[1] for match in re.finditer(r'"(?:model|path|local_path)"\s*:\s*"([^"]+)"', value)]
    return [item.rpartition("=")[2].strip() for item in re.split(r"[,\s]+", value) if item]


def _is_in_hub(value: str) -> bool:
    return bool(_MODEL_IN_HUB.fullmatch(value)) and not _MIME_TYPE.match(value)
