"""Fifty different errors are fifty messages in the order of the file."""

from pathlib import Path

from tests.loading.support import messages_of_file

_FILE = Path(__file__).parent / "fifty_errors.toml"
_MARK = " #: "


def test_fifty_errors_are_fifty_messages_in_the_order_of_the_file() -> None:
    expected = [line.split(_MARK)[1] for line in _FILE.read_text(encoding="utf-8").splitlines() if _MARK in line]
    assert len({*expected}) == len(expected) == 50
    assert [message.split(": ")[0].removesuffix(".role_arn") for message in messages_of_file(_FILE)] == expected
