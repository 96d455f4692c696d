"""Each type accepts valid values, and rejects those that AWS rejects or that are unsafe in AWS or Terraform."""

from typing import Annotated, Any, get_origin

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError

from protected_endpoints.config import types
from tests.config.values import ACCEPTED, REJECTED


def _is_accepted(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind, config=ConfigDict(strict=True)).validate_python(value)
    except ValidationError:
        return False
    return True


def _pairs(values: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(kind, value) for kind, listed in values.items() for value in listed]


@pytest.mark.parametrize(("kind", "value"), _pairs(ACCEPTED))
def test_a_valid_value_is_accepted(kind: str, value: str) -> None:
    assert _is_accepted(getattr(types, kind), value)


@pytest.mark.parametrize(("kind", "value"), _pairs(REJECTED))
def test_an_invalid_value_is_rejected(kind: str, value: str) -> None:
    assert not _is_accepted(getattr(types, kind), value)


def test_every_type_has_valid_and_invalid_values() -> None:
    kinds = {name for name, value in vars(types).items() if get_origin(value) is Annotated}
    assert kinds == set(ACCEPTED) == set(REJECTED)


@pytest.mark.parametrize("kind", sorted(ACCEPTED.keys() - {"EnvVarValue"}))
@pytest.mark.parametrize(
    "sign", ["${path.module}", "%{ if true }", "$", "{", "}", "%", "\n", "\r", "\0", "\x1b", "\x85"]
)
def test_templates_of_terraform_and_control_characters_are_rejected(kind: str, sign: str) -> None:
    good = ACCEPTED[kind][0]
    for value in (f"{good}{sign}", f"{sign}{good}", f"{good[:4]}{sign}{good[4:]}"):
        assert not _is_accepted(getattr(types, kind), value)


@pytest.mark.parametrize("kind", sorted(ACCEPTED))
@pytest.mark.parametrize("value", [1, 1.0, True, None, [], {}])
def test_a_value_of_another_type_than_a_string_is_rejected_and_not_converted(kind: str, value: object) -> None:
    assert not _is_accepted(getattr(types, kind), value)
