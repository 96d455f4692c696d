"""Weights of variants that are not whole numbers: the smallest whole numbers with the same shares."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from protected_endpoints.errors import KeyPath, format_path
from protected_endpoints.loading.source_paths import get_item

_KEY, _LISTS = "initial_variant_weight", ("variants", "shadow_variants")
_DEFAULT, _MAX = 1, 1_000_000  # of `initial_variant_weight`
_SMALL = 100  # up to here, whole numbers are simple enough
_MAX_SUM, _TOLERANCE = 12, Fraction(1, 200)  # 0.333 and 0.667 are 1 and 2: thirds, up to half a percent of a share


def suggest_weight(endpoint: dict[str, Any], keys: KeyPath) -> str | None:
    """Return the suggestion for an invalid weight in the table of an endpoint, or None if no whole number follows.

    It names the valid weights that have to change as well, as `1` beside `0.5`.
    """
    if keys[-1:] != (_KEY,) or keys[0] not in _LISTS:
        return None
    written: dict[KeyPath, object] = {
        (name, index): get_item(variant, _KEY)
        for name in _LISTS
        for index, variant in enumerate(_list(get_item(endpoint, name)))
    }
    ratio = whole_ratio([_number(weight) for weight in written.values()])
    numbers = dict(zip(written, ratio, strict=True)) if ratio else {}
    number = numbers.get(keys[:-1])
    if number is None:
        return None
    changes = [
        f", and {other} in {format_path(path)}"
        for path, other in numbers.items()
        if written[path] != other and (written[path] is None or type(written[path]) is int)
    ]
    return f"write {number}{''.join(changes)}, for the same shares in whole numbers"


def whole_ratio(weights: Sequence[Fraction | None]) -> list[int] | None:
    """Return the smallest whole numbers with the same ratio, or nearly the same one where it is much simpler.

    None if a weight is not a number, if all are 0, or if a number would be above the maximum.
    """
    known = [weight for weight in weights if weight is not None and weight >= 0]
    total = sum(known)
    if len(known) < len(weights) or not total:
        return None
    shares = [weight / total for weight in known]
    scale = math.lcm(*(share.denominator for share in shares))
    exact = [int(share * scale) for share in shares]
    if max(exact) > _SMALL:
        for size in range(1, _MAX_SUM + 1):
            rounded = [round(share * size) for share in shares]
            pairs = zip(rounded, shares, strict=True)
            if all(abs(Fraction(number, size) - share) <= share * _TOLERANCE for number, share in pairs):
                return rounded
    return exact if max(exact) <= _MAX else None


def _number(weight: object) -> Fraction | None:
    """Return a weight as a fraction: a number, one in quotes, or the default; else None."""
    if isinstance(weight, bool) or not isinstance(weight, int | float | str | None):
        return None
    try:
        return Fraction(_DEFAULT if weight is None else weight if isinstance(weight, int) else str(float(weight)))
    except ValueError:
        return None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
