"""Draw attacks of every kind, and review what they make."""

import json
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from protected_endpoints.review.admission.folder import folder_problems
from protected_endpoints.review.admission.plans import admit_plans, with_folder_problems
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.plan import synthesized
from protected_endpoints.review.plan.plan import Plan, Unreadable
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules.registry import RULES
from tests.examples import ROOT
from tests.review.attacks import folders, plans
from tests.review.attacks.attack import Attack, Json

SEED = 17
PER_KIND = 20
_PLANS = ("no-op", "image", "first-plan", "network-first-plan", "network-invoker-added")
FIRST = "first: "
Seen = set[tuple[str, str, str]]
Reviewed = list[Plan] | None  # None if it is unreadable


def folder_attacks() -> Iterator[tuple[str, Attack]]:
    """Yield drawn attacks on synthesized stacks with their kind, as a change and as a first plan."""
    for attack in _drawn(_all_folder_attacks(), lambda attack: attack.kind):
        yield from _as_change_and_first(attack)


def plan_attacks() -> Iterator[tuple[str, Attack]]:
    """Yield drawn attacks on plans with their kind."""
    for attack in _drawn(_all_plan_attacks(), _plan_kind):
        yield _plan_kind(attack), attack


def all_attacks() -> Iterator[tuple[str, Attack]]:
    """Yield every attack that could be drawn, with its kind, in an order that is drawn."""
    folder = [found for attack in _all_folder_attacks() for found in _as_change_and_first(attack)]
    everything = [*folder, *((_plan_kind(attack), attack) for attack in _all_plan_attacks())]
    random.Random(SEED).shuffle(everything)  # noqa: S311  # reason: no secret depends on it
    yield from everything


def is_seen(kind: str, attack: Attack) -> bool:
    """Return whether the review finds more than without the attack."""
    return is_folder_attack_seen(kind, attack) if attack.source in stacks() else is_plan_attack_seen(attack)


@cache
def _all_folder_attacks() -> list[Attack]:
    return [attack for name in stacks() for attack in folders.attacks(name, stacks()[name])]


@cache
def _all_plan_attacks() -> list[Attack]:
    return [attack for name in _PLANS for attack in plans.attacks(name, plan(name))]


def _as_change_and_first(attack: Attack) -> Iterator[tuple[str, Attack]]:
    yield attack.kind, attack
    yield f"{FIRST}{attack.kind}", attack


def _plan_kind(attack: Attack) -> str:
    return f"{FIRST}{attack.kind}" if "first" in attack.source else attack.kind


def _drawn(attacks: Iterable[Attack], kind: Callable[[Attack], str]) -> Iterator[Attack]:
    by_kind: dict[str, list[Attack]] = {}
    for attack in attacks:
        by_kind.setdefault(kind(attack), []).append(attack)
    draw = random.Random(SEED)  # noqa: S311  # reason: no secret depends on it
    for items in by_kind.values():
        yield from draw.sample(items, min(PER_KIND, len(items)))


@cache
def stacks() -> dict[str, Json]:
    """Return the synthesized stacks of tests/snapshots by `configuration/stack`."""
    files = sorted((ROOT / "tests" / "snapshots").glob("*/*.json"))
    return {f"{file.parent.name}/{file.stem}": json.loads(file.read_text(encoding="utf-8")) for file in files}


@cache
def plan(name: str) -> Json:
    content: Json = json.loads((ROOT / "tests" / "plans" / f"{name}.json").read_text(encoding="utf-8"))
    return content


def is_folder_attack_seen(kind: str, attack: Attack) -> bool:
    """Return whether the review of two folders finds more than without the attack."""
    as_change, as_first = _attacked_folders(attack)
    if kind.startswith(FIRST):
        return _finds_more(as_first, _honest_first(attack.source))
    return _finds_more(as_change, set())


@lru_cache(maxsize=1)  # an attack is looked at as a change and next as a first plan
def _attacked_folders(attack: Attack) -> list[Reviewed]:
    return _folders(attack.source, (_read(attack.source), {}), attack.make())


def is_plan_attack_seen(attack: Attack) -> bool:
    """Return whether the review of a plan finds more than without the attack."""
    return _finds_more(_plan(attack.make()), _honest_plan(attack.source))


def _finds_more(reviewed: Reviewed, honest: Seen) -> bool:
    return any(found not in honest for found in _serious(reviewed))


@cache
def _honest_first(source: str) -> Seen:
    return review_first(source)


@cache
def _honest_plan(source: str) -> Seen:
    return {*_serious(_plan(plan(source)))}


def review_first(source: str) -> Seen:
    """Return what blocks or warns in a folder with one honest stack, compared with an empty folder."""
    (reviewed,) = _folders(source, ({},), stacks()[source])
    return {*_serious(reviewed)}


def _folders(source: str, bases: Sequence[dict[str, Json]], head: Any) -> list[Reviewed]:
    """Return the comparisons of a folder with one stack with the stacks of each of other folders.

    What is in the folder, and whether it is admitted, does not depend on what it is compared with: both are read once.
    """
    with _written(source, head) as folder:
        problems = folder_problems(folder)
        try:
            after = synthesized.stacks(folder)
        except Unreadable:
            return [None for _ in bases]
    return [
        with_folder_problems(synthesized.compare(before, after), problems, problems, (), all_stacks=True)
        for before in bases
    ]


@cache
def _read(source: str) -> dict[str, Json]:
    """Return the stacks of a synthesized folder with one honest stack, as the review reads them."""
    with _written(source, stacks()[source]) as folder:
        return synthesized.stacks(folder)


@contextmanager
def _written(source: str, stack: Any) -> Iterator[Path]:
    """Write a synthesized folder with one stack."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stacks" / source.rpartition("/")[2] / "cdk.tf.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(stack), encoding="utf-8")
        yield Path(folder)


def _plan(raw: Any) -> Reviewed:
    try:
        return admit_plans([parse_plan(raw, "dev-kmeans", "plan.json")], ())
    except Unreadable:
        return None


def _serious(reviewed: Reviewed) -> Iterator[tuple[str, str, str]]:
    """Yield what blocks or warns in plans, rule by rule: most attacks need the first one only."""
    if reviewed is None:
        yield "unreadable", "", ""
        return
    rules = [rule for rule in RULES.values() if rule.severity != "note"]
    for item in reviewed:
        context = ReviewContext(item)
        found = (finding for rule in rules for finding in rule.findings(context))
        yield from ((finding.rule, finding.address, finding.message) for finding in found)
