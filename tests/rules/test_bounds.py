"""A value that a field refuses is one message, with the path of that field and the rule that it breaks."""

import pytest

from tests.loading.support import Table, example, messages_of, without_none
from tests.rules.bounds import BOUNDS, Bound


def changed(bound: Bound) -> Table:
    """Return the repository's example with the value that is refused; a key of None is left out."""
    file = example()
    file["endpoints"]["kmeans"] |= bound.endpoint
    file["environments"]["dev"] |= bound.place or {}
    return without_none(file)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: f"{bound.number} {bound.key}")
def test_a_value_out_of_bounds_is_one_message_with_its_path_and_a_fix(bound: Bound) -> None:
    (message,) = messages_of(changed(bound))
    path, _, said = message.partition(": ")
    assert path.startswith(bound.path)
    assert all(said.partition("; ")[::2])
