"""The execution role's permissions for the keys of data and topics, and for rollback alarms."""

from typing import Any

import pytest

from protected_endpoints.deployment import Deployment
from protected_endpoints.policies import Statement, kms_key
from protected_endpoints.policies.execution_role_version import key_permissions, version_permissions
from tests.loading.support import Table, deployment

_KMS = "arn:aws:kms:us-west-2:111122223333:key"
_ENDPOINT_KEY, _MODELS, _ADAPTERS = f"{_KMS}/endpoint", f"{_KMS}/models", f"{_KMS}/adapters"
_BUCKET, _ARCHIVE = "arn:aws:s3:::acme-models", "s3://acme-models/7/model.tar.gz"
_IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
_PACKAGE = "arn:aws:sagemaker:us-west-2:111122223333:model-package/scoring/7"
_HOSTING = {"instance_type": "ml.m5.xlarge"}
_NO_MODEL_DATA: Table = {"model_data_url": None}
_NO_CONTAINER: Table = {"image": None, "model_data_url": None}
_VARIANT = {"variant_name": "a", "model": "a", **_HOSTING}


def _source(uri: str, kind: str) -> Table:
    return {"s3_data_source": {"s3_uri": uri, "s3_data_type": kind}}


def _adapter(**changes: object) -> Table:
    return {"channel_name": "a", **_source("s3://acme-models/adapters/", "S3Prefix"), **changes}


# Model data under a key: the changed configuration, and the decrypted objects of the bucket by key.
_MODEL_DATA: dict[str, tuple[Table, dict[str, list[str]]]] = {
    "an archive": (
        {"model_data_url": _ARCHIVE, "model_data_kms_key_arn": _MODELS},
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "a multi-model prefix": (
        {"mode": "MultiModel", "model_data_url": "s3://acme-models/all/", "model_data_kms_key_arn": _MODELS},
        {_MODELS: ["all/*"]},
    ),
    "a prefix": (
        {
            **_NO_MODEL_DATA,
            "model_data_source": _source("s3://acme-models/7/", "S3Prefix"),
            "model_data_kms_key_arn": _MODELS,
        },
        {_MODELS: ["7/*"]},
    ),
    "an object": (
        {
            **_NO_MODEL_DATA,
            "model_data_source": _source("s3://acme-models/7/a", "S3Object"),
            "model_data_kms_key_arn": _MODELS,
        },
        {_MODELS: ["7/a"]},
    ),
    "additional model data under the same key": (
        {
            "model_data_url": _ARCHIVE,
            "model_data_kms_key_arn": _MODELS,
            "additional_model_data_source": [_adapter()],
        },
        {_MODELS: ["adapters/*", "7/model.tar.gz"]},
    ),
    "additional model data under another key": (
        {
            "model_data_url": _ARCHIVE,
            "model_data_kms_key_arn": _MODELS,
            "additional_model_data_source": [_adapter(model_data_kms_key_arn=_ADAPTERS)],
        },
        {_ADAPTERS: ["adapters/*"], _MODELS: ["7/model.tar.gz"]},
    ),
    "a model package": (
        {
            **_NO_CONTAINER,
            "model_package_name": _PACKAGE,
            "model_package_image": _IMAGE,
            "model_package_data": [_ARCHIVE],
            "model_data_kms_key_arn": _MODELS,
        },
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "several containers": (
        {
            **_NO_CONTAINER,
            "container": [
                {"image": _IMAGE, "model_data_url": _ARCHIVE, "model_data_kms_key_arn": _MODELS},
                {"image": _IMAGE, "model_data_url": "s3://acme-models/8/model.tar.gz"},
            ],
        },
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "models by name": (
        {
            **_NO_CONTAINER,
            "instance_type": None,
            "initial_instance_count": None,
            "models": {"a": {"image": _IMAGE, "model_data_url": _ARCHIVE, "model_data_kms_key_arn": _MODELS}},
            "variants": [_VARIANT],
        },
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "the existing key of the endpoint": (
        {"model_data_url": _ARCHIVE, "kms": {"key_arn": _ENDPOINT_KEY}},
        {_ENDPOINT_KEY: ["7/model.tar.gz"]},
    ),
    "another key than the existing key of the endpoint": (
        {"model_data_url": _ARCHIVE, "kms": {"key_arn": _ENDPOINT_KEY}, "model_data_kms_key_arn": _MODELS},
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "a managed key, which does not encrypt it": ({"model_data_url": _ARCHIVE}, {}),
}
_every_model_data = pytest.mark.parametrize(("changes", "decrypted"), _MODEL_DATA.values(), ids=_MODEL_DATA)


def _decrypt_statements(statements: list[Statement]) -> list[Statement]:
    return [statement for statement in statements if "Decrypt" in statement["Sid"] and "ModelData" in statement["Sid"]]


def _key_statements(deployment: Deployment) -> list[Statement]:
    statements: list[Statement] = key_permissions(deployment.names, deployment, key_arn=f"{_KMS}/managed")["Statement"]
    return statements


@_every_model_data
def test_the_execution_role_decrypts_exactly_its_model_data_through_s3(
    changes: Table, decrypted: dict[str, list[str]]
) -> None:
    statements = _decrypt_statements(_key_statements(deployment(**changes)))
    assert len({statement["Sid"] for statement in statements}) == len(statements)
    assert {statement["Resource"]: (statement["Action"], statement["Condition"]) for statement in statements} == {
        key_arn: (
            "kms:Decrypt",
            {
                "StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": [_BUCKET, *(f"{_BUCKET}/{key}" for key in objects)]},
            },
        )
        for key_arn, objects in decrypted.items()
    }


@_every_model_data
def test_the_printed_statements_of_every_key_allow_the_same(changes: Table, decrypted: dict[str, list[str]]) -> None:
    example = deployment(**changes)
    printed = {
        arn: _decrypt_statements(arn_statements)
        for arn, arn_statements in kms_key.existing_key_statements(example.names, example).items()
    }
    found = {arn: statements for arn, statements in printed.items() if statements}
    assert {*found} == {*decrypted}
    for arn, (statement,) in found.items():
        assert statement["Sid"] == "ExecutionRoleDecryptsModelData"
        assert statement["Condition"] == {
            "ArnEquals": {"aws:PrincipalArn": example.names.role_arn},
            "StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com", "kms:CallerAccount": "111122223333"},
            "StringLike": {
                "kms:EncryptionContext:aws:s3:arn": [_BUCKET, *(f"{_BUCKET}/{key}" for key in decrypted[str(arn)])]
            },
        }


def _asynchronous(**keys: str | None) -> dict[str, Any]:
    topic = "arn:aws:sns:us-west-2:111122223333:answers"
    notification = {"error_topic": topic, "kms_key_id": keys.get("topics")}
    output = {"s3_output_path": "s3://acme/answers", "kms_key_id": keys.get("answers"), "readers": [_READER]}
    settings = {"input_locations": ["s3://acme/requests"], "input_kms_key_id": keys.get("requests")}
    return {"async_inference_config": {**settings, "output_config": {**output, "notification_config": notification}}}


_READER = "arn:aws:iam::111122223333:role/billing"


def test_every_existing_key_has_the_statements_that_its_policy_needs() -> None:
    dumps = {"destination_s3_uri": "s3://acme/dumps", "kms_key_id": f"{_KMS}/dumps"}
    keys = {name: f"{_KMS}/{name}" for name in ("requests", "answers", "topics")}
    example = deployment(**_asynchronous(**keys), core_dump_config=dumps, model_data_kms_key_arn=_MODELS)
    by_key = kms_key.existing_key_statements(example.names, example)
    assert {arn: [statement["Sid"] for statement in statements] for arn, statements in by_key.items() if arn} == {
        _MODELS: ["ExecutionRoleDecryptsModelData"],
        keys["answers"]: ["ExecutionRoleUsesKeyThroughS3", "ReadersOfAnswersDecryptThroughS3"],
        f"{_KMS}/dumps": ["ExecutionRoleUsesKeyThroughS3"],
        keys["requests"]: ["ExecutionRoleDecryptsRequests"],
        keys["topics"]: ["ExecutionRoleUsesKeyThroughSns"],
    }


def test_one_key_for_everything_has_all_statements_with_distinct_ids() -> None:
    keys = dict.fromkeys(("requests", "answers", "topics"), _ENDPOINT_KEY)
    example = deployment(**_asynchronous(**keys), kms={"key_arn": _ENDPOINT_KEY})
    (statements,) = kms_key.existing_key_statements(example.names, example).values()
    sids = [statement["Sid"] for statement in statements]
    assert len({*sids}) == len(sids)
    assert {*sids} == {
        "VolumeGrantsForSageMakerOnly",
        "CloudWatchLogsEncryptsThisLogGroup",
        "ExecutionRoleUsesKeyThroughS3",
        "ExecutionRoleDecryptsModelData",
        "ReadersOfAnswersDecryptThroughS3",
        "ExecutionRoleDecryptsRequests",
        "ExecutionRoleUsesKeyThroughSns",
        "LookAtTheKey",
    }


def test_the_role_reads_exactly_the_rollback_alarms() -> None:
    alarms = {"auto_rollback_configuration": {"alarms": [{"alarm_name": "a-5xx"}, {"alarm_name": "slow responses"}]}}
    with_alarms, by_default = deployment(deployment_config=alarms), deployment()
    prefix = "arn:aws:cloudwatch:us-west-2:111122223333:alarm"
    statement = {
        "Sid": "ReadRollbackAlarms",
        "Effect": "Allow",
        "Action": "cloudwatch:DescribeAlarms",
        "Resource": [f"{prefix}:a-5xx", f"{prefix}:slow responses"],
    }
    assert statement in version_permissions(with_alarms.names, with_alarms)["Statement"]
    names = ("acme-dev-kmeans/rollback-errors", "acme-dev-kmeans/rollback-latency")
    default = {**statement, "Resource": [f"{prefix}:{name}" for name in names]}
    assert default in version_permissions(by_default.names, by_default)["Statement"]
    without = deployment(deployment_config={})
    assert "DescribeAlarms" not in str(version_permissions(without.names, without))
