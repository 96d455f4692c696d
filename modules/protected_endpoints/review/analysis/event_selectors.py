"""Which events a CloudTrail trail records, by its advanced event selectors.

A selector records the events that match all of its field selectors, and a trail those that match any of its selectors.
The values of one operator are alternatives, those of a negated operator all apply (AdvancedFieldSelector).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from protected_endpoints.review.plan.values import Json, as_dict, as_list, as_strings

_POSITIVE: dict[str, Callable[[str, str], bool]] = {
    "equals": str.__eq__,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}
_NEGATED = ("not_equals", "not_starts_with", "not_ends_with")
_Fields = dict[str, Json]  # the operators with their values, by field


@dataclass(frozen=True)
class Selector:
    """One advanced event selector."""

    fields: _Fields

    def records_all_of(self, other: "Selector") -> bool:
        """Return whether this selector records every event that another one records, as far as their texts tell."""
        return all(
            name in other.fields and _admits_all_of(field, other.fields[name]) for name, field in self.fields.items()
        )

    def __str__(self) -> str:
        values = [
            f"{name} {operator} {', '.join(as_strings(self.fields[name][operator]))}"
            for name in sorted(self.fields)
            for operator in self.fields[name]
        ]
        return " and ".join(values)


def lost_selectors(before: Json, after: Json) -> list[Selector]:
    """Return the selectors of a trail whose events it records no longer, or only in part."""
    new = _selectors(after)
    return [selector for selector in _selectors(before) if not any(other.records_all_of(selector) for other in new)]


def lost_basic_selectors(before: Json, after: Json) -> list[str]:
    """Return the basic event selectors, which this project does not write, that are not there any more."""
    old, new = ({_text(item) for item in as_list(side.get("event_selector"))} for side in (before, after))
    return sorted(old - new)


def records_type(trail: Json, type_: str) -> bool:
    """Return whether a selector of a trail names a type of resources, such as `AWS::SageMaker::Endpoint`."""
    return any(type_ in as_strings(item.fields.get("resources.type", {}).get("equals")) for item in _selectors(trail))


def _selectors(trail: Json) -> list[Selector]:
    blocks = map(as_dict, as_list(trail.get("advanced_event_selector")))
    return [Selector(_fields(block)) for block in blocks]


def _fields(selector: Json) -> _Fields:
    fields: _Fields = {}
    for item in map(as_dict, as_list(selector.get("field_selector"))):
        operators = {name: values for name in (*_POSITIVE, *_NEGATED) if (values := as_strings(item.get(name)))}
        fields[str(item.get("field"))] = {**fields.get(str(item.get("field")), {}), **operators}
    return fields


def _admits_all_of(field: Json, other: Json) -> bool:
    """Return whether the operators of a field admit every value that those of another field admit."""
    values = [(name, value) for name in _POSITIVE for value in other.get(name, ())]
    allows = [(name, value) for name in _POSITIVE for value in field.get(name, ())]
    is_wide = not allows or (
        bool(values) and all(any(_implies(value, allowed) for allowed in allows) for value in values)
    )
    return is_wide and all({*field.get(name, ())} <= {*other.get(name, ())} for name in _NEGATED)


def _implies(value: tuple[str, str], allowed: tuple[str, str]) -> bool:
    """Return whether everything that one operator with its value admits, another one admits."""
    (operator, text), (wider, expected) = value, allowed
    return operator in ("equals", wider) and _POSITIVE[wider](text, expected)


def _text(block: object) -> str:
    return json.dumps(block, sort_keys=True, default=str)
