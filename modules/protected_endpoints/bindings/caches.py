"""Caches for the code that jsii generates, without which Python takes about twice as long for a large synth.

At each call generated code evaluates the type hints of the called function and checks every argument against them. For
each object jsii looks for methods that override those of JavaScript. The caches do not change the output.
"""

import sys
import typing
from collections.abc import Callable
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

import jsii._kernel

from protected_endpoints.bindings.arguments import PLAIN_TYPES

_KEYWORDS = {"argname", "value", "expected_type"}


def _import_typeguard() -> Any:
    """Import typeguard without `unittest.mock`, which takes twenty times as long.

    typeguard accepts a mock as an argument of any type. It still does if `unittest.mock` is already imported.
    """
    name = "unittest.mock"
    if name not in sys.modules:
        placeholder: Any = ModuleType(name)
        placeholder.Mock = type("Mock", (), {})
        sys.modules[name] = placeholder
        try:
            return import_module("typeguard")
        except ImportError:
            pass  # another version of typeguard imports more of it
        finally:
            del sys.modules[name]
    return import_module("typeguard")


# Generated code imports it as well, so it is imported here before.
typeguard = _import_typeguard()


def install_caches() -> None:
    """Replace three functions for this process. For code that jsii did not generate, they behave as before."""
    typing.get_type_hints = _cached_hints(typing.get_type_hints)
    typeguard.check_type = _cached_checks(typeguard.check_type)
    kernel: Any = jsii._kernel
    kernel._get_overides = _overrides_of_subclasses(kernel._get_overides)


def _cached_hints(evaluate: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    cache: dict[FunctionType, dict[str, Any]] = {}

    def get_type_hints(function: Any, *args: Any, **options: Any) -> dict[str, Any]:
        # jsii generates these functions to hold type hints, which never change.
        if type(function) is not FunctionType or args or options:
            return evaluate(function, *args, **options)
        if function in cache:
            return cache[function]
        hints = evaluate(function)
        if function.__name__.startswith("_typecheckingstub__"):
            cache[function] = hints
        return hints

    return get_type_hints


def _cached_checks(check: Callable[..., Any]) -> Callable[..., Any]:
    # The key is the id of the hint. The cache keeps the hint alive, so that no other object gets the same id.
    passed: dict[tuple[Any, int], Any] = {}

    def check_type(*args: Any, **keywords: Any) -> Any:
        # Generated code passes three keywords. typeguard itself passes positions, to check values inside of a value.
        if args or keywords.keys() != _KEYWORDS:
            return check(*args, **keywords)
        value, expected_type = keywords["value"], keywords["expected_type"]
        if (type(value), id(expected_type)) in passed:
            return value  # most values
        key = _shape(value), id(expected_type)
        if key not in passed:
            check(**keywords)
            if key[0] is not None:
                passed[key] = expected_type
        return value

    return check_type


def _shape(value: Any) -> Any:
    """Return what a check of a value depends on: its type, or the types in a list. None if it depends on more."""
    if type(value) is list:
        types = [*map(type, value)]
        return (list, *types) if all(map(_is_checked_by_type, types)) else None
    return type(value) if _is_checked_by_type(type(value)) else None


def _is_checked_by_type(type_: type) -> bool:
    # Constructs, and structs: other classes may be collections, whose items are checked as well.
    return type_ in PLAIN_TYPES or type(type_) is jsii.JSIIMeta or "__jsii_name_mapping__" in type_.__dict__


def _overrides_of_subclasses(overrides_of: Callable[[type, Any], list[Any]]) -> Callable[[type, Any], list[Any]]:
    def _get_overides(class_: type, instance: Any) -> list[Any]:
        # Only a subclass of a generated class overrides anything.
        if getattr(type(instance), "__jsii_declared_type__", None) is not None:
            return []
        return overrides_of(class_, instance)

    return _get_overides
