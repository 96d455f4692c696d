"""Of thousands of drawn attacks on plans and synthesized folders the review sees each one.

Every top-level block, argument and element of a policy is removed, replaced, or joined by what this project does not
write. Seen is a finding that blocks or warns more than without the attack, or a refusal to read the file.
"""

from collections.abc import Callable, Iterable
from itertools import islice

import pytest

from tests.review.attacks import drawing
from tests.review.attacks.accepted import ACCEPTED, Accepted
from tests.review.attacks.attack import Attack

_MIN_COUNT = 5000
_MAX_COVERED = 200  # attacks of one entry that are tried
_Drawn = list[tuple[str, Attack]]


@pytest.fixture(scope="module")
def folder_attacks() -> _Drawn:
    return [*drawing.folder_attacks()]


@pytest.fixture(scope="module")
def plan_attacks() -> _Drawn:
    return [*drawing.plan_attacks()]


@pytest.fixture(scope="module")
def unseen(folder_attacks: _Drawn, plan_attacks: _Drawn) -> _Drawn:
    return [
        *_unseen(folder_attacks, drawing.is_folder_attack_seen),
        *_unseen(plan_attacks, lambda _, attack: drawing.is_plan_attack_seen(attack)),
    ]


def _unseen(drawn: Iterable[tuple[str, Attack]], is_seen: Callable[[str, Attack], bool]) -> _Drawn:
    return [(kind, attack) for kind, attack in drawn if not is_seen(kind, attack)]


def test_five_thousand_attacks_are_drawn(folder_attacks: _Drawn, plan_attacks: _Drawn) -> None:
    assert len(folder_attacks) + len(plan_attacks) >= _MIN_COUNT


def test_every_attack_is_seen(unseen: _Drawn) -> None:
    unexpected = [
        f"{kind}: {attack.source}: {attack.place}"
        for kind, attack in unseen
        if not any(item.covers(kind, attack) for item in ACCEPTED)
    ]
    assert unexpected == []


def test_every_accepted_attack_is_still_unseen(unseen: _Drawn) -> None:
    rest = [item for item in ACCEPTED if not any(item.covers(kind, attack) for kind, attack in unseen)]
    everything = [*drawing.all_attacks()] if rest else []
    unused = [item.kind for item in rest if not _is_used(item, everything)]
    assert unused == [], "the review sees them now; remove them from tests/review/attacks/accepted.py"


def _is_used(item: Accepted, everything: _Drawn) -> bool:
    """Return whether an attack that an entry covers is unseen, whether or not it was drawn."""
    covered = ((kind, attack) for kind, attack in everything if item.covers(kind, attack))
    return any(not drawing.is_seen(kind, attack) for kind, attack in islice(covered, _MAX_COVERED))


def test_no_honest_stack_or_plan_is_refused() -> None:
    for source in drawing.stacks():
        found = drawing.review_first(source)
        assert ("unreadable", "", "") not in found
        admission = [finding for finding in found if finding[0] == "not-admitted"]
        assert admission == []
