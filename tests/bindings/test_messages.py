"""The fast text of messages says what the text of jsii says, and leaves to jsii what it does not know."""

import json
from typing import Any

import pytest
from jsii._kernel.providers import process
from jsii._kernel.types import (
    CreateRequest,
    CreateResponse,
    DeleteRequest,
    GetRequest,
    GetResponse,
    InvokeRequest,
    InvokeResponse,
    ObjRef,
    Override,
)

from protected_endpoints.bindings import KmsKey
from protected_endpoints.bindings.messages import quick_response, read_message, request_line

OBJECT = ObjRef("cdktf.App@10000")
PROXY = ObjRef("Object@10001", ["constructs.IValidation"])
REQUESTS = [
    CreateRequest(
        "cdktf.App", [{"$jsii.map": {"key": 1}}, OBJECT, None, "ä"], [Override(method="validate", cookie="v")]
    ),
    CreateRequest("Object", [[PROXY, True, 0.5]], interfaces=["constructs.IValidation"]),
    GetRequest(OBJECT, "outdir"),
    InvokeRequest(PROXY, "addOverride", ["a.b", {"$jsii.map": {}}]),
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_request_is_the_one_that_jsii_sends(request_: Any) -> None:
    jsii_process: Any = process._NodeProcess.__new__(process._NodeProcess)
    jsii_process.stop = lambda: None  # it has no process to stop when it is deleted
    jsii_process.__init__()
    expected = json.dumps(jsii_process._serializer.unstructure(request_), default=process.jdefault)
    line = request_line(request_)
    assert line is not None
    assert line.endswith(b"\n")
    assert json.loads(line) == json.loads(expected)


def test_only_interfaces_that_a_class_does_not_declare_are_sent() -> None:
    """The kernel removes the others, because the assembly of the class has them."""
    declared = [interface.__jsii_type__ for interface in KmsKey.__jsii_ifaces__]  # type: ignore[attr-defined]
    assert "constructs.IConstruct" in declared
    for interfaces, sent in ([*declared], []), ([*declared, "cdktf.IAspect"], ["cdktf.IAspect"]):
        line = request_line(CreateRequest(KmsKey.__jsii_type__, [], interfaces=interfaces))  # type: ignore[attr-defined]
        assert line is not None
        assert json.loads(line)["interfaces"] == sent


def test_jsii_writes_every_other_request() -> None:
    assert request_line(DeleteRequest(OBJECT)) is None


@pytest.mark.parametrize(
    ("line", "type_", "response"),
    [
        (b'{"ok":{"$jsii.byref":"cdktf.App@10000"}}', CreateResponse, CreateResponse("cdktf.App@10000")),
        (b'{"ok":{"value":{"$jsii.byref":"cdktf.App@1"}}}', GetResponse, GetResponse(ObjRef("cdktf.App@1"))),
        (b'{"ok":{}}', GetResponse, GetResponse()),
        (b'{"ok":{"result":[1,"a"]}}', InvokeResponse, InvokeResponse([1, "a"])),
    ],
)
def test_a_response_is_read_as_jsii_reads_it(line: bytes, type_: Any, response: Any) -> None:
    assert quick_response(read_message(line), type_) == response


@pytest.mark.parametrize(
    "line",
    [
        b'{"error":"failed","stack":"","name":"Error"}',
        b'{"callback":{"cbid":"1","cookie":"validate"}}',
        b'{"ok":{"value":1,"other":2}}',
    ],
)
def test_jsii_reads_every_other_response(line: bytes) -> None:
    assert quick_response(read_message(line), GetResponse) is None
