"""The emulator's process: moto's server, with the parts of SageMaker and KMS that it lacks.

`python -m sandbox.server DIRECTORY` writes `ready.json`, `ca.pem` and a line for every call in `calls.jsonl` there.
It ends when its standard input is closed, so that it cannot outlive whoever started it. It listens on loopback only,
once with TLS and once without, because the policies tell the two apart.
"""

import io
import json
import re
import sys
import threading
import traceback
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from sandbox.answers import answer, refusal
from sandbox.authorization import ACCOUNT_ID, Denied, allowed, caller, grants, identity_policies, signer
from sandbox.call_log import Call, recorded, scope
from sandbox.certificate import write_certificate
from sandbox.emulator import LOOPBACK, SOURCE_VPC
from sandbox.event_stream import payload_part
from sandbox.moto_patches import fill_gaps
from sandbox.required_permissions import needed
from sandbox.runtime import invoke, invoke_async, invoke_with_response_stream
from sandbox.sagemaker_hosting import Hosting, Refused
from sandbox.serialize import InTurn, StartResponse
from sandbox.striking import Striking

_INVOKING = {
    "invocations": "InvokeEndpoint",
    "async-invocations": "InvokeEndpointAsync",
    "invocations-response-stream": "InvokeEndpointWithResponseStream",
}
_INVOCATIONS = re.compile(rf"/endpoints/([^/]+)/({'|'.join(_INVOKING)})")

_DENIED = {"ec2": "Unauthorized", "iam": "AccessDenied", "s3": "AccessDenied"}


class NotEmulated(Exception):
    """Raised for a call that moto does not know, or cannot answer."""


class Sandbox:
    """Define the WSGI application that answers as AWS would."""

    def __init__(self, directory: Path) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._hosting: defaultdict[str, Hosting] = _by_region()
        self._calls = directory / "calls.jsonl"
        self._answered: dict[str | None, Response] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)  # it is read here and, for moto, once more
        # A client that lost an answer on its way asks again under the same id. It gets the same answer: that the
        # connection broke is a fault of this process under load, and not what SageMaker would do.
        id_ = request.headers.get("amz-sdk-invocation-id")
        response = self._answered.get(id_) or self._answer(request, body)
        if id_:
            self._answered[id_] = response
        return response(environ, start_response)

    def _respond(self, request: Request, body: bytes) -> Response:
        service, region = scope(request)
        call = recorded(request, body)
        self._note(call)
        if invocation := _INVOCATIONS.fullmatch(request.path):
            return self._invoke(request, body, region, invocation[1], _INVOKING[invocation[2]])
        if missing := _missing(request, call):
            raise Denied(f"not authorized to perform: {missing}")
        if service == "sagemaker" and self._hosting[region].answers(call.action):
            return self._host(region, call.action, json.loads(body))
        return self._ask_moto(request, f"{service}:{call.action}")

    def _answer(self, request: Request, body: bytes) -> Response:
        """Return the answer, or an error that no client retries."""
        service, _ = scope(request)
        try:
            return self._respond(request, body)
        except Refused as error:
            return refusal(service, 400, error.kind, str(error))
        except Denied as error:
            return refusal(service, 403, _DENIED.get(service, "AccessDeniedException"), str(error))
        except NotEmulated as error:
            return refusal(service, 400, "NotInTheSandbox", str(error))
        except Exception as error:
            traceback.print_exc()
            return refusal(service, 400, "SandboxFault", repr(error))

    def _host(self, region: str, action: str, body: dict[str, Any]) -> Response:
        return answer(200, self._hosting[region].call(action, body))

    def _invoke(self, request: Request, body: bytes, region: str, endpoint: str, action: str) -> Response:
        headers, hosting = dict(request.headers), self._hosting[region]
        role = signer(method=request.method, path=request.path, body=body, headers=headers, action=action)
        arn = f"arn:aws:sagemaker:{region}:{ACCOUNT_ID}:endpoint/{endpoint.lower()}"
        context = {"aws:SecureTransport": str(request.is_secure).lower()}
        if vpc := request.headers.get(SOURCE_VPC):
            context["aws:SourceVpc"] = vpc
        if not allowed(identity_policies(role), f"sagemaker:{action}", arn, context):
            raise Denied(f"User: role/{role} is not authorized to perform: sagemaker:{action} on resource: {arn}")
        match action:
            case "InvokeEndpointAsync":
                location = request.headers.get("X-Amzn-SageMaker-InputLocation")
                id_, output = invoke_async(hosting, endpoint, body, location)
                accepted = answer(202, {"InferenceId": id_})
                accepted.headers["X-Amzn-SageMaker-OutputLocation"] = output
                return accepted
            case "InvokeEndpointWithResponseStream":
                parts = [payload_part(each) for each in invoke_with_response_stream(hosting, endpoint, body)]
                stream = Response(parts, 200, content_type="application/vnd.amazon.eventstream")
                stream.headers["X-Amzn-SageMaker-Content-Type"] = "application/jsonlines"
                return stream
        prediction = invoke(hosting, endpoint, body, request.content_type or "")
        return Response(prediction, 200, content_type="application/json")

    def _ask_moto(self, request: Request, call: str) -> Response:
        """Pass a call on; what moto cannot do fails at once, where a 500 would be retried for ten minutes."""
        try:
            response = Response.from_app(self._moto, request.environ, buffered=True)
        except Exception as error:  # moto raises for calls that it does not know
            raise NotEmulated(f"{call} is not emulated: {error!r}") from error
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return response
        raise NotEmulated(f"{call} is not emulated: {response.get_data(as_text=True)[:300]}")

    def _note(self, call: Call) -> None:
        with self._calls.open("a") as file:
            file.write(json.dumps(asdict(call)) + "\n")


def _by_region() -> defaultdict[str, Hosting]:
    class ByRegion(defaultdict[str, Hosting]):
        def __missing__(self, region: str) -> Hosting:
            self[region] = Hosting(region)
            return self[region]

    return ByRegion()


def _missing(request: Request, call: Call) -> str | None:
    """Return a permission that a call needs and no policy of the role that makes it has."""
    role = caller(dict(request.headers))
    policies = identity_policies(role) if role else []
    return next((each for each in needed(call) if not grants(policies, each)), None) if role else None


class _Quiet(MotoRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: every call is in calls.jsonl."""


def main() -> None:
    """Serve until standard input is closed."""
    directory = Path(sys.argv[1])
    fill_gaps()
    application = Striking(InTurn(Sandbox(directory)))
    certificate, key = write_certificate(directory, LOOPBACK)
    secure, plain = (
        make_server(LOOPBACK, 0, application, threaded=True, request_handler=_Quiet, ssl_context=context)
        for context in ((str(certificate), str(key)), None)
    )
    for server in (secure, plain):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    urls = {"secure": f"https://{LOOPBACK}:{secure.port}", "plain": f"http://{LOOPBACK}:{plain.port}"}
    (directory / "starting.json").write_text(json.dumps(urls))
    (directory / "starting.json").rename(directory / "ready.json")
    sys.stdin.read()


if __name__ == "__main__":
    main()
