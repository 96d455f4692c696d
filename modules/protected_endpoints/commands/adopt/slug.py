"""Names of AWS as keys of `endpoints.toml`."""

import re
from collections.abc import Iterable

_MAX_SLUG = 36


def slug(name: str) -> str:
    """Return a name as a key of a table: lowercase letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_MAX_SLUG].rstrip("-")


def model_keys(names: Iterable[str]) -> dict[str, str]:
    """Return a key for each model. Names that begin alike, such as those with the time at the end, get a number."""
    keys: dict[str, str] = {}
    for name in names:
        key, number = slug(name), 2
        while key in keys.values():
            ending = f"-{number}"
            key, number = f"{slug(name)[: _MAX_SLUG - len(ending)].rstrip('-')}{ending}", number + 1
        keys[name] = key
    return keys
