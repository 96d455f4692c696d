"""What the sandbox answers by itself, in the protocol of each service."""

import json
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

# How the services refuse that do not speak JSON.
_XML = {
    "ec2": "<Response><Errors>{}</Errors></Response>",
    "iam": "<ErrorResponse>{}</ErrorResponse>",
    "s3": "{}",
    "sts": "<ErrorResponse>{}</ErrorResponse>",
}


def answer(status: int, content: dict[str, Any]) -> Response:
    """Return an answer of a service that speaks JSON."""
    return Response(json.dumps(content), status, content_type="application/x-amz-json-1.1")


def refusal(service: str, status: int, code: str, message: str) -> Response:
    """Return an error as the service's protocol writes it."""
    if service in _XML:
        error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        return Response(_XML[service].format(error), status, content_type="text/xml")
    response = answer(status, {"__type": code, "message": message, "Message": message})
    response.headers["x-amzn-ErrorType"] = code
    return response
