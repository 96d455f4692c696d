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


LIFECYCLE = TerraformResourceLifecycle(prevent_destroy=True, ignore_changes=["tags"])
QUICK: dict[str, Any] = {
    "text": "text",
    "integer": 1,
    "number": 0.5,
    "boolean": True,
    "nothing": None,
    "list": [1, [None, "a"]],
    "construct": TerraformStack,
    "struct": LIFECYCLE,
    "nested struct": KmsKeyConfig(description="text", lifecycle=LIFECYCLE, depends_on=[], tags=None),
    "list of others": [TerraformStack, {"a": 1}, LIFECYCLE],
}
LEFT_TO_JSII: dict[str, Any] = {
    "map": {"key": {"nested": LIFECYCLE, "list": [LIFECYCLE]}},
    "member of an enumeration": AnnotationMetadataEntryType.WARN,
    "time": datetime(2026, 1, 1, tzinfo=UTC),
    "subclass of a struct": _Renamed(path="of the argument"),
    "subclass of a text": _Text("text"),
}


@pytest.fixture(scope="module")
def stack() -> TerraformStack:
    return TerraformStack(App(), "arguments")


def _with_stack(value: Any, stack: TerraformStack) -> Any:
    """Return a value with the stack instead of its class: an import of this file must not start Node."""
    if isinstance(value, list):
        return [_with_stack(item, stack) for item in value]
    return stack if value is TerraformStack else value


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


@pytest.mark.parametrize("name", [*QUICK, *LEFT_TO_JSII])
def test_a_value_is_converted_as_jsii_converts_it(
    name: str, stack: TerraformStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = _with_stack({**QUICK, **LEFT_TO_JSII}[name], stack)
    quickly = quick(jsii.kernel, value)
    monkeypatch.setattr(kernel, "_make_reference_for_native", quick.__wrapped__)
    expected = _without_unset_properties(kernel._make_reference_for_native(jsii.kernel, value))
    if name in QUICK:
        assert quickly == expected
    else:
        assert _without_unset_properties(quickly) == expected


@pytest.mark.parametrize("name", QUICK)
def test_plain_values_lists_and_structs_are_not_converted_by_jsii(name: str, stack: TerraformStack) -> None:
    def convert(_kernel: Any, value: Any) -> Any:
        assert isinstance(value, dict)
        return value

    _quick_conversion(convert)(jsii.kernel, _with_stack(QUICK[name], stack))


def test_a_struct_without_a_required_argument_is_an_error_of_jsii() -> None:
    required = KmsAliasConfig(target_key_id="key")
    required._values["target_key_id"] = None
    with pytest.raises(AssertionError, match="target_key_id"):
        quick(jsii.kernel, required)


def test_a_function_is_an_error_of_jsii() -> None:
    with pytest.raises(JSIIError, match="Cannot pass function"):
        quick(jsii.kernel, [len])
