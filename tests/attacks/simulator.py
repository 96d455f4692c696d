"""An offline simulator of IAM: the Python side of `simulator.js`."""

import hashlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# Context keys that the simulator lists for no action because AWS does not define their names. It evaluates them.
_UNLISTED_KEYS = ("kms:EncryptionContext:", "token.actions.githubusercontent.com:")

# Actions that are missing in the simulator's list (iam-data of September 2026), with a listed action that has the same
# resource and context keys. Policies are evaluated for the action itself.
UNLISTED = {
    "sagemaker:GetEndpointPolicy": "sagemaker:DescribeEndpoint",
    "sagemaker:InvokeEndpointWithBidirectionalStream": "sagemaker:InvokeEndpointWithResponseStream",
    "sagemaker:PutEndpointPolicy": "sagemaker:DeleteEndpoint",
}

Document = dict[str, Any]
Context = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Request:
    """A request to AWS, with the policies that IAM evaluates for it."""

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
    """The service control policies of the account, FullAWSAccess included; empty outside of an organization."""


class Simulator:
    """A simulator process, which runs until it is closed. The same request is asked once."""

    def __enter__(self) -> Self:
        self._answers: dict[bytes, Any] = {}
        self._node = subprocess.Popen(
            ["node", Path(__file__).with_name("simulator.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.communicate()

    def allows(self, request: Request) -> bool:
        """Return whether IAM allows a request; fails if the request has a context key that AWS would not send."""
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        message = {
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
        line = json.dumps(message).encode() + b"\n"
        # Requests with their policies are large, and there are tens of thousands.
        hash_ = hashlib.sha256(line).digest()
        if hash_ not in self._answers:
            self._node.stdin.write(line)
            self._node.stdin.flush()
            self._answers[hash_] = json.loads(self._node.stdout.readline())
        answer = self._answers[hash_]
        assert "error" not in answer, answer["error"]
        ignored = [key for key in answer["ignored"] if not key.startswith(_UNLISTED_KEYS)]
        assert not ignored, f"{request.action} has no context keys {', '.join(ignored)}"
        return bool(answer["result"] == "Allowed")
