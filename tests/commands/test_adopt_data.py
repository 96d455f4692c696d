"""What a running endpoint records, and under which keys, as tables: what is kept, and what changes."""

from typing import Any

import pytest

from protected_endpoints.commands.adopt.adopted import Adopted
from protected_endpoints.commands.adopt.endpoint_table import endpoint_table
from tests.commands.running import ACCOUNT, REGION, running

_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_CUSTOMER_KEY = {"Arn": _KEY, "KeyManager": "CUSTOMER"}
_CAPTURED = {"EnableCapture": True, "InitialSamplingPercentage": 20, "DestinationS3Uri": "s3://acme-captured/fraud"}
_MANAGED_BY_AWS = {"Arn": _KEY, "KeyManager": "AWS"}


def _capturing(key: str | None, metadata: dict[str, Any]) -> Adopted:
    encrypted = {"KmsKeyId": key} if key else {}
    capture = {**_CAPTURED, **encrypted, "CaptureOptions": [{"CaptureMode": "Input"}]}
    return endpoint_table(running(configuration={"DataCaptureConfig": capture}, keys={key: metadata} if key else {}))


def test_the_key_of_captured_data_is_kept() -> None:
    adopted = _capturing("1234", _CUSTOMER_KEY)
    assert adopted.table["kms"] == {"key_arn": _KEY}
    assert adopted.notes == []


@pytest.mark.parametrize(("key", "so_far"), [("alias/aws/s3", "alias/aws/s3"), (None, "the default of the bucket")])
def test_another_key_for_captured_data_is_said(key: str | None, so_far: str) -> None:
    adopted = _capturing(key, _MANAGED_BY_AWS)
    assert "kms" not in adopted.table
    assert adopted.notes == [
        f"captured data: encrypted with {so_far} so far, and with the key of the endpoint after the first deployment; "
        "add the roles that read the data to data_capture.readers"
    ]


def test_keys_of_responses_and_core_dumps_are_named_by_their_arns() -> None:
    output = {"S3OutputPath": "s3://acme-answers/fraud", "KmsKeyId": "alias/answers"}
    dumps = {"DestinationS3Uri": "s3://acme-dumps/fraud", "KmsKeyId": "alias/answers"}
    configuration = {"AsyncInferenceConfig": {"OutputConfig": output}, "variant": {"CoreDumpConfig": dumps}}
    table = endpoint_table(running(configuration=configuration, keys={"alias/answers": _CUSTOMER_KEY})).table
    assert table["async_inference_config"]["output_config"]["kms_key_id"] == _KEY
    assert table["core_dump_config"]["kms_key_id"] == _KEY


@pytest.mark.parametrize(
    ("modes", "expected"), [(["Input"], "Input"), (["Output"], "Output"), (["Input", "Output"], None)]
)
def test_captured_data_keeps_its_place(modes: list[str], expected: str | None) -> None:
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 20,
        "DestinationS3Uri": "s3://acme-captured/fraud",
        "CaptureOptions": [{"CaptureMode": mode} for mode in modes],
    }
    table = endpoint_table(running(configuration={"DataCaptureConfig": capture})).table["data_capture"]
    assert table.pop("capture_mode", None) == expected
    assert table == {"initial_sampling_percentage": 20, "destination_s3_uri": "s3://acme-captured/fraud"}
