"""The location and the format of model data."""

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
    """Return the example with a model in the image, an adapter, and a key for model data."""
    (channel,) = _channels("adapter")["additional_model_data_source"]
    return {
        **NO_MODEL,
        "image": IMAGE,
        "model_data_kms_key_arn": KEY,
        "additional_model_data_source": [channel | changes],
    }


_PACKAGE = {**NO_MODEL, "model_package_name": PACKAGE, "model_package_image": IMAGE, "model_data_kms_key_arn": KEY}
_WITHOUT_DATA = (
    f'endpoints.kmeans.{{}}: has no effect without model data, got "{KEY}"; remove it, or set model_data_url, '
    "model_data_source or model_package_data"
)
_SOURCE = "endpoints.kmeans.model_data_source.s3_data_source"

PAIRS = [
    Pair(
        "model-data-url-form",
        passes={"mode": "MultiModel", "model_data_url": _PREFIX},
        fails={"mode": "MultiModel", "model_data_url": _FILE},
        messages=(
            'endpoints.kmeans.model_data_url: must be a prefix that ends with "/" in mode MultiModel, got '
            f'"{_FILE}"; use a prefix, or remove mode = "MultiModel"',
        ),
    ),
    Pair(
        "model-data-url-form",
        passes={"mode": "SingleModel", "model_data_url": _FILE},
        fails={"model_data_url": _PREFIX},
        messages=(
            "endpoints.kmeans.model_data_url: must be a .tar.gz object unless mode is MultiModel, got "
            f'"{_PREFIX}"; use an object, or set model_data_source for the files of one model under the prefix, '
            'or mode = "MultiModel" for many models',
        ),
    ),
    Pair(
        "multi-model-without-prefix",
        passes={"mode": "MultiModel", "model_data_url": _PREFIX},
        fails={"mode": "MultiModel", "model_data_url": None},
        messages=(
            "endpoints.kmeans.model_data_url: required with mode MultiModel; for example, add model_data_url = "
            f'"{_PREFIX}"',
        ),
    ),
    Pair(
        "model-data-conflict",
        passes=_source(),
        fails=_source() | {"model_data_url": _FILE},
        messages=("endpoints.kmeans.model_data_source: conflicts with model_data_url; remove one of them",),
    ),
    Pair(
        "multi-model-data-source",
        passes=_source() | {"mode": "SingleModel"},
        fails=_source() | {"mode": "MultiModel"},
        messages=(
            "endpoints.kmeans.model_data_source: cannot be combined with mode MultiModel; set model_data_url to "
            "the prefix of the models instead",
        ),
    ),
    Pair(
        "data-source-type-mismatch",
        passes=_source(),
        fails=_source(s3_uri=_FILE, compression_type="Gzip"),
        messages=(
            f'{_SOURCE}.s3_uri: must end with "/" for s3_data_type S3Prefix, got "{_FILE}"; add "/" at the end',
            f'{_SOURCE}.compression_type: cannot be combined with s3_data_type S3Prefix, got "Gzip"; remove it, or '
            'use an object with s3_data_type = "S3Object"',
        ),
    ),
    Pair(
        "data-source-type-mismatch",
        passes=_source(s3_uri=_FILE, s3_data_type="S3Object", compression_type="Gzip"),
        fails=_source(s3_data_type="S3Object"),
        messages=(
            f'{_SOURCE}.s3_uri: must not end with "/" for s3_data_type S3Object, got "{_PREFIX}"; use the URI of an '
            'object, or set s3_data_type = "S3Prefix"',
        ),
    ),
    Pair(
        "eula-not-accepted",
        passes=_source(model_access_config={"accept_eula": True}),
        fails=_source(model_access_config={"accept_eula": False}),
        messages=(
            f"{_SOURCE}.model_access_config.accept_eula: must be true, because SageMaker does not deploy a model "
            "whose license is declined, got false; set it to true, or remove model_access_config if the model "
            "has no license",
        ),
    ),
    Pair(
        "channel-name-duplicate",
        passes=_channels("a", "b"),
        fails=_channels("a", "b", "a"),
        messages=(
            'endpoints.kmeans.additional_model_data_source[2].channel_name: duplicate entry, got "a"; rename one',
        ),
    ),
    Pair(
        "model-data-key-unused",
        passes={"model_data_kms_key_arn": KEY},
        fails={"model_data_url": None, "model_data_kms_key_arn": KEY},
        messages=(_WITHOUT_DATA.format("model_data_kms_key_arn"),),
    ),
    Pair(
        "model-data-key-unused",  # the data of a package is not in the file
        passes={**_PACKAGE, "model_package_data": [_FILE]},
        fails=_PACKAGE,
        messages=(_WITHOUT_DATA.format("model_data_kms_key_arn"),),
    ),
    Pair(
        "model-data-key-unused",  # each container of several
        passes=containers({"model_data_url": _FILE, "model_data_kms_key_arn": KEY}, {}),
        fails=containers({"model_data_url": _FILE}, {"model_data_kms_key_arn": KEY}),
        messages=(_WITHOUT_DATA.format("container[1].model_data_kms_key_arn"),),
    ),
    Pair(
        "model-data-key-unused",  # additional model data may have its own key
        passes=_adapters() | {"project": PROVIDER_6},
        fails=_adapters(model_data_kms_key_arn=KEY) | {"project": PROVIDER_6},
        messages=(_WITHOUT_DATA.format("model_data_kms_key_arn"),),
    ),
]
