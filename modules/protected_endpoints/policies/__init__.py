"""Define the IAM documents as plain dicts: who may do what, statement by statement.

They are built from names alone, so they can be read, tested and attacked without CDKTF. The reasons are AWS's own
documentation of each service; a statement that follows from a pitfall says which.
"""

import json
from typing import Any

Statement = dict[str, Any]
Document = dict[str, Any]
Condition = dict[str, dict[str, Any]]


def document(*statements: Statement) -> Document:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(sid: str, **elements: Any) -> Statement:
    return {"Sid": sid, "Effect": "Allow", **elements}


def deny(sid: str, **elements: Any) -> Statement:
    return {"Sid": sid, "Effect": "Deny", **elements}


def to_json(policy: Document) -> str:
    """Return the document as Terraform keeps it: sorted keys, so that equal policies are equal strings."""
    return json.dumps(policy, sort_keys=True)
