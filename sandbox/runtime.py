"""The SageMaker Runtime API: invocations of an endpoint, and data capture."""

import base64
import json
import time
import uuid
from typing import Any

from moto.s3.models import s3_backends

from sandbox.authorization import ACCOUNT_ID, Denied, identity_policies, is_allowed
from sandbox.sagemaker_hosting import Hosting
from sandbox.sagemaker_records import ApiError

_CENTROIDS = ((0.0, 0.0), (10.0, 10.0))


def invoke(hosting: Hosting, endpoint_name: str, body: bytes, content_type: str) -> bytes:
    """Return the prediction of a small k-means model for lines of numbers.

    Raises:
        ApiError: the API would return an error.

    """
    configuration = _real_time_configuration(hosting, endpoint_name)
    response = _response(body)
    _capture(configuration.get("DataCaptureConfig"), endpoint_name, body, response, content_type)
    return response


def invoke_with_response_stream(hosting: Hosting, endpoint_name: str, body: bytes) -> list[bytes]:
    """Return the prediction as the parts of a stream, one JSON line per line of numbers.

    Streams are not captured, because AWS does not document whether data capture includes them.
    """
    _real_time_configuration(hosting, endpoint_name)
    return [f"{json.dumps(prediction)}\n".encode() for prediction in _predictions(body)]


def invoke_async(hosting: Hosting, endpoint_name: str, body: bytes, location: str | None) -> tuple[str, str]:
    """Return the id of a request and the location of its response. The execution role reads and writes both."""
    configuration = _configuration(hosting, endpoint_name)
    if "AsyncInferenceConfig" not in configuration:
        raise ApiError(f"Endpoint {endpoint_name} is not asynchronous.")
    if bool(body) is bool(location):
        raise ApiError("Provide exactly one of Body and InputLocation.")
    output, id_ = configuration["AsyncInferenceConfig"]["OutputConfig"], str(uuid.uuid4())
    bucket, _, key = f"{output['S3OutputPath'].removeprefix('s3://').rstrip('/')}/{id_}.out".partition("/")
    model = hosting.models[configuration["ProductionVariants"][0]["ModelName"]]
    role, s3 = model["ExecutionRoleArn"].rsplit("/", 1)[1], s3_backends[ACCOUNT_ID]["aws"]
    if location:
        input_bucket, _, input_key = location.removeprefix("s3://").partition("/")
        _check_access(role, "s3:GetObject", input_bucket, input_key)
        if (request := s3.get_object(input_bucket, input_key)) is None:
            raise ApiError(f"Object {location} does not exist.")
        body = request.value
    _check_access(role, "s3:PutObject", bucket, key)
    s3.put_object(bucket, key, _response(body), encryption="aws:kms", kms_key_id=output.get("KmsKeyId"))
    return id_, f"s3://{bucket}/{key}"


def _check_access(role: str, action: str, bucket: str, key: str) -> None:
    resource = f"arn:aws:s3:::{bucket}/{key}"
    if not is_allowed(identity_policies(role), action, resource, {"aws:ResourceAccount": ACCOUNT_ID}):
        raise Denied(f"role/{role} is not authorized to perform: {action} on resource: {resource}")


def _configuration(hosting: Hosting, endpoint_name: str) -> dict[str, Any]:
    if endpoint_name not in hosting.endpoints:
        raise ApiError(f"Endpoint {endpoint_name} of account {ACCOUNT_ID} not found.")
    return hosting.configurations[hosting.endpoints[endpoint_name]["EndpointConfigName"]]


def _real_time_configuration(hosting: Hosting, endpoint_name: str) -> dict[str, Any]:
    """Return the configuration of a real-time endpoint."""
    configuration = _configuration(hosting, endpoint_name)
    if "AsyncInferenceConfig" in configuration:
        raise ApiError(f"Endpoint {endpoint_name} is asynchronous and supports InvokeEndpointAsync only.")
    return configuration


def _response(body: bytes) -> bytes:
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
