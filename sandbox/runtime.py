"""SageMaker's runtime: an endpoint that answers, and records what went through it."""

import base64
import json
import time
import uuid
from typing import Any

from moto.s3.models import s3_backends

from sandbox.authorization import ACCOUNT_ID
from sandbox.hosting import Hosting, Refused

_CENTROIDS = ((0.0, 0.0), (10.0, 10.0))


def invoke(hosting: Hosting, endpoint_name: str, body: bytes, content_type: str) -> bytes:
    """Return the prediction of a small k-means model for lines of numbers; raises `Refused` where the API would."""
    if endpoint_name not in hosting.endpoints:
        raise Refused(f"Endpoint {endpoint_name} of account {ACCOUNT_ID} not found.")
    configuration = hosting.configurations[hosting.endpoints[endpoint_name]["EndpointConfigName"]]
    points = [[float(number) for number in line.split(",")] for line in body.decode().splitlines()]
    answer = json.dumps({"predictions": [_closest(point) for point in points]}).encode()
    _record(configuration.get("DataCaptureConfig"), endpoint_name, body, answer, content_type)
    return answer


def _closest(point: list[float]) -> dict[str, float]:
    distances = [sum((a - b) ** 2 for a, b in zip(point, centroid, strict=True)) ** 0.5 for centroid in _CENTROIDS]
    return {"closest_cluster": float(distances.index(min(distances))), "distance_to_cluster": min(distances)}


def _record(settings: dict[str, Any] | None, endpoint: str, body: bytes, answer: bytes, content_type: str) -> None:
    if not settings or not settings["EnableCapture"]:
        return
    modes = {each["CaptureMode"] for each in settings["CaptureOptions"]}
    parts = {"Input": ("endpointInput", body), "Output": ("endpointOutput", answer)}
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
