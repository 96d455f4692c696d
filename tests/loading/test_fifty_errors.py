"""Fifty different mistakes are fifty messages, sorted by place."""

from pathlib import Path

from tests.loading.support import messages

_FILE = Path(__file__).parent / "fifty_errors.toml"
_MARK = " #: "


def test_fifty_mistakes_are_fifty_messages_sorted_by_place() -> None:
    expected = [line.split(_MARK)[1] for line in _FILE.read_text(encoding="utf-8").splitlines() if _MARK in line]
    assert len({*expected}) == len(expected) == 50
    assert [message.split(": ")[0].removesuffix(".role_arn") for message in messages(_FILE)] == expected
