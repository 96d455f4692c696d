"""The schema of a provider, with the resource types of this project alone.

The AWS provider describes 1,900 types in 5 MB. Every run of Terraform reads them first, which takes ten times the CPU
of a plan. A type that is left out is unknown to Terraform, so that a stack with it fails.
"""

import re
from collections.abc import Iterator
from functools import cache

from tests.examples import ROOT

# Field numbers of maps with a type as key (https://github.com/hashicorp/terraform/tree/main/docs/plugin-protocol).
_TYPES = {2, 3, 8}
MAPS_BY_METHOD = {"GetSchema": _TYPES, "GetProviderSchema": _TYPES, "GetResourceIdentitySchemas": {1}}
_NAMES = re.compile(r'"aws_(\w+)"|cdktf_cdktf_provider_aws\.(\w+) import')


@cache
def project_types() -> frozenset[str]:
    """Return every type that the project, its sandbox, its examples or its tests name, or import the construct of."""
    files = (file for folder in ("modules", "sandbox", "examples", "tests") for file in (ROOT / folder).rglob("*.py"))
    names = (name for file in files for name in _NAMES.finditer(file.read_text(encoding="utf-8")))
    return frozenset(f"aws_{name[1] or name[2]}" for name in names)


def with_types(message: bytes, maps: set[int], types: frozenset[str]) -> bytes:
    """Return a message of the protocol, with only these types in its maps. The rest is unchanged.

    The format is https://protobuf.dev/programming-guides/encoding/: every field has its number and kind before it.
    """
    kept = (field for number, value, field in _fields(message) if number not in maps or _key(value) in types)
    return b"".join(kept)


def _key(entry: bytes) -> str:
    return next(value.decode() for number, value, _ in _fields(entry) if number == 1)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the number, the value and the whole encoding of every field. The value of a number is left empty."""
    start = 0
    while start < len(message):
        tag, at = _varint(message, start)
        value = b""
        match tag & 7:
            case 0:
                _, end = _varint(message, at)
            case 2:
                length, at = _varint(message, at)
                end = at + length
                value = message[at:end]
            case kind:
                raise ValueError(f"a field of kind {kind}, which no message of the protocol has")
        yield tag >> 3, value, message[start:end]
        start = end


def _varint(message: bytes, start: int) -> tuple[int, int]:
    """Return a number and where it ends: seven bits in each byte, the lowest first, until a byte below 128."""
    number = shift = 0
    for at in range(start, len(message)):
        number |= (message[at] & 127) << shift
        if message[at] < 128:
            return number, at + 1
        shift += 7
    raise ValueError("the message ends within a number")
