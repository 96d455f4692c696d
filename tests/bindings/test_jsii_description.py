"""The description of some submodules is the same for every layout of the file, and quick for that of the bindings."""

import json
import tarfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.bindings.jsii_description import describe
from tests.project import PACKAGE

_COMPLETE: dict[str, Any] = {
    "name": "aws",
    "submodules": {"aws.kms": {"symbolId": "src/kms/index:"}, "aws.kmsKey": {}, "aws.sns": {}},
    "targets": {"python": {"types": {"aws.kms.Key": {}}}},
    "types": {
        "aws.kms.Alias": {"docs": {"summary": 'a "}\n    }" in a text'}, "kind": "class", "methods": []},
        "aws.kms.Key": {"kind": "class", "members": [{"name": "a", "docs": {}, "nested": {"docs": 1, "type": "b"}}]},
        "aws.kmsKey.Key": {"kind": "class"},
        "aws.sns.Topic": {"kind": "class"},
    },
    "version": "1.0.0",
}
_DESCRIPTION = {
    **_COMPLETE,
    "submodules": {"aws.kms": {"symbolId": "src/kms/index:"}},
    "types": {
        "aws.kms.Alias": {"kind": "class", "methods": []},
        "aws.kms.Key": {"kind": "class", "members": [{"name": "a", "nested": {"type": "b"}}]},
    },
}


@pytest.mark.parametrize("indent", [None, 1, 2, 4])
def test_every_layout_gives_the_same_bytes(indent: int | None) -> None:
    description = describe(json.dumps(_COMPLETE, indent=indent).encode(), {"aws.kms"})
    assert json.dumps(description) == json.dumps(_DESCRIPTION)


def test_types_of_other_submodules_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    loads, parsed = json.loads, 0

    def counted(text: bytes) -> Any:
        nonlocal parsed
        parsed += len(text)
        return loads(text)

    monkeypatch.setattr(json, "loads", counted)
    content = _bindings()
    describe(content, {"@cdktf/provider-aws.kmsKey", "@cdktf/provider-aws.snsTopic"})
    assert 0 < parsed < len(content) / 50


def test_another_layout_of_one_type_is_parsed_completely() -> None:
    text = json.dumps(_COMPLETE, indent=2).replace('"class"\n    },\n    "aws.sns', '"class" },\n    "aws.sns')
    assert describe(text.encode(), {"aws.kms", "aws.kmsKey"})["types"].keys() == {
        "aws.kms.Alias",
        "aws.kms.Key",
        "aws.kmsKey.Key",
    }


def test_a_submodule_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"aws\.nothing"):
        describe(json.dumps(_COMPLETE, indent=2).encode(), {"aws.nothing"})


def test_a_damaged_file_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        describe(json.dumps(_COMPLETE, indent=2).encode()[:-40], {"aws.kms"})


def _bindings() -> bytes:
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    (archive,) = (Path(spec.origin).parent / "_jsii").glob("*.jsii.tgz")
    with tarfile.open(archive, "r|gz") as members:
        file = next(members.extractfile(member) for member in members if member.name == "package/.jsii")
        assert file is not None
        return file.read()
