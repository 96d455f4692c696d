"""Notice where an override of one environment does not do what it seems to."""

from collections.abc import Iterator

from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.loading.source_paths import Table


def find_ineffective_empty_overrides(path: KeyPath, override: Table, own: Table) -> Iterator[Problem]:
    """Yield the empty tables of an override where the endpoint's own are not: both are merged, so nothing would go."""
    for key, value in override.items():
        beneath = own.get(key)
        if not isinstance(value, dict) or not isinstance(beneath, dict):
            continue
        if beneath and not value:
            yield Problem(
                (*path, key),
                f"an empty table changes nothing, because it is merged with the endpoint's own {key}",
                "write what differs here, or leave it out",
            )
        yield from find_ineffective_empty_overrides((*path, key), value, beneath)
