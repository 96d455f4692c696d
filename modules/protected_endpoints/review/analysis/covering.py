"""Find which grants cover others without comparing each of thousands with each.

A grant can cover another one only if the other contains every literal part of its patterns. An index therefore holds a
grant under one of these parts, the rarest, and looks up the parts of the other grant.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Set

from protected_endpoints.review.analysis.grant import Grant, is_pattern, literal_parts

_LENGTH = 4  # characters of a part; longer ones are rarer, shorter ones are in more patterns
_Key = tuple[str, ...]  # the effect, the fields and the condition
_Part = tuple[int, str]  # the number of the field, and a text in it
_WHOLE = "whole:"  # begins the part of a field without a wildcard; longer than any other part


class CoveringIndex:
    """An index of grants by which those that cover another grant are found."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        # Grants that differ only in their address cover the same, and are found together.
        groups: dict[_Key, list[Grant]] = {}
        for grant in grants:
            groups.setdefault((grant.effect, *_fields(grant), grant.condition), []).append(grant)
        parts = {key: [*_required_parts(group[0])] for key, group in groups.items()}
        frequencies = Counter(part for required in parts.values() for part in required)
        # The fields of which a grant is found by a part that is not the whole.
        self._divided: set[int] = set()
        self._by_part: dict[_Part | None, dict[_Key, list[Grant]]] = {}
        for key, group in groups.items():
            rarest = min(parts[key], key=lambda part: (frequencies[part], part), default=None)
            self._by_part.setdefault(rarest, {})[key] = group
            if rarest and not rarest[1].startswith(_WHOLE):
                self._divided.add(rarest[0])

    def covers(self, grant: Grant) -> bool:
        """Return whether one of the grants covers another grant."""
        return any(group[0].covers(grant) for bucket in self._buckets(grant) for group in bucket.values())

    def remove_wider(self, grant: Grant) -> list[Grant]:
        """Remove the grants of the same principal that cover another grant from the index, and return them."""
        removed = []
        for bucket in self._buckets(grant):
            for key, group in [*bucket.items()]:
                if group[0].principal == grant.principal and group[0].covers(grant):
                    removed += bucket.pop(key)
        return removed

    def _buckets(self, grant: Grant) -> Iterator[dict[_Key, list[Grant]]]:
        for part in (None, *_parts(grant, self._divided)):
            if bucket := self._by_part.get(part):
                yield bucket


def _fields(grant: Grant) -> tuple[str, str, str]:
    return grant.principal, grant.action.lower(), grant.resource


def _required_parts(grant: Grant) -> Iterator[_Part]:
    """Yield parts that a grant has to have so that this one covers it."""
    for number, field in enumerate(_fields(grant)):
        if not is_pattern(field):
            yield number, f"{_WHOLE}{field}"
        else:
            for literal in literal_parts(field):
                yield from ((number, text) for text in _substrings(literal))


def _parts(grant: Grant, divided: Set[int]) -> Iterator[_Part]:
    """Yield the parts that a grant has: the whole fields, and of some of them all others."""
    for number, field in enumerate(_fields(grant)):
        yield number, f"{_WHOLE}{field}"
        if number in divided:
            yield from ((number, text) for text in {*_substrings(field)})


def _substrings(text: str) -> Iterator[str]:
    return (text[start : start + _LENGTH] for start in range(len(text) - _LENGTH + 1))
