"""What IAM decides, offline: the part in Python of `simulator.js`."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# Keys that the simulator does not know for any action, because their names are not AWS's; its core evaluates them.
_OF_ITS_OWN = ("kms:EncryptionContext:", "token.actions.githubusercontent.com:")

# Actions that AWS's list of them (iam-data of September 2026) does not have yet, each with one of the same resource and
# keys that it has. The policies are asked for the action itself.
UNLISTED = {
    "sagemaker:GetEndpointPolicy": "sagemaker:DescribeEndpoint",
    "sagemaker:InvokeEndpointWithBidirectionalStream": "sagemaker:InvokeEndpointWithResponseStream",
    "sagemaker:PutEndpointPolicy": "sagemaker:DeleteEndpoint",
}

Document = dict[str, Any]
Context = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Request:
    """Somebody wants to do something, with the policies that IAM looks at for it."""

    principal: str
    action: str
    resource: str
    account: str
    """The account of the resource."""
    context: Context = field(default_factory=dict)
    identity: Sequence[Document] = ()
    resource_policy: Document | None = None
    boundary: Sequence[Document] | None = None
    endpoint: Sequence[Document] | None = None
    organization: Sequence[Document] = ()
    """The service control policies of the account, the one that allows everything among them; none outside of one."""


class Simulator:
    """Define a simulator that runs until it is closed."""

    def __enter__(self) -> Self:
        self._node = subprocess.Popen(
            ["node", Path(__file__).with_name("simulator.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.communicate()

    def allows(self, request: Request) -> bool:
        """Return whether IAM allows it; fails where IAM would not have a context key that the request has."""
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        asked = {
            "principal": request.principal,
            "action": request.action,
            "listed": UNLISTED.get(request.action, request.action),
            "resource": request.resource,
            "account": request.account,
            "context": dict(request.context),
            "identity": request.identity,
            "resourcePolicy": request.resource_policy,
            "boundary": request.boundary,
            "endpoint": request.endpoint,
            "organization": request.organization,
        }
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        assert "error" not in answer, answer["error"]
        ignored = [key for key in answer["ignored"] if not key.startswith(_OF_ITS_OWN)]
        assert not ignored, f"{request.action} has no context keys {', '.join(ignored)}"
        return bool(answer["result"] == "Allowed")
