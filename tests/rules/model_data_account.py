"""The account that owns the buckets of model data."""

from tests.rules.pair import IMAGE, NO_MODEL, PACKAGE, REASON, Pair, containers

_OTHER = "444455556666"
_FILE, _JUMPSTART = "s3://my-bucket/model.tar.gz", "s3://jumpstart-cache-prod-us-west-2/infer/model.tar.gz"
_RELAXED = {"relax": {"model_data_account": REASON}}
_PACKAGE = {**NO_MODEL, "model_package_name": PACKAGE, "model_package_image": IMAGE, "model_data_account_id": _OTHER}
_RELAXATION = "endpoints.kmeans.relax.model_data_account: has no effect"

_ESCROW = {"model_data_url": "s3://customer-escrow-111122223333-smtj-a1/job/1.tar.gz"}

PAIRS = [
    Pair(
        "model-data-of-amazon-nova",
        passes=_ESCROW | _RELAXED,
        fails=_ESCROW,
        messages=(
            "endpoints.kmeans.model_data_url: is in a bucket that Amazon manages, but the execution role requires that "
            'it belongs to account 111122223333, got "s3://customer-escrow-111122223333-smtj-a1/job/1.tar.gz"; set '
            "model_data_account_id to the account of the bucket, or relax.model_data_account to a reason",
        ),
    ),
    Pair(
        "model-data-of-amazon-nova",
        passes=_ESCROW | {"model_data_account_id": _OTHER},
        fails=containers({"model_data_url": _FILE}, _ESCROW),
        messages=(
            "endpoints.kmeans.container[1].model_data_url: is in a bucket that Amazon manages, but the execution role "
            "requires that it belongs to account 111122223333, got "
            '"s3://customer-escrow-111122223333-smtj-a1/job/1.tar.gz"; set model_data_account_id to the account of the '
            "bucket, or relax.model_data_account to a reason",
        ),
    ),
    Pair(
        "model-data-account-unused",
        passes={"model_data_account_id": _OTHER},
        fails={"model_data_account_id": _OTHER, "model_data_url": _JUMPSTART},
        messages=(
            f'endpoints.kmeans.model_data_account_id: has no effect on the buckets of JumpStart, got "{_OTHER}"; '
            "remove it",
        ),
    ),
    Pair(
        "model-data-account-unused",
        passes={**_PACKAGE, "model_package_data": [_FILE]},
        fails=_PACKAGE,
        messages=(
            f'endpoints.kmeans.model_data_account_id: has no effect without model data, got "{_OTHER}"; remove it, '
            "or set model_data_url, model_data_source or model_package_data",
        ),
    ),
    Pair(
        "model-data-account-unused",  # each container of several
        passes=containers({"model_data_url": _FILE, "model_data_account_id": _OTHER}, {}),
        fails=containers({"model_data_url": _FILE}, {"model_data_account_id": _OTHER}),
        messages=(
            f'endpoints.kmeans.container[1].model_data_account_id: has no effect without model data, got "{_OTHER}"; '
            "remove it, or set model_data_url, model_data_source or model_package_data",
        ),
    ),
    Pair(
        "relax-model-data-account-unused",
        passes=_RELAXED,
        fails=_RELAXED | {"model_data_url": None},
        messages=(f'{_RELAXATION} without model data, got "{REASON}"; remove it',),
    ),
    Pair(
        "relax-model-data-account-unused",  # a container that names the account needs no relaxation
        passes=containers({"model_data_url": _FILE, "model_data_account_id": _OTHER}, {"model_data_url": _FILE})
        | _RELAXED,
        fails=_RELAXED | {"model_data_account_id": _OTHER},
        messages=(f'{_RELAXATION} on buckets of JumpStart and of a model_data_account_id, got "{REASON}"; remove it',),
    ),
    Pair(
        "relax-model-data-account-unused",
        passes=_RELAXED,
        fails=_RELAXED | {"model_data_url": _JUMPSTART},
        messages=(f'{_RELAXATION} on buckets of JumpStart and of a model_data_account_id, got "{REASON}"; remove it',),
    ),
]
