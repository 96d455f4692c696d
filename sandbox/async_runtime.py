"""The SageMaker Runtime API for asynchronous endpoints. Without instances, requests wait."""

import uuid
from contextlib import suppress
from dataclasses import dataclass

from moto.s3.models import s3_backends

from sandbox.authorization import ACCOUNT_ID, Denied, identity_policies, is_allowed
from sandbox.runtime import response_to
from sandbox.sagemaker_hosting import Hosting
from sandbox.sagemaker_records import ApiError
from sandbox.serving import ModelError, serve


@dataclass(frozen=True)
class AsyncRequest:
    """A request, and where its response is written."""

    role: str
    body: bytes
    bucket: str
    key: str
    kms_key_id: str | None


def invoke_async(hosting: Hosting, endpoint_name: str, body: bytes, location: str | None) -> tuple[str, str]:
    """Return the id of a request and the location of its response. The execution role reads and writes both."""
    configuration = hosting.configuration_of(endpoint_name)
    if "AsyncInferenceConfig" not in configuration:
        raise ApiError(f"Endpoint {endpoint_name} is not asynchronous.")
    if bool(body) is bool(location):
        raise ApiError("Provide exactly one of Body and InputLocation.")
    output, id_ = configuration["AsyncInferenceConfig"]["OutputConfig"], str(uuid.uuid4())
    bucket, _, key = f"{output['S3OutputPath'].removeprefix('s3://').rstrip('/')}/{id_}.out".partition("/")
    model = hosting.models[configuration["ProductionVariants"][0]["ModelName"]]
    role = model["ExecutionRoleArn"].rsplit("/", 1)[1]
    request = AsyncRequest(role, _read(role, location) if location else body, bucket, key, output.get("KmsKeyId"))
    _check_access(role, "s3:PutObject", bucket, key)
    hosting.backlogs.setdefault(endpoint_name, []).append(request)
    process_backlog(hosting, endpoint_name)
    return id_, f"s3://{bucket}/{key}"


def process_backlog(hosting: Hosting, endpoint_name: str) -> None:
    """Respond to all requests that wait, if the endpoint has an instance."""
    backlog = hosting.backlogs.get(endpoint_name, [])
    while backlog and any(summary["DesiredInstanceCount"] for summary in hosting.fleets.summaries(endpoint_name)):
        request = backlog.pop(0)
        with suppress(ModelError):
            serve(hosting, endpoint_name)
            s3_backends[ACCOUNT_ID]["aws"].put_object(
                request.bucket,
                request.key,
                response_to(request.body),
                encryption="aws:kms",
                kms_key_id=request.kms_key_id,
            )


def _read(role: str, location: str) -> bytes:
    bucket, _, key = location.removeprefix("s3://").partition("/")
    _check_access(role, "s3:GetObject", bucket, key)
    if (found := s3_backends[ACCOUNT_ID]["aws"].get_object(bucket, key)) is None:
        raise ApiError(f"Object {location} does not exist.")
    content: bytes = found.value
    return content


def _check_access(role: str, action: str, bucket: str, key: str) -> None:
    resource = f"arn:aws:s3:::{bucket}/{key}"
    if not is_allowed(identity_policies(role), action, resource, {"aws:ResourceAccount": ACCOUNT_ID}):
        raise Denied(f"role/{role} is not authorized to perform: {action} on resource: {resource}")
