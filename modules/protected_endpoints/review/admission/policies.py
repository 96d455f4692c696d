"""Whether this project could have written the policies of a stack, by `policies.json`.

A program makes that file from what the project writes (tests/review/admission/make_policies.py). By kind of policy,
such as `aws_s3_bucket_policy.policy Capture_Policy`, it has the features that such a policy can have, and by feature
those that are always there as well: without `NeverWithoutTls` no policy of a bucket is the project's.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from protected_endpoints.review.admission.admitted import Admitted
from protected_endpoints.review.admission.policy_features import Stack
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.files import parse_document
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.plan import configuration_address, resource_type
from protected_endpoints.review.plan.resource_types import TOPIC
from protected_endpoints.review.plan.values import Json, as_dict

ATTRIBUTES = ("policy", "assume_role_policy")
# What the construct tree adds to the ID of a resource, and the names that the configuration chooses in it.
_HASH = re.compile(r"\d*_[0-9A-F]{8}$")
_CHOSEN = (
    (re.compile(r"\.((?:Invoke|Read-[a-z]+)_[A-Za-z]+|Model|Component|Reader|Dashboard)-.*"), r".\1"),
    (re.compile(r"^(aws_cloudwatch_metric_alarm\.Alarms)_.*"), r"\1"),
    (re.compile(r"\.Scaling-.*_([A-Za-z]+)(?:-.*)?$"), r".Scaling_\1"),
)
_REPEATING = ("aws_s3_bucket", TOPIC)  # in a plan they repeat the policy that another resource sets
_NAME_IN_USE = re.compile(r"<used>|<aws_\w+\.(?!arn)\w+>")
ALWAYS = ""  # implies the features that every policy of a kind has
ABSENT = "without "  # with a Sid, implies the features of the policies without that denial
_DENIAL = ": Effect Deny"


@dataclass(frozen=True)
class PolicyGrammar:
    """The features of one kind of policy."""

    allowed: frozenset[str]
    implied: Mapping[str, frozenset[str]]

    @property
    def denials(self) -> frozenset[str]:
        """Return the Sids of the denials."""
        return frozenset(item.removesuffix(_DENIAL) for item in self.allowed if item.endswith(_DENIAL))

    def differences(self, features: set[str]) -> Iterator[str]:
        """Yield what a policy has that the project does not write, and what it lacks that the project always writes."""
        for feature in sorted(features - self.allowed):
            if _with_any_name(feature) not in self.allowed:
                yield f"it has {_describe(feature)}"
        absent = sorted(f"{ABSENT}{sid}" for sid in self.denials - features)
        for antecedent in (ALWAYS, *absent, *sorted(features)):
            for feature in sorted(self.implied.get(antecedent, frozenset()) - features):
                yield f"it lacks {_describe(feature)}"


@cache
def grammar() -> Mapping[str, PolicyGrammar]:
    """Return the grammar of the policies of this version of the project, by kind."""
    text = files("protected_endpoints.review.admission").joinpath("policies.json").read_text(encoding="utf-8")
    return {
        kind: PolicyGrammar(
            frozenset(raw["allowed"]), {key: frozenset(features) for key, features in raw["implied"].items()}
        )
        for kind, raw in json.loads(text).items()
    }


def _with_any_name(feature: str) -> str:
    """Return a feature with a free choice of names and other accounts: where one is, a name in use is no difference."""
    return _NAME_IN_USE.sub("<name>", feature).replace("<account in use>", "<other account>")


def _describe(feature: str) -> str:
    sid, separator, part = feature.partition(": ")
    if separator:
        return f"{code(part)} of the statement {code(sid)}"
    return f"the statement {code(sid)}" if sid else "a statement without a Sid"


@lru_cache(maxsize=10_000)  # several checks of a stack ask for the kind of each resource
def kind_of(address: str, attribute: str = "") -> str:
    """Return the kind of a resource, or of the policy in an attribute, such as `aws_iam_policy.policy Role_Boundary`.

    Names that the configuration chooses are not in it.
    """
    kind = f"{resource_type(address)}.{_HASH.sub('', configuration_address(address).rpartition('.')[2])}"
    for pattern, replacement in _CHOSEN:
        kind = pattern.sub(replacement, kind)
    type_, _, name = kind.partition(".")
    return f"{type_}.{attribute} {name}" if attribute else kind


def parse(document: object) -> Json | None:
    """Return the policy in a string, and None if it is none, such as one that is known only after apply."""
    if not isinstance(document, str):
        return None
    try:
        parsed = as_dict(parse_document(document))
    except (ValueError, RecursionError):
        return None
    return parsed if "Statement" in parsed else None


def documents(resources: Mapping[str, Json]) -> Iterator[tuple[str, str, Json]]:
    """Yield the address, the attribute and the document of every policy; buckets and topics repeat theirs."""
    for address, attributes in resources.items():
        for attribute in ATTRIBUTES if resource_type(address) not in _REPEATING else ():
            if document := parse(attributes.get(attribute)):
                yield address, attribute, document


def policy_problems(
    stack: Stack, changed: Mapping[str, Json], admitted: Sequence[Admitted], before: Mapping[str, Json] | None = None
) -> Iterator[NotAdmitted]:
    """Yield the policies of changed resources, by address, that the project does not write.

    `before` has the same resources as they are deployed: what their policies differ in already is no change.
    """
    for address, attribute, document in documents(changed):
        type_ = resource_type(address)
        known = grammar().get(kind_of(address, attribute))
        if any(entry.covers(type_, attribute) for entry in admitted):
            continue
        if known is None:
            name = code(configuration_address(address).rpartition(".")[2])
            yield NotAdmitted(address, attribute, f"this project writes no policy of a resource named {name}", type_)
            continue
        if not (differences := [*known.differences({*stack.features(document)})]):
            continue
        old = parse((before or {}).get(address, {}).get(attribute))
        is_old = {*known.differences({*stack.features(old)})} if old else set[str]()
        if difference := next((item for item in differences if item not in is_old), None):
            yield NotAdmitted(address, attribute, f"is not a policy that this project writes: {difference}", type_)
    yield from _unreadable(changed, admitted)


def _unreadable(changed: Mapping[str, Json], admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    """Yield the policies that are no policy in JSON, such as one whose statements a duplicate key hides."""
    for address, attributes in changed.items():
        for attribute in ATTRIBUTES if resource_type(address) not in _REPEATING else ():
            is_admitted = any(entry.covers(resource_type(address), attribute) for entry in admitted)
            text = attributes.get(attribute)
            if isinstance(text, str) and text and parse(text) is None and not is_admitted:
                yield NotAdmitted(address, attribute, "must be a policy in JSON without duplicate keys")
