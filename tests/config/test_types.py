"""Each kind of value: what is accepted, and what is refused because AWS or Terraform would do harm with it."""

from typing import Annotated, Any, get_origin

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError

from protected_endpoints.config import types
from tests.config.values import ACCEPTED, REFUSED


def _is_accepted(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind, config=ConfigDict(strict=True)).validate_python(value)
    except ValidationError:
        return False
    return True


def _pairs(values: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(kind, value) for kind, listed in values.items() for value in listed]


@pytest.mark.parametrize(("kind", "value"), _pairs(ACCEPTED))
def test_a_good_value_is_accepted(kind: str, value: str) -> None:
    assert _is_accepted(getattr(types, kind), value)


@pytest.mark.parametrize(("kind", "value"), _pairs(REFUSED))
def test_a_bad_value_is_refused(kind: str, value: str) -> None:
    assert not _is_accepted(getattr(types, kind), value)


def test_every_kind_of_value_has_good_and_bad_examples() -> None:
    kinds = {name for name, value in vars(types).items() if get_origin(value) is Annotated}
    assert kinds == set(ACCEPTED) == set(REFUSED)


@pytest.mark.parametrize("kind", sorted(ACCEPTED.keys() - {"EnvVarValue"}))
@pytest.mark.parametrize(
    "sign", ["${path.module}", "%{ if true }", "$", "{", "}", "%", "\n", "\r", "\0", "\x1b", "\x85"]
)
def test_nothing_that_terraform_reads_as_a_template_and_no_line_break_is_accepted(kind: str, sign: str) -> None:
    good = ACCEPTED[kind][0]
    for value in (f"{good}{sign}", f"{sign}{good}", f"{good[:4]}{sign}{good[4:]}"):
        assert not _is_accepted(getattr(types, kind), value)


@pytest.mark.parametrize("kind", sorted(ACCEPTED))
@pytest.mark.parametrize("value", [1, 1.0, True, None, [], {}])
def test_what_is_not_a_string_is_refused_and_not_converted(kind: str, value: object) -> None:
    assert not _is_accepted(getattr(types, kind), value)
