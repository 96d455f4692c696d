"""Terraform's version constraints, and what the versions of the AWS provider support."""

import json
import re
from functools import cache
from pathlib import Path

Version = tuple[int, int, int]
# Since April 2026, AWS blocks encryption with customer-provided keys (SSE-C) on every bucket. Provider versions 6.22 to
# 6.39 report this as drift: every plan has a change, and every apply removes the block (provider issue 47320).
DEFAULT_CONSTRAINT = ">= 6.40, < 7"
_PART = re.compile(r"(=|!=|>=|<=|~>|>|<)?\s*([0-9.]+)")
# The pattern of regions in the ARN validation of provider 5.
_REGION_OF_PROVIDER_5 = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}")
_PROVIDER_5 = Path(__file__).parent / "provider_5.json"


def allows_major(constraint: str, major: int) -> bool:
    """Return whether a constraint such as `>= 5.100, < 7` allows any version of a major version."""
    return _allows_between((major, 0, 0), (major + 1, 0, 0), constraint)


def is_usable(constraint: str) -> bool:
    """Return whether a constraint allows a version that supports the synthesized resources: 5.100 or any 6."""
    return _allows_between((5, 100, 0), (7, 0, 0), constraint)


def allows_provider_without_bucket_drift(constraint: str) -> bool:
    """Return whether a constraint allows a version without drift on buckets (see `DEFAULT_CONSTRAINT`)."""
    return _allows_between((5, 100, 0), (6, 22, 0), constraint) or _allows_between((6, 40, 0), (7, 0, 0), constraint)


@cache
def instance_types_unknown_to_provider_5() -> frozenset[str]:
    """Return the instance types that `terraform validate` rejects with the last provider 5."""
    families = json.loads(_PROVIDER_5.read_text(encoding="utf-8"))["refused_instance_types"]
    return frozenset(f"ml.{family}.{size}" for family, sizes in families.items() for size in sizes)


def supports_region(region: str, constraint: str) -> bool:
    """Return whether every version that a constraint allows accepts ARNs of a region."""
    return _REGION_OF_PROVIDER_5.fullmatch(region) is not None or not allows_major(constraint, 5)


def satisfies(version: str, constraint: str) -> bool:
    """Return whether a constraint allows a version such as `6.54.0`."""
    return _satisfies(_padded(version), _parts(constraint))


def _parts(constraint: str) -> list[tuple[str, str]]:
    return [(match[1] or "=", match[2]) for match in _PART.finditer(constraint)]


@cache  # endpoints ask about the same few constraints
def _allows_between(first: Version, end: Version, constraint: str) -> bool:
    """Return whether a constraint allows any version from the first (inclusive) to the end (exclusive)."""
    parts = _parts(constraint)
    versions = [_padded(version) for _, version in parts]
    # An allowed range begins at the first version, at a version in the constraint, or at the patch version after one.
    candidates = [first, *versions, *((*version[:2], version[2] + 1) for version in versions)]
    return any(_satisfies(version, parts) for version in candidates if first <= version < end)


def _satisfies(version: Version, parts: list[tuple[str, str]]) -> bool:
    return all(_compare(version, operator, text) for operator, text in parts)


def _compare(version: Version, operator: str, text: str) -> bool:
    limit = _padded(text)
    if operator == "~>":
        fixed = max(text.count("."), 1)
        return version >= limit and version[:fixed] == limit[:fixed]
    return {
        "=": version == limit,
        "!=": version != limit,
        ">": version > limit,
        ">=": version >= limit,
        "<": version < limit,
        "<=": version <= limit,
    }[operator]


def _padded(text: str) -> Version:
    first, second, third = (*map(int, text.split(".")), 0, 0)[:3]
    return first, second, third
