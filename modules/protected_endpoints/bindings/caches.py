"""What generated code does over and over, done once; it is half of Python's share of a large synth.

At each call generated code evaluates the type hints of the called function and checks each argument against them. At
each request jsii asks a struct for all of its properties, most of which nobody has set. None of it changes the output.
"""

import typing
from collections.abc import Callable, Mapping
from typing import Any

import jsii._runtime
import typeguard

_PLAIN = frozenset({str, bool, int, float, type(None)})
_Names = Mapping[str, str] | None


def do_it_once() -> None:
    """Replace the three functions for this process. For code that was not generated they do what they did."""
    typing.get_type_hints = _remembering_hints(typing.get_type_hints)
    typeguard.check_type = _remembering_passes(typeguard.check_type)
    runtime: Any = jsii._runtime
    runtime.python_jsii_mapping = _of_what_is_set(runtime.python_jsii_mapping)


def _remembering_hints(evaluate: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    known: dict[Any, dict[str, Any]] = {}

    def get_type_hints(function: Any, *args: Any, **options: Any) -> dict[str, Any]:
        # The functions that jsii generates to hold hints: theirs never change.
        if args or options or not getattr(function, "__name__", "").startswith("_typecheckingstub__"):
            return evaluate(function, *args, **options)
        if function not in known:
            known[function] = evaluate(function)
        return known[function]

    return get_type_hints


def _remembering_passes(check: Callable[..., Any]) -> Callable[..., Any]:
    # By the identity of the hint, which is kept, so that no other can get the same one.
    passed: dict[tuple[type, int], Any] = {}

    def check_type(*args: Any, **named: Any) -> Any:
        # Generated code names its arguments; typeguard itself, for what is inside of a value, does not.
        type_, hint = type(named.get("value")), named.get("expected_type")
        if args or type_ not in _PLAIN:
            return check(*args, **named)
        if (type_, id(hint)) not in passed:
            check(**named)
            passed[type_, id(hint)] = hint
        return named["value"]

    return check_type


def _of_what_is_set(names_of: Callable[[Any], _Names]) -> Callable[[Any], _Names]:
    def python_jsii_mapping(struct: Any) -> _Names:
        # A generated struct keeps in `_values` what it was given. A class has none, and is asked for all it could have.
        names, given = names_of(struct), getattr(struct, "__dict__", {}).get("_values")
        return {name: names[name] for name in given} if names and isinstance(given, dict) else names

    return python_jsii_mapping
