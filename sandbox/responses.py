"""Responses that the sandbox writes itself, in the protocol of each service."""

import json
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from sandbox.call_log import FORM, scope

# The error documents of services with an XML protocol. All services with forms but EC2 have the same.
_XML_ERRORS = {"ec2": "<Response><Errors>{}</Errors></Response>", "s3": "{}"}
_FORM_ERROR = "<ErrorResponse>{}</ErrorResponse>"


def json_response(status: int, content: dict[str, Any]) -> Response:
    """Return a response of a service with a JSON protocol."""
    return Response(json.dumps(content), status, content_type="application/x-amz-json-1.1")


def error_response(request: Request, status: int, code: str, message: str) -> Response:
    """Return an error in the protocol of a request. CloudWatch supports several; the AWS provider sends it forms."""
    service, _ = scope(request)
    document = _XML_ERRORS.get(service) or (_FORM_ERROR if request.mimetype == FORM else None)
    if document:
        error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        return Response(document.format(error), status, content_type="text/xml")
    response = json_response(status, {"__type": code, "message": message, "Message": message})
    response.headers["x-amzn-ErrorType"] = code
    return response
