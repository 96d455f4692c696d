"""Responses that the sandbox writes itself, in the protocol of each service."""

import json
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

# The error documents of services with an XML protocol.
_XML_ERRORS = {
    "ec2": "<Response><Errors>{}</Errors></Response>",
    "iam": "<ErrorResponse>{}</ErrorResponse>",
    "s3": "{}",
    "sts": "<ErrorResponse>{}</ErrorResponse>",
}


def json_response(status: int, content: dict[str, Any]) -> Response:
    """Return a response of a service with a JSON protocol."""
    return Response(json.dumps(content), status, content_type="application/x-amz-json-1.1")


def error_response(service: str, status: int, code: str, message: str) -> Response:
    """Return an error in the protocol of a service."""
    if service in _XML_ERRORS:
        error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        return Response(_XML_ERRORS[service].format(error), status, content_type="text/xml")
    response = json_response(status, {"__type": code, "message": message, "Message": message})
    response.headers["x-amzn-ErrorType"] = code
    return response
