"""Find the grants that cover a grant, or that it covers, without comparing each of thousands.

A pattern matches only texts that begin with its literal prefix: the part before its first `*` or `?`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from protected_endpoints.review.analysis.grant import Grant

_WILDCARD = re.compile(r"[*?]")
_Fields = tuple[str, str, str]
_Lengths = tuple[int | None, int | None, int | None]


class CoveringIndex:
    """An index of grants by which those that cover another grant are found."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        # By the lengths of the literal prefixes of the three fields, None without a wildcard; then by the prefixes and
        # the condition.
        self._by_lengths: dict[_Lengths, dict[tuple[_Fields, str], list[Grant]]] = {}
        for grant in grants:
            fields = _fields(grant)
            lengths = _prefix_lengths(fields)
            by_prefixes = self._by_lengths.setdefault(lengths, {})
            by_prefixes.setdefault((_prefixes(fields, lengths), grant.condition), []).append(grant)

    def covers(self, grant: Grant) -> bool:
        """Return whether one of the grants covers another grant."""
        return any(candidate.covers(grant) for candidate in self._candidates(grant))

    def _candidates(self, grant: Grant) -> Iterator[Grant]:
        fields = _fields(grant)
        for lengths, grants in self._by_lengths.items():
            prefixes = _prefixes(fields, lengths)
            for condition in {"", grant.condition}:
                yield from grants.get((prefixes, condition), ())


class CoveredIndex:
    """An index of grants by which those that another grant of the same principal covers are found."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self._sorted: list[tuple[_Fields, Grant]] = sorted((_fields(grant), grant) for grant in grants)

    def covered_by(self, grant: Grant) -> Iterator[Grant]:
        """Yield the grants that another grant covers, except itself."""
        principal, action, resource = _fields(grant)
        _, action_length, resource_length = _prefix_lengths((principal, action, resource))
        # Behind a pattern of actions the resources are not sorted.
        if action_length is not None:
            prefixes = (principal, action[:action_length], "")
        else:
            prefixes = (principal, action, resource[:resource_length])
        for index in range(bisect_left(self._sorted, (prefixes,)), len(self._sorted)):
            fields, candidate = self._sorted[index]
            if fields[0] != principal or not all(map(str.startswith, fields[1:], prefixes[1:])):
                return
            if grant != candidate and grant.covers(candidate):
                yield candidate


def _fields(grant: Grant) -> _Fields:
    return grant.principal, grant.action.lower(), grant.resource


def _prefix_lengths(fields: _Fields) -> _Lengths:
    principal, action, resource = (match.start() if (match := _WILDCARD.search(field)) else None for field in fields)
    return principal, action, resource


def _prefixes(fields: _Fields, lengths: _Lengths) -> _Fields:
    principal, action, resource = (field[:length] for field, length in zip(fields, lengths, strict=True))
    return principal, action, resource
