"""The type checks of generated code, each done once.

Generated code evaluates the type hints of a function at each call, and then checks each argument against them. Both
give the same answer every time for a plain value, and together take a third of Python's share of a large synth.
"""

import typing
from collections.abc import Callable
from typing import Any

import typeguard

_PLAIN = frozenset({str, bool, int, float, type(None)})


def check_once() -> None:
    """Remember hints of generated functions, and which plain types have passed which hint, in this process."""
    typing.get_type_hints = _remembering_hints(typing.get_type_hints)
    typeguard.check_type = _remembering_passes(typeguard.check_type)


def _remembering_hints(evaluate: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    known: dict[Any, dict[str, Any]] = {}

    def get_type_hints(function: Any, *args: Any, **options: Any) -> dict[str, Any]:
        # Only the functions that jsii generates to hold hints: theirs never change.
        if args or options or not getattr(function, "__name__", "").startswith("_typecheckingstub__"):
            return evaluate(function, *args, **options)
        if function not in known:
            known[function] = evaluate(function)
        return known[function]

    return get_type_hints


def _remembering_passes(check: Callable[..., Any]) -> Callable[..., Any]:
    # A hint is remembered by its identity, and kept, so that no other can get the same one.
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
