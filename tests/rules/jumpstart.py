"""Model data in the buckets of JumpStart."""

from tests.loading.support import Table
from tests.rules.pair import Pair

_PUBLIC, _GATED = "jumpstart-cache-prod", "jumpstart-private-cache-prod"
_FILE = "infer/model.tar.gz"
_SOURCE = "endpoints.kmeans.model_data_source.s3_data_source"


def _source(bucket: str, **changes: object) -> Table:
    source = {"s3_uri": f"s3://{bucket}/llama/", "s3_data_type": "S3Prefix", **changes}
    return {"model_data_url": None, "model_data_source": {"s3_data_source": source}}


def _url(bucket: str) -> Table:
    return {"model_data_url": f"s3://{bucket}/{_FILE}"}


PAIRS = [
    Pair(
        "jumpstart-bucket-not-in-region",
        passes=_url(f"{_PUBLIC}-us-west-2"),
        fails=_url(f"{_PUBLIC}-us-east-1"),
        messages=(
            "endpoints.kmeans.model_data_url: this bucket of JumpStart is in us-east-1, but SageMaker loads model data "
            f'in us-west-2, got "s3://{_PUBLIC}-us-east-1/{_FILE}"; use "s3://{_PUBLIC}-us-west-2/{_FILE}"',
        ),
    ),
    Pair(
        "jumpstart-bucket-not-in-region",  # any other bucket can be in any region, whatever its name is
        passes=_url(f"{_PUBLIC}-us-east-9"),
        fails=_url(f"{_PUBLIC}-us-east-1") | {"in_environment": {"region": "eusc-de-east-1"}},
        messages=(
            "endpoints.kmeans.model_data_url: this bucket of JumpStart is in us-east-1, but SageMaker loads model data "
            f'in eusc-de-east-1, got "s3://{_PUBLIC}-us-east-1/{_FILE}"; copy the model data to a bucket in '
            "eusc-de-east-1",
        ),
    ),
    Pair(
        "jumpstart-license-not-accepted",
        passes=_source(f"{_GATED}-us-west-2", model_access_config={"accept_eula": True}),
        fails=_source(f"{_GATED}-us-west-2"),
        messages=(
            f"{_SOURCE}: models in this bucket of JumpStart have a license that must be accepted, got "
            f'"s3://{_GATED}-us-west-2/llama/"; if you accept it, add model_access_config = {{ accept_eula = true }}',
        ),
    ),
    Pair(
        "jumpstart-license-not-accepted",
        passes=_url(f"{_PUBLIC}-us-west-2"),
        fails=_url(f"{_GATED}-us-west-2"),
        messages=(
            "endpoints.kmeans.model_data_url: models in this bucket of JumpStart have a license that must be accepted, "
            f'got "s3://{_GATED}-us-west-2/{_FILE}"; if you accept it, set model_data_source instead, with '
            "model_access_config = { accept_eula = true }",
        ),
    ),
]
