"""IAM policy documents as plain dicts."""

import json
from typing import Any

Statement = dict[str, Any]
Document = dict[str, Any]
Condition = dict[str, dict[str, Any]]


def document(*statements: Statement) -> Document:
    """Return a policy document with the statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(sid: str, **elements: Any) -> Statement:
    """Return an Allow statement."""
    return {"Sid": sid, "Effect": "Allow", **elements}


def deny(sid: str, **elements: Any) -> Statement:
    """Return a Deny statement."""
    return {"Sid": sid, "Effect": "Deny", **elements}


def to_json(policy: Document) -> str:
    """Return a document as JSON with sorted keys, so that equal policies are equal strings in Terraform."""
    return json.dumps(policy, sort_keys=True)
