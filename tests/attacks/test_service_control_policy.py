"""The service control policy that docs/access.md recommends limits administrators of the account."""

import json
import re
from typing import Any

import pytest

from tests.attacks.cases.case import INVOKE, VPC, everything
from tests.attacks.simulator import Request, Simulator
from tests.examples import ROOT

_ENDPOINT = "arn:aws:sagemaker:eu-west-1:444455556666:endpoint/acme-prod-fraud"
_INSIDE, _OUTSIDE = {"aws:SourceVpc": VPC}, {"aws:SourceVpc": "vpc-0a1b2c3d4e5f60719"}


@pytest.mark.parametrize(
    ("action", "resource", "context", "allowed"),
    [
        *((action, _ENDPOINT, _INSIDE, True) for action in INVOKE),
        *((action, _ENDPOINT, context, False) for action in INVOKE for context in (_OUTSIDE, {})),
        ("sagemaker:InvokeEndpoint", _ENDPOINT.replace("acme-prod", "other"), {}, True),
        ("sagemaker:PutEndpointPolicy", _ENDPOINT, _INSIDE, False),
        ("sagemaker:GetEndpointPolicy", _ENDPOINT, {}, True),
        ("sagemaker:CallWithBearerToken", "*", {}, False),
        ("sagemaker:UpdateEndpoint", _ENDPOINT, {}, True),
    ],
)
def test_an_administrator_is_limited(
    simulator: Simulator, action: str, resource: str, context: dict[str, Any], *, allowed: bool
) -> None:
    (printed,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "access.md").read_text(), flags=re.DOTALL)
    request = Request(
        principal="arn:aws:iam::444455556666:role/administrator",
        action=action,
        resource=resource,
        account="444455556666",
        context={"aws:SecureTransport": "true", **context},
        identity=[everything()],
        organization=[everything(), json.loads(printed)],
    )
    assert simulator.allows(request) is allowed
