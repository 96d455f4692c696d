"""Encode streamed responses in the AWS event stream format, which botocore can only decode.

A message consists of lengths, headers and payload, with a checksum after the lengths and one at the end, all
big-endian (Smithy, "Amazon Event Stream Specification").
"""

import struct
from binascii import crc32

_HEADERS = {":message-type": "event", ":event-type": "PayloadPart", ":content-type": "application/octet-stream"}
_STRING_TYPE = 7
_OVERHEAD = 16  # bytes of lengths and checksums


def payload_part(payload: bytes) -> bytes:
    """Return a `PayloadPart` message (SageMaker Runtime, InvokeEndpointWithResponseStream)."""
    headers = b"".join(_header(name.encode(), value.encode()) for name, value in _HEADERS.items())
    lengths = struct.pack("!II", _OVERHEAD + len(headers) + len(payload), len(headers))
    message = lengths + _checksum(lengths) + headers + payload
    return message + _checksum(message)


def _header(name: bytes, value: bytes) -> bytes:
    return struct.pack("!B", len(name)) + name + struct.pack("!BH", _STRING_TYPE, len(value)) + value


def _checksum(content: bytes) -> bytes:
    return struct.pack("!I", crc32(content))
