"""What is kept of a call: enough to tell which permission it needs on what, and nothing that is secret.

Of the parameters those stay that name something: names, ids, ARNs, tags and the few that a policy may ask for. What a
container gets as its environment, what a policy says and how a request is signed are not kept.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from werkzeug.wrappers import Request

_FORM = "application/x-www-form-urlencoded"
# Parameters of the query protocol continue after a dot: `Tags.member.1.Key`.
_NAMING = re.compile(
    r"(name|id|arn|identifier|boundary|isolation|vpcconfig|enabled|tag|tagkey|specification)s?$", re.IGNORECASE
)
_SECRET = {"ExternalId"}


@dataclass(frozen=True)
class Call:
    """Define one call of the AWS API that the emulator answered; S3 has the request line as its action."""

    service: str
    action: str
    parameters: dict[str, Any] = field(default_factory=dict)


def recorded(request: Request, body: bytes) -> Call:
    """Return what is kept of a request."""
    service, _ = scope(request)
    if target := request.headers.get("X-Amz-Target"):
        return Call(service, target.rsplit(".", 1)[1], _kept(json.loads(body or b"{}")))
    if request.mimetype == _FORM:
        form = dict(parse_qsl(body.decode()))
        return Call(service, form.get("Action", ""), _kept(form))
    query = [(key, value) for key, value in request.args.items() if not key.lower().startswith("x-amz-")]
    line = f"{request.method} {quote(request.path)}"
    return Call(service, f"{line}?{urlencode(query)}" if query else line)


def scope(request: Request) -> tuple[str, str]:
    """Return service and region of a signed request."""
    credential = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", request.headers.get("Authorization", ""))
    return (credential[2], credential[1]) if credential else ("", "")


def _kept(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in parameters.items()
        if name not in _SECRET and _NAMING.search(name.partition(".")[0])
    }
