"""SageMaker's runtime: an endpoint that answers, and records what went through it."""

import base64
import json
import time
import uuid
from typing import Any

from moto.s3.models import s3_backends

from sandbox.authorization import ACCOUNT_ID, Denied, allowed, identity_policies
from sandbox.sagemaker_hosting import Hosting, Refused

_CENTROIDS = ((0.0, 0.0), (10.0, 10.0))


def invoke(hosting: Hosting, endpoint_name: str, body: bytes, content_type: str) -> bytes:
    """Return the prediction of a small k-means model for lines of numbers; raises `Refused` where the API would."""
    configuration = _of_real_time(hosting, endpoint_name)
    answer = _answer(body)
    _record(configuration.get("DataCaptureConfig"), endpoint_name, body, answer, content_type)
    return answer


def invoke_with_response_stream(hosting: Hosting, endpoint_name: str, body: bytes) -> list[bytes]:
    """Return the prediction as the parts of a stream, a JSON line for each line of numbers.

    Nothing is recorded: AWS does not document whether data capture records streams.
    """
    _of_real_time(hosting, endpoint_name)
    return [f"{json.dumps(each)}\n".encode() for each in _predictions(body)]


def invoke_async(hosting: Hosting, endpoint_name: str, body: bytes, location: str | None) -> tuple[str, str]:
    """Return the id of a request and where its answer is; both read and written as the execution role."""
    configuration = _configuration(hosting, endpoint_name)
    if "AsyncInferenceConfig" not in configuration:
        raise Refused(f"Endpoint {endpoint_name} is not asynchronous.")
    if bool(body) is bool(location):
        raise Refused("Provide exactly one of Body and InputLocation.")
    output, id_ = configuration["AsyncInferenceConfig"]["OutputConfig"], str(uuid.uuid4())
    bucket, _, key = f"{output['S3OutputPath'].removeprefix('s3://').rstrip('/')}/{id_}.out".partition("/")
    model = hosting.models[configuration["ProductionVariants"][0]["ModelName"]]
    role, s3 = model["ExecutionRoleArn"].rsplit("/", 1)[1], s3_backends[ACCOUNT_ID]["aws"]
    if location:
        asked_in, _, asked = location.removeprefix("s3://").partition("/")
        _let(role, "s3:GetObject", asked_in, asked)
        if (found := s3.get_object(asked_in, asked)) is None:
            raise Refused(f"There is no object {location}.")
        body = found.value
    _let(role, "s3:PutObject", bucket, key)
    s3.put_object(bucket, key, _answer(body), encryption="aws:kms", kms_key_id=output.get("KmsKeyId"))
    return id_, f"s3://{bucket}/{key}"


def _let(role: str, action: str, bucket: str, key: str) -> None:
    resource = f"arn:aws:s3:::{bucket}/{key}"
    if not allowed(identity_policies(role), action, resource, {"aws:ResourceAccount": ACCOUNT_ID}):
        raise Denied(f"role/{role} is not authorized to perform: {action} on resource: {resource}")


def _configuration(hosting: Hosting, endpoint_name: str) -> dict[str, Any]:
    if endpoint_name not in hosting.endpoints:
        raise Refused(f"Endpoint {endpoint_name} of account {ACCOUNT_ID} not found.")
    return hosting.configurations[hosting.endpoints[endpoint_name]["EndpointConfigName"]]


def _of_real_time(hosting: Hosting, endpoint_name: str) -> dict[str, Any]:
    """Return the configuration of an endpoint that answers at once."""
    configuration = _configuration(hosting, endpoint_name)
    if "AsyncInferenceConfig" in configuration:
        raise Refused(f"Endpoint {endpoint_name} is asynchronous and takes InvokeEndpointAsync alone.")
    return configuration


def _answer(body: bytes) -> bytes:
    return json.dumps({"predictions": _predictions(body)}).encode()


def _predictions(body: bytes) -> list[dict[str, float]]:
    points = [[float(number) for number in line.split(",")] for line in body.decode().splitlines()]
    return [_closest(point) for point in points]


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
