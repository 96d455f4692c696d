"""Observe the values that an argument has in many stacks, and describe them as a shape of the grammar."""

import json
from typing import Any

from protected_endpoints.review.admission.templates import normalize, parse
from tests.support import Json

# Objects whose keys the configuration chooses, by the end of their path; * is a key of another map.
_MAPS = (
    ("Condition",),
    ("Condition", "*"),
    ("dimensions",),
    ("environment",),
    ("output",),
    ("output", "*", "value"),
    ("outputs",),
    ("outputs", "*"),
    ("stacks",),
    ("tags",),
)
# Strings that contain a JSON document.
_DOCUMENTS = {"assume_role_policy", "dashboard_body", "desired_state", "policy", "schema"}
# Strings that Terraform reads as addresses of resources, without ${}.
_ADDRESSES = {"depends_on", "replace_triggered_by"}
# Strings and numbers that the configuration does not choose, or of which it chooses one of a few.
_EXACT = {
    "Effect",
    "Version",
    "client_id_list",
    "count",
    "field",
    "ignore_changes",
    "object_ownership",
    "policy_type",
    "protocol",
    "scalable_dimension",
    "schema",
    "service_namespace",
    "source",
    "sse_algorithm",
    "status",
    "treat_missing_data",
    "type_name",
    "url",
    "vpc_endpoint_type",
}
# Lists that always have the same items in the same order.
_POSITIONAL = {"postcondition"}
Path = tuple[str, ...]


class Observation:
    """The values of one argument in all stacks; `path` is made of keys, without the indices of lists."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._objects = 0
        self._keys: dict[str, Observation] = {}
        self._presence: dict[str, int] = {}
        self._map: Observation | None = None
        self._items: Observation | None = None
        self._lengths: set[int] = set()
        self._positions: list[Observation] = []
        self._document: Observation | None = None
        self._values: list[Any] = []
        self._is_text = self._is_number = False
        self._expressions: set[str] = set()
        self._addresses: set[str] = set()

    def observe(self, value: Any) -> None:
        """Add a value."""
        if isinstance(value, dict):
            self._observe_object(value)
        elif isinstance(value, list):
            self._observe_list(value)
        elif isinstance(value, str):
            self._observe_string(value)
        elif value is None or isinstance(value, bool) or self._is_exact:
            self._add_exact(value)
        else:
            self._is_number = True

    @property
    def shape(self) -> Json:
        """Return the shape in the form of `grammar.json`."""
        shape: dict[str, Any] = {}
        if self._objects:
            shape["object"] = self._object_shape()
        if self._map:
            shape["map"] = self._map.shape
        if self._items:
            shape |= {"list": self._items.shape, "length": self._length}
        if self._positions:
            shape["items"] = [position.shape for position in self._positions]
        if self._document:
            shape["document"] = self._document.shape
        if self._values:
            shape["values"] = sorted(self._values, key=json.dumps)
        shape |= {name: True for name, is_set in (("number", self._is_number), ("text", self._is_text)) if is_set}
        for name, found in (("expressions", self._expressions), ("addresses", self._addresses)):
            if found:
                shape[name] = sorted(found)
        return shape

    @property
    def _is_map(self) -> bool:
        return any(self._path[-len(end) :] == end for end in _MAPS)

    @property
    def _is_document(self) -> bool:
        # The number of endpoints and of locations decides how long the lists of a policy are.
        return not _DOCUMENTS.isdisjoint(self._path)

    @property
    def _is_exact(self) -> bool:
        # The schema of a type is one of our constants in every part. A widget of another type can run a function.
        is_widget = "dashboard_body" in self._path and self._path[-1] == "type"
        return self._path[-1] in _EXACT or "schema" in self._path or is_widget

    @property
    def _length(self) -> str:
        if self._lengths == {0}:
            return "0"
        if self._lengths == {1} and not self._is_document:
            return "1"
        return "0+" if 0 in self._lengths or self._is_document else "1+"

    def _observe_object(self, value: Json) -> None:
        if self._is_map:
            self._map = self._map or Observation((*self._path, "*"))
            for item in value.values():
                self._map.observe(item)
            return
        self._objects += 1
        for key, item in value.items():
            self._keys.setdefault(key, Observation((*self._path, key))).observe(item)
            self._presence[key] = self._presence.get(key, 0) + 1

    def _observe_list(self, value: list[Any]) -> None:
        if self._path[-1] in _POSITIONAL:
            self._positions = self._positions or [Observation(self._path) for _ in value]
            for position, item in zip(self._positions, value, strict=True):
                position.observe(item)
            return
        self._items = self._items or Observation(self._path)
        self._lengths.add(len(value))
        for item in value:
            self._items.observe(item)

    def _observe_string(self, text: str) -> None:
        if self._path[-1] in _DOCUMENTS:
            self._document = self._document or Observation(self._path)
            self._document.observe(json.loads(text))
        elif self._path[-1] in _ADDRESSES:
            self._addresses.add(normalize(text))
        elif self._is_exact and "${" not in text:
            self._add_exact(text)
        else:
            template = parse(text)
            assert template.is_valid, (self._path, text)
            self._is_text = self._is_text or template.has_text
            self._expressions |= {normalize(expression) for expression in template.expressions}

    def _add_exact(self, value: Any) -> None:
        if not any(type(value) is type(known) and value == known for known in self._values):
            self._values.append(value)

    def _object_shape(self) -> Json:
        return {
            key if self._presence[key] == self._objects else f"{key}?": observation.shape
            for key, observation in sorted(self._keys.items())
        }
