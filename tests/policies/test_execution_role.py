"""What the execution role may do with model data under somebody's key, and with the alarms of its endpoint."""

from typing import Any

import pytest

from protected_endpoints.deployment import Deployment
from protected_endpoints.policies import Statement, kms_key
from protected_endpoints.policies.version_permissions import key_permissions, version_permissions
from tests.loading.support import Table, deployment

_KMS = "arn:aws:kms:us-west-2:111122223333:key"
_OURS, _MODELS, _ADAPTERS = f"{_KMS}/ours", f"{_KMS}/models", f"{_KMS}/adapters"
_BUCKET, _ARCHIVE = "arn:aws:s3:::acme-models", "s3://acme-models/7/model.tar.gz"
_IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
_PACKAGE = "arn:aws:sagemaker:us-west-2:111122223333:model-package/scoring/7"
_HOSTING = {"instance_type": "ml.m5.xlarge"}
_SHORT: Table = {"model_data_url": None}
_LONG: Table = {"image": None, "model_data_url": None}
_VARIANT = {"variant_name": "a", "model": "a", **_HOSTING}


def _source(uri: str, kind: str) -> Table:
    return {"s3_data_source": {"s3_uri": uri, "s3_data_type": kind}}


def _adapter(**changes: object) -> Table:
    return {"channel_name": "a", **_source("s3://acme-models/adapters/", "S3Prefix"), **changes}


# Each way to bring model data, under a key, with what of the bucket is decrypted by which key.
_WAYS: dict[str, tuple[Table, dict[str, list[str]]]] = {
    "an archive": (
        {"model_data_url": _ARCHIVE, "model_data_kms_key_arn": _MODELS},
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "many models": (
        {"mode": "MultiModel", "model_data_url": "s3://acme-models/all/", "model_data_kms_key_arn": _MODELS},
        {_MODELS: ["all/*"]},
    ),
    "a prefix": (
        {**_SHORT, "model_data_source": _source("s3://acme-models/7/", "S3Prefix"), "model_data_kms_key_arn": _MODELS},
        {_MODELS: ["7/*"]},
    ),
    "an object": (
        {**_SHORT, "model_data_source": _source("s3://acme-models/7/a", "S3Object"), "model_data_kms_key_arn": _MODELS},
        {_MODELS: ["7/a"]},
    ),
    "more model data under the same key": (
        {
            "model_data_url": _ARCHIVE,
            "model_data_kms_key_arn": _MODELS,
            "additional_model_data_source": [_adapter()],
        },
        {_MODELS: ["adapters/*", "7/model.tar.gz"]},
    ),
    "more model data under another key": (
        {
            "model_data_url": _ARCHIVE,
            "model_data_kms_key_arn": _MODELS,
            "additional_model_data_source": [_adapter(model_data_kms_key_arn=_ADAPTERS)],
        },
        {_ADAPTERS: ["adapters/*"], _MODELS: ["7/model.tar.gz"]},
    ),
    "a package": (
        {
            **_LONG,
            "model_package_name": _PACKAGE,
            "model_package_image": _IMAGE,
            "model_package_data": [_ARCHIVE],
            "model_data_kms_key_arn": _MODELS,
        },
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "containers": (
        {
            **_LONG,
            "container": [
                {"image": _IMAGE, "model_data_url": _ARCHIVE, "model_data_kms_key_arn": _MODELS},
                {"image": _IMAGE, "model_data_url": "s3://acme-models/8/model.tar.gz"},
            ],
        },
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "models by name": (
        {
            **_LONG,
            "instance_type": None,
            "initial_instance_count": None,
            "models": {"a": {"image": _IMAGE, "model_data_url": _ARCHIVE, "model_data_kms_key_arn": _MODELS}},
            "variants": [_VARIANT],
        },
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "the endpoint's existing key, which it may be under": (
        {"model_data_url": _ARCHIVE, "kms": {"key_arn": _OURS}},
        {_OURS: ["7/model.tar.gz"]},
    ),
    "another key than the endpoint's existing one": (
        {"model_data_url": _ARCHIVE, "kms": {"key_arn": _OURS}, "model_data_kms_key_arn": _MODELS},
        {_MODELS: ["7/model.tar.gz"]},
    ),
    "a made key, which it is not under": ({"model_data_url": _ARCHIVE}, {}),
}
_EACH = pytest.mark.parametrize(("changes", "decrypted"), _WAYS.values(), ids=_WAYS)


def _decrypting(statements: list[Statement]) -> list[Statement]:
    return [each for each in statements if "Decrypt" in each["Sid"] and "ModelData" in each["Sid"]]


def _of_role(deployment: Deployment) -> list[Statement]:
    statements: list[Statement] = key_permissions(deployment.names, deployment, key_arn=f"{_KMS}/made")["Statement"]
    return statements


@_EACH
def test_the_execution_role_decrypts_exactly_its_model_data_through_s3(
    changes: Table, decrypted: dict[str, list[str]]
) -> None:
    found = _decrypting(_of_role(deployment(**changes)))
    assert len({each["Sid"] for each in found}) == len(found)
    assert {each["Resource"]: (each["Action"], each["Condition"]) for each in found} == {
        key_arn: (
            "kms:Decrypt",
            {
                "StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": [_BUCKET, *(f"{_BUCKET}/{e}" for e in objects)]},
            },
        )
        for key_arn, objects in decrypted.items()
    }


@_EACH
def test_the_printed_policy_of_each_key_lets_the_role_do_the_same(
    changes: Table, decrypted: dict[str, list[str]]
) -> None:
    example = deployment(**changes)
    printed = {arn: _decrypting(each) for arn, each in kms_key.existing_key_statements(example.names, example).items()}
    found = {arn: statements for arn, statements in printed.items() if statements}
    assert {*found} == {*decrypted}
    for arn, (statement,) in found.items():
        assert statement["Sid"] == "ExecutionRoleDecryptsModelData"
        assert statement["Condition"] == {
            "ArnEquals": {"aws:PrincipalArn": example.names.role_arn},
            "StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com", "kms:CallerAccount": "111122223333"},
            "StringLike": {
                "kms:EncryptionContext:aws:s3:arn": [_BUCKET, *(f"{_BUCKET}/{each}" for each in decrypted[str(arn)])]
            },
        }


def _asynchronous(**keys: str | None) -> dict[str, Any]:
    topic = "arn:aws:sns:us-west-2:111122223333:answers"
    notification = {"error_topic": topic, "kms_key_id": keys.get("topics")}
    output = {"s3_output_path": "s3://acme/answers", "kms_key_id": keys.get("answers"), "readers": [_READER]}
    settings = {"input_locations": ["s3://acme/requests"], "input_kms_key_id": keys.get("requests")}
    return {"async_inference_config": {**settings, "output_config": {**output, "notification_config": notification}}}


_READER = "arn:aws:iam::111122223333:role/billing"


def test_every_existing_key_that_is_named_is_told_what_its_policy_needs() -> None:
    dumps = {"destination_s3_uri": "s3://acme/dumps", "kms_key_id": f"{_KMS}/dumps"}
    keys = {each: f"{_KMS}/{each}" for each in ("requests", "answers", "topics")}
    example = deployment(**_asynchronous(**keys), core_dump_config=dumps, model_data_kms_key_arn=_MODELS)
    by_key = kms_key.existing_key_statements(example.names, example)
    assert {arn: [each["Sid"] for each in statements] for arn, statements in by_key.items() if arn} == {
        _MODELS: ["ExecutionRoleDecryptsModelData"],
        keys["answers"]: ["ExecutionRoleUsesKeyThroughS3", "ReadersOfAnswersDecryptThroughS3"],
        f"{_KMS}/dumps": ["ExecutionRoleUsesKeyThroughS3"],
        keys["requests"]: ["ExecutionRoleDecryptsRequests"],
        keys["topics"]: ["ExecutionRoleUsesKeyThroughSns"],
    }


def test_one_key_for_everything_is_told_all_of_it_at_once() -> None:
    keys = dict.fromkeys(("requests", "answers", "topics"), _OURS)
    example = deployment(**_asynchronous(**keys), kms={"key_arn": _OURS})
    (statements,) = kms_key.existing_key_statements(example.names, example).values()
    sids = [each["Sid"] for each in statements]
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


def test_the_role_looks_at_exactly_the_alarms_that_guard_its_updates() -> None:
    alarms = {"auto_rollback_configuration": {"alarms": [{"alarm_name": "a-5xx"}, {"alarm_name": "a slow one"}]}}
    guarded, plain = deployment(deployment_config=alarms), deployment()
    prefix = "arn:aws:cloudwatch:us-west-2:111122223333:alarm"
    statement = {
        "Sid": "ReadRollbackAlarms",
        "Effect": "Allow",
        "Action": "cloudwatch:DescribeAlarms",
        "Resource": [f"{prefix}:a-5xx", f"{prefix}:a slow one"],
    }
    assert statement in version_permissions(guarded.names, guarded)["Statement"]
    assert "DescribeAlarms" not in str(version_permissions(plain.names, plain))
