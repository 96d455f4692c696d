"""The arguments of requests, in the form that jsii sends to its kernel.

jsii asks every value for its type in several ways, and every struct for all of its properties, most of which are not
set. Structs, lists and plain values are converted here, and the output is the same; everything else is left to jsii.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import jsii._kernel

PLAIN_TYPES = frozenset({str, bool, int, float, type(None)})
_Convert = Callable[[Any, Any], Any]


def install_arguments() -> None:
    """Replace a function of jsii for this process, which also calls itself by its name for nested values."""
    kernel: Any = jsii._kernel
    kernel._make_reference_for_native = _quick_conversion(kernel._make_reference_for_native)


def _quick_conversion(convert: _Convert) -> _Convert:
    @wraps(convert)
    def _make_reference_for_native(kernel: Any, value: Any) -> Any:
        type_ = type(value)
        if type_ in PLAIN_TYPES or (type(type_) is jsii.JSIIMeta and type_.__jsii_type__):
            return value
        if type_ is list:
            return [_make_reference_for_native(kernel, item) for item in value]
        # A generated struct has its arguments in `_values`. A subclass might have properties of its own.
        names, values = type_.__dict__.get("__jsii_name_mapping__"), getattr(value, "_values", None)
        if names is None or type(values) is not dict or not all(item is not None for item in values.values()):
            return convert(kernel, value)
        data = {names[name]: _make_reference_for_native(kernel, item) for name, item in values.items()}
        return {"$jsii.struct": {"fqn": type_.__jsii_type__, "data": data}}

    return _make_reference_for_native
