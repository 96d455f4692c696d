"""The public API as text: each name with its signature, its members and the first line of their docstrings."""

import inspect
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

import protected_endpoints
from protected_endpoints.errors import to_toml

PUBLIC = {name: getattr(protected_endpoints, name) for name in dir(protected_endpoints)}
TABLES = {name: value for name, value in PUBLIC.items() if isinstance(value, type) and issubclass(value, BaseModel)}


def api_text() -> str:
    """Return a block of lines for each public name."""
    return "\n".join("\n".join(_block(name, value)) + "\n" for name, value in PUBLIC.items())


def _block(name: str, value: Any) -> Iterator[str]:
    if not isinstance(value, type):
        yield f"def {name}{_signature(value)}"
        yield f"    {summary(value)}"
        return
    bases = [base.__name__ for base in value.__bases__ if base is not object]
    yield f"class {name}({', '.join(bases)})" if bases else f"class {name}"
    yield f"    {summary(value)}"
    if issubclass(value, BaseModel):
        yield from _table_fields(value)
    elif is_dataclass(value):
        yield from _dataclass_fields(value)
    elif "__init__" in vars(value):
        yield f"    __init__{_signature(value.__init__)}"
    for member, attribute in vars(value).items():
        if is_member(member, attribute):
            yield f"    {member}{'' if _is_property(attribute) else _signature(attribute)}"


def summary(value: Any) -> str:
    """Return the first line of a docstring, or an empty string for one that is inherited or generated."""
    doc: str = (vars(value).get("__doc__") if isinstance(value, type) else value.__doc__) or ""
    return "" if doc.startswith(f"{value.__name__}(") else doc.partition("\n")[0]


def is_member(name: str, attribute: object) -> bool:
    """Return whether an attribute of a class is a public property or method."""
    return not name.startswith("_") and (_is_property(attribute) or inspect.isfunction(attribute))


def _is_property(attribute: object) -> bool:
    return isinstance(attribute, property | cached_property)


def is_number(annotation: Any) -> bool:
    """Return whether a value may be an integer that is no boolean, alone or as one of several types."""
    return annotation is int or type(annotation) is int or any(map(is_number, get_args(annotation)))


def _table_fields(table: type[BaseModel]) -> Iterator[str]:
    hints = get_type_hints(table)
    for key, field in table.model_fields.items():
        default = "" if field.is_required() else f" = {_default(field.default)}"
        yield f"    {key}: {_type(hints[key])}{default}"


def _dataclass_fields(class_: Any) -> Iterator[str]:
    hints = get_type_hints(class_)
    yield from (f"    {field.name}: {_type(hints[field.name])}" for field in fields(class_))


def _default(value: object) -> str:
    return f"{type(value).__name__}()" if isinstance(value, BaseModel) else "None" if value is None else to_toml(value)


def _signature(function: Any) -> str:
    """Return the parameters of a function and what it returns, with the names of types alone."""
    signature, hints = inspect.signature(function), get_type_hints(function)
    parameters = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in parameters:
            parameters.append("*")
        annotation = f": {_type(hints[parameter.name])}" if parameter.name in hints else ""
        parameters.append(f"{parameter.name}{annotation}")
    return f"({', '.join(parameters)}) -> {_type(hints['return'])}"


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " | ".join(map(_type, arguments))
    if origin is Literal:
        return " | ".join(map(to_toml, arguments))
    if origin is typing.Annotated:
        return _type(arguments[0])
    if origin:
        return f"{origin.__name__}[{', '.join(map(_type, arguments))}]"
    return {Ellipsis: "...", type(None): "None"}.get(annotation) or annotation.__name__
