"""Read Terraform's version constraints, as far as the rules have to know which provider may come."""

import json
import re
from functools import cache
from pathlib import Path

Version = tuple[int, int, int]
# AWS blocks encryption by customers' keys (SSE-C) on every bucket since April 2026. To the provider from 6.22 to 6.39
# that is drift: no plan is empty, and each apply lifts the block. 6.40 is right (provider issue 47320).
DEFAULT_CONSTRAINT = ">= 6.40, < 7"
_PART = re.compile(r"(=|!=|>=|<=|~>|>|<)?\s*([0-9.]+)")
# What the provider's check of ARNs takes for a region up to version 5.
_REGION_OF_PROVIDER_5 = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}")
_PROVIDER_5 = Path(__file__).parent / "provider_5.json"


def allows_major(constraint: str, major: int) -> bool:
    """Return whether any version of a major one satisfies a constraint such as `>= 5.100, < 7`."""
    return _admits_between((major, 0, 0), (major + 1, 0, 0), constraint)


def is_usable(constraint: str) -> bool:
    """Return whether a constraint admits a provider that takes what is synthesized: the last 5, or any 6."""
    return _admits_between((5, 100, 0), (7, 0, 0), constraint)


def settles(constraint: str) -> bool:
    """Return whether a constraint admits a provider after whose apply the plan of a bucket is empty."""
    return _admits_between((5, 100, 0), (6, 22, 0), constraint) or _admits_between((6, 40, 0), (7, 0, 0), constraint)


@cache
def instance_types_unknown_to_provider_5() -> frozenset[str]:
    """Return the instance types that the last AWS provider 5 does not know, as `terraform validate` said."""
    families = json.loads(_PROVIDER_5.read_text(encoding="utf-8"))["refused_instance_types"]
    return frozenset(f"ml.{family}.{size}" for family, sizes in families.items() for size in sizes)


def supports_region(region: str, constraint: str) -> bool:
    """Return whether every AWS provider that a constraint admits takes ARNs of a region."""
    return _REGION_OF_PROVIDER_5.fullmatch(region) is not None or not allows_major(constraint, 5)


def satisfies(version: str, constraint: str) -> bool:
    """Return whether a constraint admits a version such as `6.54.0`."""
    return _satisfies(_padded(version), _parts(constraint))


def _parts(constraint: str) -> list[tuple[str, str]]:
    return [(each[1] or "=", each[2]) for each in _PART.finditer(constraint)]


def _admits_between(first: Version, end: Version, constraint: str) -> bool:
    """Return whether any version from the first to the end, which is left out, satisfies a constraint."""
    parts = _parts(constraint)
    named = [_padded(version) for _, version in parts]
    # What a constraint admits begins at the first, at a version that it names or beside one.
    begins = [first, *named, *((*version[:2], version[2] + 1) for version in named)]
    return any(_satisfies(each, parts) for each in begins if first <= each < end)


def _satisfies(version: Version, parts: list[tuple[str, str]]) -> bool:
    return all(_compared(version, operator, text) for operator, text in parts)


def _compared(version: Version, operator: str, text: str) -> bool:
    other = _padded(text)
    if operator == "~>":
        fixed = max(text.count("."), 1)
        return version >= other and version[:fixed] == other[:fixed]
    return {
        "=": version == other,
        "!=": version != other,
        ">": version > other,
        ">=": version >= other,
        "<": version < other,
        "<=": version <= other,
    }[operator]


def _padded(text: str) -> Version:
    first, second, third = (*map(int, text.split(".")), 0, 0)[:3]
    return first, second, third
