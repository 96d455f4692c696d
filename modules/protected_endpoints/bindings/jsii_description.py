"""The description of some submodules, from that of a complete jsii assembly: its file `.jsii`.

The file of the AWS bindings has 130 MB of JSON. Parsing all of it takes two seconds and 700 MB, so the types of other
submodules are skipped by the layout of the file: a type begins and ends at lines that are indented by four spaces. A
file with another layout is parsed completely.
"""

import json
import re
from collections.abc import Set
from typing import Any

_TYPES_BEGIN, _TYPE_END = b'\n  "types": {', b"\n    }"
_TYPES_END = _TYPE_END + b"\n  },"  # a longer text is found faster
# Most of the description of a type, which Node would parse and never use.
_DOCUMENTATION = frozenset({"docs", "locationInModule", "symbolId"})


def describe(content: bytes | bytearray, submodules: Set[str]) -> dict[str, Any]:
    """Return a description with the types of these submodules only, without their documentation.

    Args:
        content: the content of the file.
        submodules: their jsii names, such as `@cdktf/provider-aws.kmsKey`.

    Raises:
        KeyError: the assembly lacks a submodule.
        ValueError: the file is not JSON.

    """
    complete = _parsed_by_layout(content, submodules) or json.loads(content)
    types = {
        name: _without_documentation(type_)
        for name, type_ in complete["types"].items()
        if name.rpartition(".")[0] in submodules
    }
    subset = {name: complete["submodules"][name] for name in sorted(submodules)}
    return {**complete, "types": types, "submodules": subset}


def _parsed_by_layout(content: bytes | bytearray, submodules: Set[str]) -> dict[str, Any] | None:
    """Return a description without the types of other submodules, or None if the file has another layout."""
    begin = content.find(_TYPES_BEGIN) + len(_TYPES_BEGIN)
    end = content.find(_TYPES_END, begin) + len(_TYPE_END)
    if begin < len(_TYPES_BEGIN) or end < len(_TYPE_END):
        return None
    names = "|".join(re.escape(name) for name in sorted(submodules))
    keys = re.compile(rf'\n    "((?:{names})\.\w+)": '.encode())
    try:
        description: dict[str, Any] = json.loads(content[:begin] + content[end + len(b"\n  ") :])
        types = {
            match[1].decode(): json.loads(content[match.end() : content.find(_TYPE_END, match.end()) + len(_TYPE_END)])
            for match in keys.finditer(content, begin, end)
        }
    except ValueError:
        return None
    # A submodule that the assembly lacks is an error for `describe`, with any layout.
    if {name.rpartition(".")[0] for name in types} != submodules & description["submodules"].keys():
        return None
    return {**description, "types": types}


def _without_documentation(node: Any) -> Any:
    """Return a part of the description without documentation and without positions in the TypeScript sources."""
    if isinstance(node, dict):
        return {key: _without_documentation(value) for key, value in node.items() if key not in _DOCUMENTATION}
    return [_without_documentation(value) for value in node] if isinstance(node, list) else node
