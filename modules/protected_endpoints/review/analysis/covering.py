"""Find the grants that cover another, or that it covers, without looking at each of thousands.

A pattern is about nothing that does not begin like it does, up to its first `*` or `?`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from protected_endpoints.review.analysis.grant import Grant

_WILDCARD = re.compile(r"[*?]")
_Fields = tuple[str, str, str]
_Lengths = tuple[int | None, int | None, int | None]


class Covering:
    """Define grants of which some may cover others."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        # By how long the literal beginnings of the three fields are, None for one without a wildcard; then by these
        # beginnings and the condition.
        self._by_lengths: dict[_Lengths, dict[tuple[_Fields, str], list[Grant]]] = {}
        for each in grants:
            fields = _fields(each)
            lengths = _lengths(fields)
            self._by_lengths.setdefault(lengths, {}).setdefault((_cut(fields, lengths), each.when), []).append(each)

    def covers(self, grant: Grant) -> bool:
        """Return whether one of the grants covers another."""
        return any(each.covers(grant) for each in self._candidates(grant))

    def _candidates(self, grant: Grant) -> Iterator[Grant]:
        fields = _fields(grant)
        for lengths, grants in self._by_lengths.items():
            beginnings = _cut(fields, lengths)
            for when in {"", grant.when}:
                yield from grants.get((beginnings, when), ())


class Covered:
    """Define grants of which some may be covered by others of the same principal."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self._sorted: list[tuple[_Fields, Grant]] = sorted((_fields(each), each) for each in grants)

    def by(self, grant: Grant) -> Iterator[Grant]:
        """Yield the grants that another covers, but for itself."""
        who, may, on = _fields(grant)
        _, of_may, of_on = _lengths((who, may, on))
        # Behind a pattern of actions the resources are in no order.
        beginning = (who, may[:of_may], "") if of_may is not None else (who, may, on[:of_on])
        for index in range(bisect_left(self._sorted, (beginning,)), len(self._sorted)):
            fields, each = self._sorted[index]
            if fields[0] != who or not all(map(str.startswith, fields[1:], beginning[1:])):
                return
            if grant != each and grant.covers(each):
                yield each


def _fields(grant: Grant) -> _Fields:
    return grant.who, grant.may.lower(), grant.on


def _lengths(fields: _Fields) -> _Lengths:
    who, may, on = (found.start() if (found := _WILDCARD.search(each)) else None for each in fields)
    return who, may, on


def _cut(fields: _Fields, lengths: _Lengths) -> _Fields:
    who, may, on = (each[:length] for each, length in zip(fields, lengths, strict=True))
    return who, may, on
