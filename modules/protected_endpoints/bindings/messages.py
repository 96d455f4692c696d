"""The text of the most frequent messages between Python and the jsii kernel.

jsii converts every value of a request, and every response, with `cattr`, and creates a JSON encoder and a decoder for
each. Nearly all messages of a synth create an object, read a property or call a method, and their values need
conversion at few places.
"""

import json
from functools import cache
from typing import Any

import attr
from jsii import _reference_map
from jsii._kernel.providers import process as _process
from jsii._kernel.types import (
    CreateRequest,
    CreateResponse,
    GetRequest,
    GetResponse,
    InvokeRequest,
    InvokeResponse,
    ObjRef,
    Override,
)

# jsii is a typed package, but these functions have no types.
process: Any = _process

_APIS = {CreateRequest: "create", GetRequest: "get", InvokeRequest: "invoke"}
_FIELDS = {type_: [field.name for field in attr.fields(type_)] for type_ in _APIS}
_RESPONSES = (GetResponse, InvokeResponse)


def _json_value(value: Any) -> Any:
    if isinstance(value, ObjRef):
        return process._unstructure_ref(value)
    if isinstance(value, Override):
        return attr.asdict(value)
    return process.jdefault(value)


_encode = json.JSONEncoder(default=_json_value).encode
_decode = json.JSONDecoder(object_hook=process.ohook).decode


def request_line(request: Any) -> bytes | None:
    """Return the line that sends a request, or None if jsii has to write it."""
    api = _APIS.get(type(request))
    if api is None:
        return None
    values = {name: getattr(request, name) for name in _FIELDS[type(request)]}
    if interfaces := values.get("interfaces"):
        declared = _declared_interfaces(request.fqn)
        values["interfaces"] = [name for name in interfaces if name not in declared]
    return _encode({**values, "api": api}).encode() + b"\n"


@cache
def _declared_interfaces(class_name: str) -> frozenset[str]:
    """Return the interfaces of a generated class, which the kernel knows from its assembly, and otherwise removes."""
    class_ = _reference_map._types.get(class_name)
    return frozenset(interface.__jsii_type__ for interface in getattr(class_, "__jsii_ifaces__", ()))


def read_message(line: bytes) -> Any:
    """Return the message of a line from the kernel."""
    return _decode(line.decode())


def quick_response(message: Any, type_: Any) -> Any:
    """Return the response in a message, or None if jsii has to read it: an error, a callback or another response."""
    if not isinstance(message, dict) or message.keys() != {"ok"}:
        return None
    value = message["ok"]
    if type_ is CreateResponse and isinstance(value, ObjRef):
        return CreateResponse(ref=value.ref)
    if type_ in _RESPONSES and isinstance(value, dict) and len(value) <= 1:
        return type_(**value)
    return None
