"""The log of API calls: enough to determine the required permissions and resources, without secrets.

It contains the parameters that identify resources (names, ids, ARNs, tags) and those that policy conditions use. It
does not contain environment variables of containers, policy documents and signatures.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from werkzeug.wrappers import Request

FORM = "application/x-www-form-urlencoded"
# Parameters of the query protocol have nested names: `Tags.member.1.Key`.
_LOGGED = re.compile(
    r"(name|id|arn|identifier|boundary|isolation|vpcconfig|enabled|tag|tagkey|specification"
    r"|idlist|namespace|dimension|alarmaction|okaction)s?$",
    re.IGNORECASE,
)
_SECRET = {"ExternalId"}


@dataclass(frozen=True)
class Call:
    """One call of the AWS API. The action of a call to S3 is its request line."""

    service: str
    action: str
    parameters: dict[str, Any] = field(default_factory=dict)


def to_call(request: Request, body: bytes) -> Call:
    """Return the log entry of a request."""
    service, _ = scope(request)
    if target := request.headers.get("X-Amz-Target"):
        return Call(service, target.rsplit(".", 1)[1], _logged_parameters(json.loads(body or b"{}")))
    if request.mimetype == FORM:
        form = dict(parse_qsl(body.decode()))
        return Call(service, form.get("Action", ""), _logged_parameters(form))
    query = [(key, value) for key, value in request.args.items() if not key.lower().startswith("x-amz-")]
    line = f"{request.method} {quote(request.path)}"
    return Call(service, f"{line}?{urlencode(query)}" if query else line)


def scope(request: Request) -> tuple[str, str]:
    """Return the service and the region of a signed request, or empty strings."""
    credential = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", request.headers.get("Authorization", ""))
    return (credential[2], credential[1]) if credential else ("", "")


def _logged_parameters(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in parameters.items()
        if name not in _SECRET and _LOGGED.search(name.partition(".")[0])
    }
