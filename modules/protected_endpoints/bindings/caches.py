"""Caches for the code that jsii generates. They save half of Python's share of a large synth.

At each call generated code evaluates the type hints of the called function and checks every argument against them. At
each request jsii asks a struct for all of its properties, most of which are not set. The caches do not change the
output.
"""

import sys
import typing
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import jsii._runtime

_PLAIN_TYPES = frozenset({str, bool, int, float, type(None)})
_Names = Mapping[str, str] | None


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
    runtime: Any = jsii._runtime
    runtime.python_jsii_mapping = _only_set_properties(runtime.python_jsii_mapping)


def _cached_hints(evaluate: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    cache: dict[Any, dict[str, Any]] = {}

    def get_type_hints(function: Any, *args: Any, **options: Any) -> dict[str, Any]:
        # jsii generates these functions to hold type hints, which never change.
        if args or options or not getattr(function, "__name__", "").startswith("_typecheckingstub__"):
            return evaluate(function, *args, **options)
        if function not in cache:
            cache[function] = evaluate(function)
        return cache[function]

    return get_type_hints


def _cached_checks(check: Callable[..., Any]) -> Callable[..., Any]:
    # The key is the id of the hint. The cache keeps the hint alive, so that no other object gets the same id.
    passed: dict[tuple[type, int], Any] = {}

    def check_type(*args: Any, **keywords: Any) -> Any:
        # Generated code passes keywords. typeguard itself passes positions, to check values inside of a value.
        type_, hint = type(keywords.get("value")), keywords.get("expected_type")
        if args or type_ not in _PLAIN_TYPES:
            return check(*args, **keywords)
        if (type_, id(hint)) not in passed:
            check(**keywords)
            passed[type_, id(hint)] = hint
        return keywords["value"]

    return check_type


def _only_set_properties(names_of: Callable[[Any], _Names]) -> Callable[[Any], _Names]:
    def python_jsii_mapping(struct: Any) -> _Names:
        # A generated struct has its arguments in `_values`. A class has no `_values`; all of its names are returned.
        names, values = names_of(struct), getattr(struct, "__dict__", {}).get("_values")
        return {name: names[name] for name in values} if names and isinstance(values, dict) else names

    return python_jsii_mapping
