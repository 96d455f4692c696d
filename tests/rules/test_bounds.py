"""A value that a field rejects has one message, with the key path of that field and a suggestion."""

import pytest

from tests.loading.support import Table, example, messages_of, without_none
from tests.rules.bounds import BOUNDS, Bound


def out_of_bounds(bound: Bound) -> Table:
    """Return the repository's example with the rejected value, without the keys whose value is None."""
    file = example()
    file["endpoints"]["kmeans"] |= bound.endpoint
    file["environments"]["dev"] |= bound.in_environment or {}
    return without_none(file)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: f"{bound.number} {bound.key}")
def test_a_value_out_of_bounds_is_one_message_with_its_path_and_a_suggestion(bound: Bound) -> None:
    (message,) = messages_of(out_of_bounds(bound))
    path, _, remainder = message.partition(": ")
    assert path.startswith(bound.path)
    assert all(remainder.partition("; ")[::2])
