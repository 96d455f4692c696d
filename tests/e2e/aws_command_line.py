"""The commands of the AWS command line in a text, as calls of botocore."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

from botocore import xform_name

from sandbox.emulator import Emulator

_COMMAND = re.compile(r"\baws [a-z-]+ [a-z-]+ --.*")


def aws_commands(text: str) -> list[list[str]]:
    """Return the words of each command in a text."""
    return [shlex.split(command) for command in _COMMAND.findall(text)]


def call(aws: Emulator, command: list[str]) -> None:
    """Do what a command does, with its arguments in the shorthand syntax."""
    _, service, operation, *words = command
    client, method = aws.client(service), operation.replace("-", "_")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
    members = {f"--{xform_name(name, '-')}": (name, member.type_name) for name, member in shape.members.items()}
    arguments = {}
    for option, values in _options(words):
        if option != "--region":
            name, kind = members[option]
            arguments[name] = _value(kind, values)
    getattr(client, method)(**arguments)


def _options(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    starts = [index for index, word in enumerate(words) if word.startswith("--")]
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        yield words[start], words[start + 1 : end]


def _value(kind: str, words: list[str]) -> Any:
    tables = [dict(pair.split("=", 1) for pair in word.split(",")) for word in words if kind in ("list", "map")]
    return {"list": tables, "map": tables[0] if tables else {}}.get(kind, words[0])
