"""Requests to the sandbox itself, which AWS does not have."""

import json
from http.client import HTTPConnection
from typing import Any

# No bucket can have this name, so no call to S3 has this path.
ROOT = "/_sandbox"


def control(address: str, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a request to the sandbox at `host:port` and return its response."""
    connection = HTTPConnection(address)
    try:
        connection.request(method, path, json.dumps(content))
        response: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return response
