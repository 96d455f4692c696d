"""The grammar of a synthesized folder, read from `grammar.json`.

A program makes that file from what the project writes (tests/review/admission/make.py). A shape is an object with one
key for every kind of value that an argument can have:

    object        the keys of an object with their shapes; a key that ends with "?" may be missing
    map           the shape of the values of an object with any keys, such as tags
    list, length  the shape of the items, and whether there is "1", "1+", "0" or "0+" of them
    items         the shape of every item of a list that always has the same ones, such as the conditions of a resource
    document      the shape of the JSON document in a string
    values        exact values: true, false, and strings and numbers that the configuration does not choose
    text, number  true for any string without expressions, and for any number
    expressions   expressions in a string, with * for the name of a resource and for an S3 URI
    addresses     resources that the argument names without ${}, with * for their names
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from protected_endpoints.review.plan.values import Json

Length = Literal["0", "0+", "1", "1+"]
_OPTIONAL = "?"


@dataclass(frozen=True)
class Shape:
    """What the project writes as the value of one argument: the union of every kind that is set."""

    keys: Mapping[str, "Shape"] | None = None  # of an object
    required: frozenset[str] = frozenset()  # the keys among them that an object always has
    map: "Shape | None" = None
    list: "Shape | None" = None
    length: Length = "0+"
    items: tuple["Shape", ...] | None = None
    document: "Shape | None" = None
    values: tuple[Any, ...] = ()
    text: bool = False
    number: bool = False
    expressions: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()

    def admits_value(self, value: object) -> bool:
        """Return whether a value is one of the exact values; True is not 1."""
        return bool(self.values) and any(type(value) is type(exact) and value == exact for exact in self.values)


@dataclass(frozen=True)
class Grammar:
    """The grammar of a folder."""

    files: tuple[str, ...]  # with * for the name of a stack
    manifest: Shape
    block: Shape  # the top-level blocks of a stack, except for resources and data sources
    resources: Mapping[str, Shape]  # by type
    guards: Mapping[str, Shape]  # resources with `count`, which keep the lifecycle of an earlier resource
    data: Mapping[str, Shape]  # data sources by type


@cache
def grammar() -> Grammar:
    """Return the grammar of this version of the project."""
    text = files("protected_endpoints.review.admission").joinpath("grammar.json").read_text(encoding="utf-8")
    return parse_grammar(json.loads(text))


def parse_grammar(raw: Json) -> Grammar:
    """Return the grammar of parsed JSON."""
    return Grammar(
        files=tuple(raw["files"]),
        manifest=_shape(raw["manifest"]),
        block=_shape(raw["block"]),
        resources=_shapes(raw["resource"]),
        guards=_shapes(raw["guard"]),
        data=_shapes(raw["data"]),
    )


def _shapes(raw: Json) -> dict[str, Shape]:
    return {key: _shape(shape) for key, shape in raw.items()}


def _shape(raw: Json) -> Shape:
    keys: Json | None = raw.get("object")
    return Shape(
        keys=None if keys is None else {key.removesuffix(_OPTIONAL): _shape(shape) for key, shape in keys.items()},
        required=frozenset(key for key in keys or () if not key.endswith(_OPTIONAL)),
        map=_optional_shape(raw, "map"),
        list=_optional_shape(raw, "list"),
        length=cast(Length, raw.get("length", "0+")),
        items=tuple(map(_shape, raw["items"])) if "items" in raw else None,
        document=_optional_shape(raw, "document"),
        values=tuple(raw.get("values", ())),
        text=raw.get("text", False),
        number=raw.get("number", False),
        expressions=frozenset(raw.get("expressions", ())),
        addresses=frozenset(raw.get("addresses", ())),
    )


def _optional_shape(raw: Json, kind: str) -> Shape | None:
    return _shape(raw[kind]) if kind in raw else None
