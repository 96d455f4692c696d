"""What a running endpoint records, and under which keys: data capture, asynchronous responses, volumes and logs.

A customer managed key and a bucket stay: those who read the data have access to them, and an organization may require
that key. A key that AWS manages does not, because nobody can change its policy.
"""

from typing import Any

from protected_endpoints.commands.adopt.adopted import Adopted
from protected_endpoints.commands.adopt.api_tables import to_table
from protected_endpoints.commands.adopt.running_endpoint import Answer, RunningEndpoint
from protected_endpoints.config.async_inference import AsyncInferenceConfig
from protected_endpoints.config.endpoint import DataCapture

_MAX_RETENTION = 3653


def data_tables(running: RunningEndpoint, adopted: Adopted) -> dict[str, Any]:
    """Return the tables about recorded data, which are empty if the endpoint has nothing of the kind."""
    if explainer := running.configuration.get("ExplainerConfig"):
        adopted.left_out.append(f"ExplainerConfig: {', '.join(explainer)}")
    capture = _capture_config(running)
    key = running.customer_key(running.configuration.get("KmsKeyId")) or running.customer_key(capture.get("KmsKeyId"))
    return {
        "data_capture": _capture(capture, key, running, adopted),
        "async_inference_config": _asynchronous(running, adopted),
        "kms": {"key_arn": key} if key else {},
        "logs": _logs(running, adopted),
    }


def _capture_config(running: RunningEndpoint) -> Answer:
    answer: Answer = running.configuration.get("DataCaptureConfig", {})
    return answer if answer.get("EnableCapture") else {}


def _capture(answer: Answer, key: str | None, running: RunningEndpoint, adopted: Adopted) -> dict[str, Any]:
    if not answer:
        return {"enable_capture": False}
    modes = [option["CaptureMode"] for option in answer["CaptureOptions"]]
    present = answer.get("KmsKeyId")
    if not key or running.customer_key(present) != key:
        adopted.notes.append(_other_key("captured data", present, "data_capture.readers"))
    values = {name: value for name, value in answer.items() if name not in ("CaptureOptions", "KmsKeyId")}
    table = to_table(DataCapture, values, adopted.left_out, "DataCaptureConfig.")
    return {**table, "capture_mode": modes[0]} if len(modes) == 1 else table


def _asynchronous(running: RunningEndpoint, adopted: Adopted) -> dict[str, Any]:
    answer = running.configuration.get("AsyncInferenceConfig")
    if not answer:
        return {}
    output = {name: value for name, value in answer["OutputConfig"].items() if name != "KmsKeyId"}
    present = answer["OutputConfig"].get("KmsKeyId")
    if key := running.customer_key(present):
        output["KmsKeyId"] = key
    else:
        adopted.notes.append(_other_key("responses", present, "async_inference_config.output_config.readers"))
    return to_table(AsyncInferenceConfig, {**answer, "OutputConfig": output}, adopted.left_out, "AsyncInferenceConfig.")


def _other_key(data: str, present: str | None, readers: str) -> str:
    return (
        f"{data}: encrypted with {present or 'the default of the bucket'} so far, and with the key of the endpoint "
        f"after the first deployment; add the roles that read the data to {readers}"
    )


def _logs(running: RunningEndpoint, adopted: Adopted) -> dict[str, Any]:
    if not running.log_group:
        return {}
    if "retentionInDays" not in running.log_group:
        adopted.notes.append(f"logs never expired; {_MAX_RETENTION} days is the longest time here")
    return {"retention_in_days": running.log_group.get("retentionInDays", _MAX_RETENTION)}
