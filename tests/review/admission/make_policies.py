"""Write the grammar of policies, and what is always together: `python -m tests.review.admission.make_policies`.

The sources are those of `grammar.json`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import resources
from pathlib import Path

from protected_endpoints.errors import ConfigurationError
from protected_endpoints.review.admission.composition import references
from protected_endpoints.review.admission.policies import ABSENT, ALWAYS, documents, kind_of
from protected_endpoints.review.admission.policy_features import Stack
from protected_endpoints.review.plan.synthesized import configured_arguments
from tests.review.admission.sources import Synthesized, generated, sources, synthesized
from tests.support import Json

_FOLDER = Path(str(resources.files("protected_endpoints.review.admission")))
POLICIES, COMPOSITION = _FOLDER / "policies.json", _FOLDER / "composition.json"
# What protects another resource, so that it must not be missing.
_PROTECTION = re.compile(r"aws_s3_bucket_|aws_iam_role_policies_exclusive")
# What is always together in fewer policies than these may be so by chance, unless a statement is part of it.
_MIN_COUNT = 8
_MORE_SEEDS, _FILES_PER_MODE = (18, 19, 20, 21, 22), 12
_WORDS_OF_A_CONDITION = 3  # after the Sid: Condition, operator and key


def make(stacks: Iterable[Json]) -> str:
    """Return the text of `policies.json` for synthesized stacks."""
    by_kind: dict[str, list[frozenset[str]]] = {}
    for stack in stacks:
        for name, features in policies(stack):
            by_kind.setdefault(name, []).append(features)
    grammar = {name: _grammar(found) for name, found in sorted(by_kind.items())}
    return json.dumps(grammar, indent=1, ensure_ascii=False) + "\n"


def make_composition(stacks: Iterable[Json]) -> str:
    """Return the text of `composition.json` for synthesized stacks."""
    found: list[frozenset[str]] = []
    refers: dict[str, dict[str, set[str]]] = {}
    for arguments in map(configured_arguments, stacks):
        found.append(frozenset(map(kind_of, arguments)))
        for address, resource in arguments.items():
            by_argument = refers.setdefault(kind_of(address), {})
            for argument, reference in references(resource):
                by_argument.setdefault(argument, set()).add(kind_of(reference))
    content = {
        kind: {
            "beside": _beside(kind, found),
            "references": {key: sorted(refers[kind][key]) for key in sorted(refers[kind])},
        }
        for kind in sorted(refers)
    }
    return json.dumps(content, indent=1) + "\n"


def _beside(kind: str, found: list[frozenset[str]]) -> list[str]:
    """Return the types of protections that are always beside a kind of resource."""
    stacks = [kinds for kinds in found if kind in kinds]
    if len(stacks) < _MIN_COUNT:
        return []
    protections = filter(_PROTECTION.match, frozenset.intersection(*stacks) - {kind})
    return sorted({protection.partition(".")[0] for protection in protections})


def policies(stack: Json) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the kind and the features of every policy of a stack."""
    arguments = configured_arguments(stack)
    (provider,) = stack["provider"]["aws"]
    names = Stack(arguments, provider["allowed_account_ids"][0], provider["region"])
    for address, attribute, document in documents(arguments):
        yield kind_of(address, attribute), frozenset(names.features(document))


def _grammar(found: list[frozenset[str]]) -> Json:
    allowed = frozenset[str]().union(*found)
    implied = {ALWAYS: frozenset(feature for feature in frozenset.intersection(*found) if _is_denial(feature, allowed))}
    counts = Counter(feature for features in found for feature in features)
    for feature in sorted(filter(_is_antecedent, allowed)):
        beside = frozenset.intersection(*(features for features in found if feature in features)) - {feature}
        needed = {other for other in beside - implied[ALWAYS] if _is_needed(feature, other, allowed)}
        if counts[feature] < _MIN_COUNT:
            needed = {other for other in needed if _sid(other) == feature}
        if needed:
            implied[feature] = frozenset(needed)
    for sid in sorted(sid for sid in allowed if f"{sid}: Effect Deny" in allowed):
        without = [features for features in found if sid not in features]
        if len(without) >= _MIN_COUNT and (common := _statements(frozenset.intersection(*without)) - implied[ALWAYS]):
            in_others = frozenset[str]().union(*(features for features in found if sid in features))
            if instead := common - in_others:
                implied[f"{ABSENT}{sid}"] = instead
    return {"allowed": sorted(allowed), "implied": {key: sorted(features) for key, features in _shortest(implied)}}


def _shortest(implied: dict[str, frozenset[str]]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what is implied, without what a condition implies as well as its statement, which is always there."""
    for antecedent, features in implied.items():
        statement = _sid(antecedent)
        rest = features if antecedent == statement else features - implied.get(statement, frozenset())
        if rest or antecedent == ALWAYS:
            yield antecedent, rest


def _statements(features: frozenset[str]) -> frozenset[str]:
    return frozenset(feature for feature in features if ": " not in feature)


def _sid(feature: str) -> str:
    return feature.partition(": ")[0]


def _is_antecedent(feature: str) -> bool:
    """Return whether a feature is a statement or one of its conditions, without a value."""
    return ": " not in feature or _is_condition(feature)


def _is_condition(feature: str) -> bool:
    return ": Condition " in feature and feature.count(" ") == _WORDS_OF_A_CONDITION


def _is_denial(feature: str, allowed: frozenset[str]) -> bool:
    """Return whether a feature belongs to a denial and has no name that the configuration chooses."""
    return f"{_sid(feature)}: Effect Deny" in allowed and "<used>" not in feature and "<name>" not in feature


def _is_needed(feature: str, other: str, allowed: frozenset[str]) -> bool:
    """Return whether a policy with one feature is weaker without the other: a condition, or a denial."""
    is_beside = _sid(feature) == _sid(other) or _is_denial(feature, allowed)
    return _is_denial(other, allowed) or (is_beside and (_is_condition(other) or ": Effect " in other))


def _more() -> Iterator[Synthesized]:
    """Yield more generated folders: a statement that depends on several keys needs many examples."""
    for number in _MORE_SEEDS:
        for text in generated(number, _FILES_PER_MODE):
            with suppress(ConfigurationError):  # a generated value may look like a secret
                yield synthesized(text)


def source_stacks() -> list[Json]:
    """Return the stacks of every source."""
    return [stack for folder in sources() for stack in folder.stacks.values()]


def write() -> None:
    """Write both files, which takes about two minutes."""
    stacks = [*source_stacks(), *(stack for folder in _more() for stack in folder.stacks.values())]
    POLICIES.write_text(make(stacks), encoding="utf-8")
    COMPOSITION.write_text(make_composition(stacks), encoding="utf-8")


if __name__ == "__main__":
    write()
