"""Compare a value with its shape in the grammar."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from protected_endpoints.review.admission import templates
from protected_endpoints.review.admission.admitted import Admitted
from protected_endpoints.review.admission.grammar import Length, Shape
from protected_endpoints.review.markdown import code, pluralize
from protected_endpoints.review.plan.files import parse_document
from protected_endpoints.review.plan.node import is_nested_too_deeply

IsAdmitted = Callable[[str], bool]  # whether review.toml admits the argument at a path

_UNKNOWN, MISSING = "this project does not write it", "required, because this project always writes it"
# JSON escapes of the signs of templates: the string of a document and its JSON would be different templates.
_ESCAPED_SIGN = re.compile(r"(?<!\\)(?:\\\\)*\\u00(?:24|25|7b|7d)", re.IGNORECASE)
_ESCAPE = r"a JSON escape such as `\u0024` hides a `$` or a `{` from Terraform"
_NO_REFERENCE = "an expression other than a reference such as `${aws_kms_key.Key.arn}` cannot be admitted"
_LENGTHS: dict[Length, tuple[int, float]] = {"0": (0, 0), "0+": (0, float("inf")), "1": (1, 1), "1+": (1, float("inf"))}
_MAX_EXPRESSIONS = 4  # in a message


@dataclass(frozen=True)
class Problem:
    """What is wrong with an argument, in Markdown; `path` is without the indices of lists.

    `is_safe` is False if the value has a part that `review.toml` cannot admit.
    """

    path: str
    message: str
    is_safe: bool = True


def never(_: str) -> bool:
    """Return that nothing is admitted beyond the grammar."""
    return False


def admitting(entries: Sequence[Admitted]) -> IsAdmitted:
    """Return whether entries of `review.toml`, which are of one type, admit the argument at a path."""
    return (lambda path: any(entry.covers(entry.type, path) for entry in entries)) if entries else never


def problems(value: Any, shape: Shape, path: str = "", is_admitted: IsAdmitted = never) -> Iterator[Problem]:
    """Return each argument of a value that this project does not write."""
    if path and is_admitted(path):
        return unsafe_parts(value, path)
    if isinstance(value, dict):
        return _object_problems(value, shape, path, is_admitted)
    if isinstance(value, list):
        return _list_problems(value, shape, path, is_admitted)
    if isinstance(value, str):
        return _string_problems(value, shape, path, is_admitted)
    is_known = (_is_number(value) and shape.number) or shape.admits_value(value)
    return iter(() if is_known else (_problem(path, _expected(shape, value), value),))


def unsafe_parts(value: Any, path: str) -> Iterator[Problem]:
    """Yield what cannot be admitted in a value of any form: everything but literals and references."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not _is_plain(key):
                yield Problem(path, f"the key {code(key)} has an expression", is_safe=False)
            yield from unsafe_parts(item, _join(path, key))
    elif isinstance(value, list):
        for item in value:
            yield from unsafe_parts(item, path)
    elif isinstance(value, str):
        template = templates.parse(value)
        if not template.is_valid or not all(map(templates.is_reference, template.expressions)):
            yield Problem(path, _NO_REFERENCE, is_safe=False)
        elif _ESCAPED_SIGN.search(value):
            yield Problem(path, _ESCAPE, is_safe=False)


def _object_problems(value: dict[str, Any], shape: Shape, path: str, is_admitted: IsAdmitted) -> Iterator[Problem]:
    if shape.keys is None and shape.map is None:
        yield _problem(path, _expected(shape, value), value)
        return
    shapes = shape.keys or {}
    for key, item in value.items():
        inner, inner_path = shapes.get(key) or shape.map, _join(path, key)
        if not _is_plain(key):
            yield Problem(path, f"the key {code(key)} has an expression", is_safe=False)
        elif inner:
            yield from problems(item, inner, inner_path, is_admitted)
        elif is_admitted(inner_path):
            yield from unsafe_parts(item, inner_path)
        else:
            yield _problem(inner_path, _UNKNOWN, item)
    missing = shape.required - value.keys()
    yield from (Problem(_join(path, key), MISSING) for key in sorted(missing) if not is_admitted(_join(path, key)))


def _list_problems(value: list[Any], shape: Shape, path: str, is_admitted: IsAdmitted) -> Iterator[Problem]:
    if shape.items is not None:
        yield from _item_problems(value, shape.items, path, is_admitted)
        return
    if shape.list is None:
        yield _problem(path, _expected(shape, value), value)
        return
    least, most = _LENGTHS[shape.length]
    if not least <= len(value) <= most:
        yield _problem(path, f"must have {_length(shape.length)}, got {len(value)}", value)
    for item in value:
        yield from problems(item, shape.list, path, is_admitted)


def _item_problems(
    value: list[Any], item_shapes: Sequence[Shape], path: str, is_admitted: IsAdmitted
) -> Iterator[Problem]:
    if len(value) != len(item_shapes):
        yield _problem(path, f"must have {pluralize(len(item_shapes), 'item')}, got {len(value)}", value)
        return
    for item, shape in zip(value, item_shapes, strict=True):
        yield from problems(item, shape, path, is_admitted)


def _string_problems(value: str, shape: Shape, path: str, is_admitted: IsAdmitted) -> Iterator[Problem]:
    if shape.document:
        yield from _document_problems(value, shape.document, path, is_admitted)
        return
    if shape.admits_value(value) or (shape.addresses and templates.normalize(value) in shape.addresses):
        return
    if not (shape.text or shape.expressions):
        yield _problem(path, _expected(shape, value), value)
        return
    template = templates.parse(value)
    if not template.is_valid:
        yield _problem(path, _NO_REFERENCE, value)
        return
    if template.has_text and not shape.text:
        yield _problem(path, f"must be {_expressions(shape.expressions)}, got literal text", value)
    for expression in map(templates.normalize, template.expressions):
        if expression not in shape.expressions:
            expected = f"; must be {_expressions(shape.expressions)}" if shape.expressions else ""
            message = f"this project does not write the expression {_code_expression(expression)}{expected}"
            yield _problem(path, message, value)


def _document_problems(text: str, shape: Shape, path: str, is_admitted: IsAdmitted) -> Iterator[Problem]:
    """Yield the problems of a JSON document in a string."""
    if _ESCAPED_SIGN.search(text):
        yield _problem(path, _ESCAPE, text)
        return
    try:
        document = parse_document(text)
    except (ValueError, RecursionError):
        yield _problem(path, "must be a JSON document with expressions only inside its strings", text)
        return
    if is_nested_too_deeply(document):
        yield _problem(path, "is nested too deeply", text)
        return
    yield from problems(document, shape, path, is_admitted)


def _problem(path: str, message: str, value: Any) -> Problem:
    return Problem(path, message, is_safe=next(unsafe_parts(value, path), None) is None)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _is_plain(key: str) -> bool:
    if "{" not in key:
        return True
    template = templates.parse(key)
    return template.is_valid and not template.expressions


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _expected(shape: Shape, value: object) -> str:
    """Return what a value must be, and its JSON type. A string can be a secret, so it is not shown."""
    return f"must be {' or '.join(_kinds(shape)) or 'omitted'}, got {_kind(value, shape)}"


def _kinds(shape: Shape) -> Iterator[str]:
    if shape.keys is not None or shape.map:
        yield "an object"
    if shape.items is not None:
        yield f"a list of {pluralize(len(shape.items), 'item')}"
    if shape.list:
        yield "a list" if shape.length == "0+" else f"a list of {_length(shape.length)}"
    if shape.document:
        yield "a JSON document in a string"
    yield from (code(_literal(value)) for value in shape.values)
    if shape.number:
        yield "a number"
    if shape.text:
        yield "a string"
    if shape.expressions:
        yield _expressions(shape.expressions)
    if shape.addresses:
        yield f"the address {' or '.join(map(code, sorted(shape.addresses)[:_MAX_EXPRESSIONS]))}"


def _expressions(expressions: Iterable[str]) -> str:
    shown = sorted(expressions)
    more = f" or one of {len(shown) - _MAX_EXPRESSIONS} others" if len(shown) > _MAX_EXPRESSIONS else ""
    return f"{' or '.join(map(_code_expression, shown[:_MAX_EXPRESSIONS]))}{more}"


def _code_expression(expression: str) -> str:
    return code(f"${{{expression}}}")


def _length(length: Length) -> str:
    return {"0": "no items", "0+": "any items", "1": "one item", "1+": "one item or more"}[length]


def _literal(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _kind(value: object, shape: Shape) -> str:
    if value is None or isinstance(value, bool):
        return code(_literal(value))
    string = "another string" if any(isinstance(exact, str) for exact in shape.values) else "a string"
    kinds: dict[type, str] = {dict: "an object", list: "a list", str: string}
    return kinds.get(type(value), "a number")
