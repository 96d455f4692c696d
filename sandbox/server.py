"""The emulator process: the server of moto, with the parts of SageMaker and KMS that moto lacks.

`python -m sandbox.server DIRECTORY` writes `ready.json`, `ca.pem` and a log of all calls, `calls.jsonl`, to a folder.
The process ends when its standard input is closed, and therefore with the process that started it. It listens on the
loopback address only: on one port with TLS and on another without, because policies require TLS.
"""

import io
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

from sandbox.alarm_patches import patch_alarms
from sandbox.application_autoscaling import ApplicationAutoScaling
from sandbox.async_runtime import invoke_async
from sandbox.authorization import (
    ACCOUNT_ID,
    Denied,
    allows_action,
    identity_policies,
    is_allowed,
    role_of_session,
    signing_role,
)
from sandbox.call_log import Call, scope, to_call
from sandbox.certificate import write_certificate
from sandbox.cloud_control import CloudControl
from sandbox.emulator import LOOPBACK, SIMULATION, SOURCE_VPC
from sandbox.event_stream import payload_part
from sandbox.fault_injection import FaultInjector
from sandbox.inference_components import InferenceComponents
from sandbox.moto_patches import apply_patches
from sandbox.required_permissions import required_permissions
from sandbox.responses import error_response, json_response
from sandbox.runtime import invoke, invoke_with_response_stream
from sandbox.sagemaker_records import ApiError
from sandbox.serialize import Serialized, StartResponse
from sandbox.simulation import Simulation
from sandbox.web_server import WebServer

_INVOKE_ACTIONS = {
    "invocations": "InvokeEndpoint",
    "async-invocations": "InvokeEndpointAsync",
    "invocations-response-stream": "InvokeEndpointWithResponseStream",
}
_INVOCATION_PATH = re.compile(rf"/endpoints/([^/]+)/({'|'.join(_INVOKE_ACTIONS)})")

_ACCESS_DENIED_CODES = {"ec2": "Unauthorized", "iam": "AccessDenied", "s3": "AccessDenied"}


Api = TypeVar("Api")


class NotEmulated(Exception):
    """Raised for a call that moto does not support."""


class Sandbox:
    """The WSGI application that responds like AWS."""

    def __init__(self, directory: Path) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._simulations = _ByRegion(Simulation)
        self._hosting = _ByRegion(lambda region: self._simulations[region].hosting)
        self._components = _ByRegion(lambda region: InferenceComponents(self._hosting[region]))
        self._cloud_control = _ByRegion(lambda region: CloudControl(self._components[region]))
        self._autoscaling = _ByRegion(lambda region: ApplicationAutoScaling(self._hosting[region]))
        # Each line is written at once, because another process reads them.
        self._calls = (directory / "calls.jsonl").open("a", buffering=1)
        self._responses: dict[str | None, Response] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        body = request.get_data()
        if request.path == SIMULATION:
            return self._simulate(**json.loads(body))(environ, start_response)
        environ["wsgi.input"] = io.BytesIO(body)  # read here, and again by moto
        # A client whose connection broke repeats the call with the same id, and receives the same response. Under load
        # this process breaks connections, which SageMaker would not do.
        id_ = request.headers.get("amz-sdk-invocation-id")
        response = self._responses.get(id_) or self._respond_or_fail(request, body)
        if id_:
            self._responses[id_] = response
        return response(environ, start_response)

    def _simulate(self, region: str, *, minutes: int = 0, endpoint: str = "", requests_per_minute: int = 0) -> Response:
        simulation = self._simulations[region]
        try:
            if endpoint:
                simulation.set_traffic(endpoint, requests_per_minute)
            for _ in range(minutes):
                simulation.end_minute()
        except Exception as error:
            traceback.print_exc()
            return json_response(200, {"error": repr(error)})
        return json_response(200, {})

    def _respond(self, request: Request, body: bytes) -> Response:
        service, region = scope(request)
        call = to_call(request, body)
        self._log(call)
        if invocation := _INVOCATION_PATH.fullmatch(request.path):
            return self._invoke(request, body, region, invocation[1], _INVOKE_ACTIONS[invocation[2]])
        if permission := self._missing_permission(request, call, region):
            raise Denied(f"not authorized to perform: {permission}")
        if service == "sagemaker" and self._hosting[region].supports(call.action):
            return self._host(region, call.action, json.loads(body))
        if service == "sagemaker" and (act := self._components[region].actions.get(call.action)):
            return json_response(200, act(json.loads(body)))
        if service == "application-autoscaling" and self._autoscaling[region].supports(call.action):
            return json_response(200, self._autoscaling[region].call(call.action, json.loads(body)))
        if service == "cloudcontrolapi":
            return json_response(200, self._cloud_control[region].call(call.action, json.loads(body)))
        return self._call_moto(request, f"{service}:{call.action}")

    def _missing_permission(self, request: Request, call: Call, region: str) -> str | None:
        """Return a permission that a call requires and no policy of the calling role allows."""
        role = role_of_session(dict(request.headers))
        if role is None:
            return None
        required = required_permissions(call)
        if call.action == "DeleteEndpoint":
            required += self._hosting[region].permissions_to_delete(call.parameters["EndpointName"])
        policies = identity_policies(role)
        return next((permission for permission in required if not allows_action(policies, permission)), None)

    def _respond_or_fail(self, request: Request, body: bytes) -> Response:
        """Return the response, or an error that no client retries."""
        service, _ = scope(request)
        try:
            return self._respond(request, body)
        except ApiError as error:
            return error_response(request, error.status, error.code, str(error))
        except Denied as error:
            return error_response(request, 403, _ACCESS_DENIED_CODES.get(service, "AccessDeniedException"), str(error))
        except NotEmulated as error:
            return error_response(request, 400, "NotEmulated", str(error))
        except Exception as error:
            traceback.print_exc()
            return error_response(request, 400, "SandboxFault", repr(error))

    def _host(self, region: str, action: str, body: dict[str, Any]) -> Response:
        return json_response(200, self._hosting[region].call(action, body))

    def _invoke(self, request: Request, body: bytes, region: str, endpoint: str, action: str) -> Response:
        headers, hosting = dict(request.headers), self._hosting[region]
        role = signing_role(method=request.method, path=request.path, body=body, headers=headers, action=action)
        arns = [f"arn:aws:sagemaker:{region}:{ACCOUNT_ID}:endpoint/{endpoint.lower()}"]
        if component := request.headers.get("X-Amzn-SageMaker-Inference-Component"):
            arns.append(f"arn:aws:sagemaker:{region}:{ACCOUNT_ID}:inference-component/{component.lower()}")
        context = {"aws:SecureTransport": str(request.is_secure).lower()}
        if vpc := request.headers.get(SOURCE_VPC):
            context["aws:SourceVpc"] = vpc
        for arn in arns:
            if not is_allowed(identity_policies(role), f"sagemaker:{action}", arn, context):
                raise Denied(f"User: role/{role} is not authorized to perform: sagemaker:{action} on resource: {arn}")
        if component:
            self._components[region].check_invocation(endpoint, component)
        match action:
            case "InvokeEndpointAsync":
                location = request.headers.get("X-Amzn-SageMaker-InputLocation")
                id_, output = invoke_async(hosting, endpoint, body, location)
                accepted = json_response(202, {"InferenceId": id_})
                accepted.headers["X-Amzn-SageMaker-OutputLocation"] = output
                return accepted
            case "InvokeEndpointWithResponseStream":
                parts = [payload_part(part) for part in invoke_with_response_stream(hosting, endpoint, body, component)]
                stream = Response(parts, 200, content_type="application/vnd.amazon.eventstream")
                stream.headers["X-Amzn-SageMaker-Content-Type"] = "application/jsonlines"
                return stream
        prediction = invoke(hosting, endpoint, body, request.content_type or "", component)
        return Response(prediction, 200, content_type="application/json")

    def _call_moto(self, request: Request, call: str) -> Response:
        """Pass a call to moto. Unsupported calls fail immediately: clients retry a status of 500 for ten minutes."""
        try:
            response = Response.from_app(self._moto, request.environ, buffered=True)
        except Exception as error:  # moto raises for unsupported calls
            raise NotEmulated(f"{call} is not emulated: {error!r}") from error
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return response
        raise NotEmulated(f"{call} is not emulated: {response.get_data(as_text=True)[:300]}")

    def _log(self, call: Call) -> None:
        self._calls.write(json.dumps(asdict(call)) + "\n")


class _ByRegion(dict[str, Api]):
    """The API of each region, which is created when it is first called."""

    def __init__(self, create: Callable[[str], Api]) -> None:
        super().__init__()
        self._create = create

    def __missing__(self, region: str) -> Api:
        self[region] = self._create(region)
        return self[region]


def extend_moto() -> None:
    """Add what moto lacks. Once in a process, before it serves."""
    apply_patches()
    patch_alarms()


def serve(directory: Path, until: Callable[[], object]) -> NoReturn:
    """Serve until the function returns, and end the process."""
    application = FaultInjector(Serialized(Sandbox(directory)))
    certificate, key = write_certificate(directory, LOOPBACK)
    secure, plain = WebServer(application, (certificate, key)), WebServer(application)
    urls = {"secure": f"https://{LOOPBACK}:{secure.port}", "plain": f"http://{LOOPBACK}:{plain.port}"}
    (directory / "starting.json").write_text(json.dumps(urls))
    (directory / "starting.json").rename(directory / "ready.json")
    until()
    # Python would wait for the threads of the web servers, and so for calls that a fault holds.
    os._exit(0)


if __name__ == "__main__":
    extend_moto()
    serve(Path(sys.argv[1]), sys.stdin.read)
