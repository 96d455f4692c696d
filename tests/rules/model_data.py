"""Where model data is, and in which form."""

from tests.loading.support import Table
from tests.rules.pair import IMAGE, KEY, NO_MODEL, PACKAGE, PROVIDER_6, Pair, containers

_PREFIX, _FILE = "s3://my-bucket/models/", "s3://my-bucket/model.tar.gz"


def _source(**changes: object) -> Table:
    source = {"s3_uri": _PREFIX, "s3_data_type": "S3Prefix", **changes}
    return {"model_data_url": None, "model_data_source": {"s3_data_source": source}}


def _channels(*names: str) -> Table:
    source = {"s3_uri": _PREFIX, "s3_data_type": "S3Prefix"}
    return {"additional_model_data_source": [{"channel_name": name, "s3_data_source": source} for name in names]}


def _adapters(**changes: object) -> Table:
    """Return the example with its model in the image and an adapter beside it, both under a key."""
    (channel,) = _channels("adapter")["additional_model_data_source"]
    return {
        **NO_MODEL,
        "image": IMAGE,
        "model_data_kms_key_arn": KEY,
        "additional_model_data_source": [channel | changes],
    }


_PACKAGE = {**NO_MODEL, "model_package_name": PACKAGE, "model_package_image": IMAGE, "model_data_kms_key_arn": KEY}
_WITHOUT_DATA = (
    f'endpoints.kmeans.{{}}: has no effect without model data, got "{KEY}"; remove it, or name the data: '
    "model_data_url, model_data_source, or model_package_data of a package"
)
_AT = "endpoints.kmeans.model_data_source.s3_data_source"

PAIRS = [
    Pair(
        "model-data-url-form",
        passes={"mode": "MultiModel", "model_data_url": _PREFIX},
        fails={"mode": "MultiModel", "model_data_url": _FILE},
        messages=(
            "endpoints.kmeans.model_data_url: not a prefix that ends with a slash, which mode MultiModel takes, "
            f'got "{_FILE}"; write a prefix, or leave mode = "MultiModel" out',
        ),
    ),
    Pair(
        "model-data-url-form",
        passes={"mode": "SingleModel", "model_data_url": _FILE},
        fails={"model_data_url": _PREFIX},
        messages=(
            "endpoints.kmeans.model_data_url: not one .tar.gz file, which a container of one model takes, "
            f'got "{_PREFIX}"; name the file, or add mode = "MultiModel" to serve all below the prefix',
        ),
    ),
    Pair(
        "multi-model-without-prefix",
        passes={"mode": "MultiModel", "model_data_url": _PREFIX},
        fails={"mode": "MultiModel", "model_data_url": None},
        messages=(
            "endpoints.kmeans.model_data_url: required with mode MultiModel, and missing; "
            f'add model_data_url = "{_PREFIX}", for example',
        ),
    ),
    Pair(
        "model-data-conflict",
        passes=_source(),
        fails=_source() | {"model_data_url": _FILE},
        messages=("endpoints.kmeans.model_data_source: stands beside model_data_url; leave one of the two out",),
    ),
    Pair(
        "multi-model-data-source",
        passes=_source() | {"mode": "SingleModel"},
        fails=_source() | {"mode": "MultiModel"},
        messages=(
            "endpoints.kmeans.model_data_source: cannot hold many models; "
            "write model_data_url with their prefix instead",
        ),
    ),
    Pair(
        "data-source-type-mismatch",
        passes=_source(),
        fails=_source(s3_uri=_FILE, compression_type="Gzip"),
        messages=(
            f'{_AT}.s3_uri: does not end with a slash, and s3_data_type is S3Prefix, got "{_FILE}"; '
            "write the prefix with a slash at its end",
            f'{_AT}.compression_type: a prefix cannot be compressed, got "Gzip"; '
            'leave it out, or name one object with s3_data_type = "S3Object"',
        ),
    ),
    Pair(
        "data-source-type-mismatch",
        passes=_source(s3_uri=_FILE, s3_data_type="S3Object", compression_type="Gzip"),
        fails=_source(s3_data_type="S3Object"),
        messages=(
            f'{_AT}.s3_uri: ends with a slash, and s3_data_type is S3Object, got "{_PREFIX}"; '
            'name the object, or write "S3Prefix"',
        ),
    ),
    Pair(
        "eula-not-accepted",
        passes=_source(model_access_config={"accept_eula": True}),
        fails=_source(model_access_config={"accept_eula": False}),
        messages=(
            f"{_AT}.model_access_config.accept_eula: SageMaker deploys nothing without it, got false; "
            "write true, or leave model_access_config out if the model has no licence",
        ),
    ),
    Pair(
        "channel-name-duplicate",
        passes=_channels("a", "b"),
        fails=_channels("a", "b", "a"),
        messages=(
            'endpoints.kmeans.additional_model_data_source[2].channel_name: named twice, got "a"; '
            "rename one of the two",
        ),
    ),
    Pair(
        "model-data-key-unused",
        passes={"model_data_kms_key_arn": KEY},
        fails={"model_data_url": None, "model_data_kms_key_arn": KEY},
        messages=(_WITHOUT_DATA.format("model_data_kms_key_arn"),),
    ),
    Pair(
        "model-data-key-unused",  # of a package, whose own data is not in the file
        passes={**_PACKAGE, "model_package_data": [_FILE]},
        fails=_PACKAGE,
        messages=(_WITHOUT_DATA.format("model_data_kms_key_arn"),),
    ),
    Pair(
        "model-data-key-unused",  # of each container
        passes=containers({"model_data_url": _FILE, "model_data_kms_key_arn": KEY}, {}),
        fails=containers({"model_data_url": _FILE}, {"model_data_kms_key_arn": KEY}),
        messages=(_WITHOUT_DATA.format("container[1].model_data_kms_key_arn"),),
    ),
    Pair(
        "model-data-key-unused",  # of more model data, unless that has keys of its own
        passes=_adapters() | {"project": PROVIDER_6},
        fails=_adapters(model_data_kms_key_arn=KEY) | {"project": PROVIDER_6},
        messages=(_WITHOUT_DATA.format("model_data_kms_key_arn"),),
    ),
]
