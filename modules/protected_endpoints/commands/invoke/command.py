"""Send one request to an endpoint, and say why it is refused.

The credentials are those of the AWS command line. The response is written to standard output as it is, everything
else to standard error. A request is sent once and never repeated.

Examples:
  protected-endpoints invoke dev-kmeans --body points.csv --content-type text/csv
  echo '{"inputs": "Hello"}' | protected-endpoints invoke dev-llm --body - --stream

Exit code: 1 if the request is refused.

"""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from protected_endpoints.commands.command_line import CommandParser, find_by_name
from protected_endpoints.commands.configuration import load_configuration
from protected_endpoints.commands.invoke.refusal import Refusal
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import CommandError
from protected_endpoints.policies.invoke import invoke_actions

# Seconds. A container has 60 to respond (SageMaker Runtime API, InvokeEndpoint, which advises 70).
_CONFIG = Config(connect_timeout=10, read_timeout=70, retries={"total_max_attempts": 1})
_STANDARD_INPUT = "-"


def run(arguments: Sequence[str]) -> None:
    """Write the response of an endpoint to standard output."""
    parser = CommandParser("invoke", __doc__)
    parser.add_argument("endpoint", metavar="ENDPOINT", help="environment and endpoint, such as dev-kmeans")
    parser.add_argument("--body", required=True, metavar="FILE", help="the request; - reads standard input")
    parser.add_argument("--content-type", default="application/json", help="of the request (default: application/json)")
    parser.add_argument("--accept", help="content type of the response")
    parser.add_argument("--stream", action="store_true", help="InvokeEndpointWithResponseStream")
    parser.add_argument("--target-variant", help="name of the variant to invoke")
    parser.add_argument("--target-model", help="artifact of a multi-model endpoint, relative to model_data_url")
    parser.add_argument("--target-container-hostname", help="container of an endpoint with direct invocation")
    parser.add_argument("--inference-component", help="key below inference_components, or a name in AWS")
    parser.add_argument("--profile", help="the profile of the AWS command line")
    parser.add_file()
    parser.add_set()
    options = parser.parse_args(arguments)
    configuration = load_configuration(options.file, options.set)
    deployments = {deployment.names.stack: deployment for deployment in configuration.deployments}
    deployment = find_by_name("endpoint", options.endpoint, deployments)
    _refuse_unsupported(deployment, options)
    request = _request(deployment, options)
    session = Session(profile=options.profile)
    try:
        for part in _invoke(session, deployment.environment.region, request, is_stream=options.stream):
            sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
    except (BotoCoreError, ClientError) as error:
        component = request.get("InferenceComponentName")
        raise CommandError(Refusal(session, deployment, component).explain(error)) from None


def _refuse_unsupported(deployment: Deployment, options: Namespace) -> None:
    """Refuse a request that SageMaker does not support for this type of endpoint."""
    endpoint, name = deployment.endpoint, deployment.names.endpoint_name
    if endpoint.async_inference_config:
        locations = endpoint.async_inference_config.input_locations
        file = "FILE" if options.body == _STANDARD_INPUT else quote(options.body)
        location = f"--input-location {locations[0].rstrip('/')}/KEY" if locations else f"--body fileb://{file}"
        upload = "upload the request, and run" if locations else "run"
        raise CommandError(
            f"{options.endpoint}: asynchronous, so that the response is an object in S3; {upload}: "
            f"aws sagemaker-runtime invoke-endpoint-async --region {deployment.environment.region} "
            f"--endpoint-name {name} --content-type {quote(options.content_type)} {location}"
        )
    if options.stream and "sagemaker:InvokeEndpointWithResponseStream" not in invoke_actions(endpoint):
        raise CommandError("--stream: not supported by serverless and multi-model endpoints; omit it")
    if endpoint.is_multi_model and not options.target_model:
        raise CommandError("--target-model: required for a multi-model endpoint; add --target-model model.tar.gz")
    if endpoint.uses_inference_components and not options.inference_component:
        names = ", ".join(endpoint.inference_components) or "the name of one that another tool creates"
        raise CommandError(f"--inference-component: required for this endpoint; use one of {names}")


def _request(deployment: Deployment, options: Namespace) -> dict[str, Any]:
    component = options.inference_component
    if component in deployment.endpoint.inference_components:
        component = deployment.names.inference_component(component)
    request = {
        "EndpointName": deployment.names.endpoint_name,
        "Body": _read(options.body),
        "ContentType": options.content_type,
        "Accept": options.accept,
        "TargetVariant": options.target_variant,
        "TargetModel": options.target_model,
        "TargetContainerHostname": options.target_container_hostname,
        "InferenceComponentName": component,
    }
    return {name: value for name, value in request.items() if value is not None}


def _read(body: str) -> bytes:
    if body == _STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(body).read_bytes()
    except OSError as error:
        raise CommandError(f"--body {body}: cannot be read ({error.strerror}); name a file, or - for input") from None


def _invoke(session: Session, region: str, request: dict[str, Any], *, is_stream: bool) -> Iterator[bytes]:
    """Yield the parts of the response; a response that is not streamed has one part."""
    runtime = session.create_client("sagemaker-runtime", region_name=region, config=_CONFIG)
    if not is_stream:
        response = runtime.invoke_endpoint(**request)
        _report(response)
        yield response["Body"].read()
        return
    response = runtime.invoke_endpoint_with_response_stream(**request)
    _report(response)
    for event in response["Body"]:
        yield event["PayloadPart"]["Bytes"]


def _report(response: dict[str, Any]) -> None:
    variant, content_type = response.get("InvokedProductionVariant"), response.get("ContentType")
    details = [f"variant {variant}"] * bool(variant) + [f"content type {content_type}"] * bool(content_type)
    print(": ".join(["the endpoint responds", *([", ".join(details)] if details else [])]), file=sys.stderr)
