"""Arguments become what jsii makes of them, without unset properties, and jsii converts what is not known."""

from datetime import UTC, datetime
from typing import Any

import jsii._kernel
import pytest
from cdktf import (
    AnnotationMetadataEntryType,
    App,
    LocalBackendConfig,
    TerraformResourceLifecycle,
    TerraformStack,
)
from jsii.errors import JSIIError

from protected_endpoints.bindings import KmsAliasConfig, KmsKeyConfig
from protected_endpoints.bindings.arguments import _quick_conversion

kernel: Any = jsii._kernel
quick = kernel._make_reference_for_native


class _Renamed(LocalBackendConfig):
    """A struct whose property is not the argument."""

    @property
    def path(self) -> str:
        return "of the subclass"


class _Text(str):
    """A text that is not exactly a `str`."""


STACK = TerraformStack(App(), "arguments")
LIFECYCLE = TerraformResourceLifecycle(prevent_destroy=True, ignore_changes=["tags"])
QUICK: list[Any] = [
    "text",
    1,
    0.5,
    True,
    None,
    [1, [None, "a"]],
    STACK,
    LIFECYCLE,
    KmsKeyConfig(description="text", lifecycle=LIFECYCLE, depends_on=[], tags=None),
    [STACK, {"a": 1}, LIFECYCLE],
]
LEFT_TO_JSII: list[Any] = [
    {"key": {"nested": LIFECYCLE, "list": [LIFECYCLE]}},
    AnnotationMetadataEntryType.WARN,
    datetime(2026, 1, 1, tzinfo=UTC),
    _Renamed(path="of the argument"),
    _Text("text"),
]


def _without_unset_properties(converted: Any) -> Any:
    """Return a value without the properties of structs that are not set, which Node reads like those that are null."""
    if isinstance(converted, list):
        return [_without_unset_properties(item) for item in converted]
    if not isinstance(converted, dict):
        return converted
    is_struct = converted.keys() == {"fqn", "data"}
    data = {name: item for name, item in converted["data"].items() if item is not None} if is_struct else {}
    items = {**converted, "data": data} if is_struct else converted
    return {name: _without_unset_properties(item) for name, item in items.items()}


@pytest.mark.parametrize("value", [*QUICK, *LEFT_TO_JSII], ids=repr)
def test_a_value_is_converted_as_jsii_converts_it(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    quickly = quick(jsii.kernel, value)
    monkeypatch.setattr(kernel, "_make_reference_for_native", quick.__wrapped__)
    expected = _without_unset_properties(kernel._make_reference_for_native(jsii.kernel, value))
    if value in QUICK:
        assert quickly == expected
    else:
        assert _without_unset_properties(quickly) == expected


@pytest.mark.parametrize("value", QUICK, ids=repr)
def test_plain_values_lists_and_structs_are_not_converted_by_jsii(value: Any) -> None:
    def convert(_kernel: Any, value: Any) -> Any:
        assert isinstance(value, dict)
        return value

    _quick_conversion(convert)(jsii.kernel, value)


def test_a_struct_without_a_required_argument_is_an_error_of_jsii() -> None:
    required = KmsAliasConfig(target_key_id="key")
    required._values["target_key_id"] = None
    with pytest.raises(AssertionError, match="target_key_id"):
        quick(jsii.kernel, required)


def test_a_function_is_an_error_of_jsii() -> None:
    with pytest.raises(JSIIError, match="Cannot pass function"):
        quick(jsii.kernel, [len])
