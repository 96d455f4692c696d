"""A file that is not valid TOML is answered with what to write on the line at which the parser stops."""

from pathlib import Path

import pytest

from tests.loading.support import EXAMPLE, error_messages

_REGION = 'region = "us-west-2"'


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("account_id = 011122223333", 'write account_id = "011122223333", in quotes: a number has no leading zero'),
        ("strict = True  # a comment", "write strict = true"),
        ("strict = FALSE,", "write strict = false"),
        ("boundary = null", "remove boundary: TOML has no empty value"),
        ("boundary =", "write a value behind boundary ="),
        ("// a comment", "begin a comment with #"),
        ("network: x", "write network = instead of network:"),
        ("network {", "write a table as [network], without braces"),
        ("tags = “ml”", "use straight quotes"),
        ('tags = "ml",', "end the line after the value, without , or ;"),
        ("revision = 1;", "end the line after the value, without , or ;"),
        ('tags = { a = "b",', "write a table in braces on one line without a comma at its end, or as [tags]"),
        ('tags = { a = "b", }', "write a table in braces on one line without a comma at its end, or as [tags]"),
        ("timeout = 5m", "write the number without a unit, or put the value in quotes"),
        ("region_name = us-east-1", "put the value of region_name in quotes"),
        ("image = var.image", "put the value of image in quotes"),
        (_REGION, "keep one definition of the key: it is a duplicate, or both a value and a table"),
        ("[environments.dev]", "keep one definition of the table"),
        ("roles = [1 2]", "put commas between the items, and ] after the last one"),
        (r'path = "a\q"', r"write \\ for a backslash, or use single quotes"),
        ('tags = "ml', "end the string with the quote that begins it"),
        (
            "[my table]",
            "close the brackets, and put names with other characters than letters, digits, _ and - in quotes",
        ),
        ("a b c", "correct the syntax"),
    ],
)
def test_a_mistake_is_answered_with_its_correction(tmp_path: Path, line: str, suggestion: str) -> None:
    (message,) = error_messages(tmp_path, EXAMPLE.replace(_REGION, f"{_REGION}\n{line}"))
    assert message.startswith("endpoints.toml: invalid TOML: ")
    assert message.endswith(f"; {suggestion} [toml-syntax]")


@pytest.mark.parametrize("line", ["DB_PASSWORD = 0123456", "api_key = abc123", "a = hunter2"])
def test_a_value_that_may_be_a_secret_is_not_shown(tmp_path: Path, line: str) -> None:
    (message,) = error_messages(tmp_path, EXAMPLE.replace(_REGION, f"{_REGION}\n{line}"))
    assert line.rsplit(maxsplit=1)[-1] not in message
