"""The hash in names that change with their content, and in names that must be unique."""

import hashlib
import json


def content_hash(content: object, length: int) -> str:
    """Return the first `length` hexadecimal digits of the SHA-256 of the content as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:length]
