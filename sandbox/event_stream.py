"""AWS's event stream encoding, as far as a streamed answer needs it: botocore reads it and does not write it.

A message is its lengths, headers and payload, with a checksum after the lengths and one at the end, all big-endian
(Smithy, "Amazon Event Stream Specification").
"""

import struct
from binascii import crc32

_HEADERS = {":message-type": "event", ":event-type": "PayloadPart", ":content-type": "application/octet-stream"}
_STRING = 7  # the type of a header's value
_AROUND = 16  # bytes of a message beside headers and payload


def payload_part(payload: bytes) -> bytes:
    """Return the message of a `PayloadPart` (SageMaker Runtime, InvokeEndpointWithResponseStream)."""
    headers = b"".join(_header(name.encode(), value.encode()) for name, value in _HEADERS.items())
    lengths = struct.pack("!II", _AROUND + len(headers) + len(payload), len(headers))
    message = lengths + _checksum(lengths) + headers + payload
    return message + _checksum(message)


def _header(name: bytes, value: bytes) -> bytes:
    return struct.pack("!B", len(name)) + name + struct.pack("!BH", _STRING, len(value)) + value


def _checksum(content: bytes) -> bytes:
    return struct.pack("!I", crc32(content))
