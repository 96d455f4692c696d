"""The SageMaker Runtime API: invocations of real-time endpoints, and data capture."""

import base64
import json
import time
import uuid
from typing import Any

from moto.s3.models import s3_backends

from sandbox.authorization import ACCOUNT_ID
from sandbox.sagemaker_hosting import Hosting
from sandbox.sagemaker_records import ApiError
from sandbox.serving import serve

_CENTROIDS = ((0.0, 0.0), (10.0, 10.0))


def invoke(hosting: Hosting, endpoint_name: str, body: bytes, content_type: str, component: str | None) -> bytes:
    """Return the prediction of a small k-means model for lines of numbers.

    Raises:
        ApiError: the API would return an error.

    """
    configuration = _real_time_configuration(hosting, endpoint_name)
    serve(hosting, endpoint_name, component)
    response = response_to(body)
    _capture(configuration.get("DataCaptureConfig"), endpoint_name, body, response, content_type)
    return response


def invoke_with_response_stream(
    hosting: Hosting, endpoint_name: str, body: bytes, component: str | None
) -> list[bytes]:
    """Return the prediction as the parts of a stream, one JSON line per line of numbers.

    Streams are not captured, because AWS does not document whether data capture includes them.
    """
    _real_time_configuration(hosting, endpoint_name)
    serve(hosting, endpoint_name, component)
    return [f"{json.dumps(prediction)}\n".encode() for prediction in _predictions(body)]


def _real_time_configuration(hosting: Hosting, endpoint_name: str) -> dict[str, Any]:
    """Return the configuration of a real-time endpoint."""
    configuration = hosting.configuration_of(endpoint_name)
    if "AsyncInferenceConfig" in configuration:
        raise ApiError(f"Endpoint {endpoint_name} is asynchronous and supports InvokeEndpointAsync only.")
    return configuration


def response_to(body: bytes) -> bytes:
    """Return the response of the model to lines of numbers."""
    return json.dumps({"predictions": _predictions(body)}).encode()


def _predictions(body: bytes) -> list[dict[str, float]]:
    points = [[float(number) for number in line.split(",")] for line in body.decode().splitlines()]
    return [_closest(point) for point in points]


def _closest(point: list[float]) -> dict[str, float]:
    distances = [sum((a - b) ** 2 for a, b in zip(point, centroid, strict=True)) ** 0.5 for centroid in _CENTROIDS]
    return {"closest_cluster": float(distances.index(min(distances))), "distance_to_cluster": min(distances)}


def _capture(settings: dict[str, Any] | None, endpoint: str, body: bytes, response: bytes, content_type: str) -> None:
    if not settings or not settings["EnableCapture"]:
        return
    modes = {option["CaptureMode"] for option in settings["CaptureOptions"]}
    parts = {"Input": ("endpointInput", body), "Output": ("endpointOutput", response)}
    line = {
        name: {
            "mode": mode.upper(),
            "observedContentType": content_type,
            "encoding": "BASE64",
            "data": base64.b64encode(data).decode(),
        }
        for mode, (name, data) in parts.items()
        if mode in modes
    }
    bucket, _, prefix = settings["DestinationS3Uri"].removeprefix("s3://").partition("/")
    key = f"{prefix}/{endpoint}/AllTraffic/{time.strftime('%Y/%m/%d/%H', time.gmtime())}/{uuid.uuid4()}.jsonl"
    s3_backends[ACCOUNT_ID]["aws"].put_object(
        bucket,
        key,
        json.dumps({"captureData": line}).encode(),
        encryption="aws:kms",
        kms_key_id=settings.get("KmsKeyId"),
    )
