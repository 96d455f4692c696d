"""Blocks of Terraform made of tables of `endpoints.toml`, whose keys have the same names all the way down."""

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Block = TypeVar("Block")


def block(class_: Callable[..., Block], arguments: Mapping[str, Any]) -> Block:
    """Return a block with the blocks inside of it; what is empty is left out.

    jsii makes a block of a dict, but one in a list loses its snake_case keys without a word, and some blocks of which
    there is only one have to be in a list. The class of an inner block is called after the outer one and the key.

    Raises `TypeError` for a key that Terraform does not have.
    """
    given = {key: value for key, value in arguments.items() if value not in ((), {}, None)}
    return class_(**{key: _argument(class_, key, value) for key, value in given.items()})


def _argument(class_: Callable[..., object], key: str, value: Any) -> Any:
    inner = getattr(sys.modules[class_.__module__], f"{class_.__name__}{_camel_case(key)}", None)
    if inner is None:
        return [*value] if isinstance(value, tuple) else value
    if isinstance(value, tuple):
        return [block(inner, each) for each in value]
    made = block(inner, value)
    return [made] if "Sequence" in str(inspect.signature(class_).parameters[key].annotation) else made


def _camel_case(key: str) -> str:
    return "".join(part.capitalize() for part in key.split("_"))
