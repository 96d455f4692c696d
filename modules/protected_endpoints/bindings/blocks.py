"""Blocks of Terraform from tables of `endpoints.toml`, whose keys have the same names at every level."""

import inspect
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

Block = TypeVar("Block")


def build_block(class_: Callable[..., Block], arguments: Mapping[str, Any]) -> Block:
    """Return a block with its nested blocks, without empty values.

    jsii accepts a dict for a block, but silently drops the snake_case keys of a dict inside a list, and some blocks
    that exist only once have to be in a list. The class of a nested block is named after the outer class and the key.

    Raises:
        TypeError: Terraform has no argument with the name of a key.

    """
    values = {key: value for key, value in arguments.items() if value not in ((), {}, None)}
    return class_(**{key: _argument(class_, key, value) for key, value in values.items()})


def _argument(class_: Callable[..., object], key: str, value: Any) -> Any:
    nested_class, is_in_list = _nested_class(class_, key)
    if nested_class is None:
        return [*value] if isinstance(value, tuple) else value
    if isinstance(value, tuple):
        return [build_block(nested_class, item) for item in value]
    block = build_block(nested_class, value)
    return [block] if is_in_list else block


@cache  # to find the signature takes longer than to build the block
def _nested_class(class_: Callable[..., object], key: str) -> tuple[Callable[..., object] | None, bool]:
    """Return the class of a nested block, if the key is one, and whether the block has to be in a list."""
    nested_class = getattr(sys.modules[class_.__module__], f"{class_.__name__}{_camel_case(key)}", None)
    if nested_class is None:
        return None, False
    return nested_class, "Sequence" in str(inspect.signature(class_).parameters[key].annotation)


def _camel_case(key: str) -> str:
    return "".join(part.capitalize() for part in key.split("_"))
