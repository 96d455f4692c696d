"""Write the grammar of policies, and what is always together: `python -m tests.review.admission.make_policies`.

The sources are those of `grammar.json`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from protected_endpoints.review.admission.policies import ABSENT, ALWAYS, documents, kind_of
from protected_endpoints.review.admission.policy_features import Stack
from protected_endpoints.review.plan.synthesized import configured_arguments
from tests.review.admission.sources import generated, sources, synthesized
from tests.support import Json

_FOLDER = Path(str(resources.files("protected_endpoints.review.admission")))
POLICIES, COMPOSITION = _FOLDER / "policies.json", _FOLDER / "composition.json"
# What protects another resource, so that it must not be missing.
_PROTECTION = re.compile(r"aws_s3_bucket_|aws_iam_role_policies_exclusive|aws_cloudwatch_log_group")
# What is always together in fewer policies than these may be so by chance.
_MIN_COUNT = 8
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
    found = [frozenset(map(kind_of, configured_arguments(stack))) for stack in stacks]
    counts = Counter(kind for kinds in found for kind in kinds)
    beside = {
        kind: frozenset.intersection(*(kinds for kinds in found if kind in kinds)) - {kind}
        for kind, count in sorted(counts.items())
        if count >= _MIN_COUNT
    }
    content = {kind: sorted(filter(_PROTECTION.match, kinds)) for kind, kinds in beside.items()}
    content = {kind: kinds for kind, kinds in content.items() if kinds}
    return json.dumps(content, indent=1) + "\n"


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
        if needed and (counts[feature] >= _MIN_COUNT or all(_sid(other) == feature for other in needed)):
            implied[feature] = frozenset(needed)
    for sid in sorted(sid for sid in allowed if f"{sid}: Effect Deny" in allowed):
        without = [features for features in found if sid not in features]
        if len(without) >= _MIN_COUNT and (common := _statements(frozenset.intersection(*without)) - implied[ALWAYS]):
            in_others = frozenset[str]().union(*(features for features in found if sid in features))
            if instead := common - in_others:
                implied[f"{ABSENT}{sid}"] = instead
    return {"allowed": sorted(allowed), "implied": {key: sorted(features) for key, features in implied.items()}}


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


if __name__ == "__main__":
    more = (synthesized(text) for number in (18, 19, 20) for text in generated(number, 12))
    stacks = [stack for folder in (*sources(), *more) for stack in folder.stacks.values()]
    POLICIES.write_text(make(stacks), encoding="utf-8")
    COMPOSITION.write_text(make_composition(stacks), encoding="utf-8")
