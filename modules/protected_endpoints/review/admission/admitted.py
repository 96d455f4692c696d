"""Read what `review.toml` admits beyond the grammar: types of resources, or single arguments of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from protected_endpoints.review.plan.files import read_toml
from protected_endpoints.review.plan.plan import Unreadable

KEY = "admitted"
# These run commands or decide which provider and account Terraform uses, or how many resources there are.
NEVER_ARGUMENTS = frozenset({"provisioner", "connection", "provider", "count", "for_each"})
_KEYS, _REQUIRED = ("type", "argument", "reason"), ("type", "reason")
_MIN_REASON_LENGTH = 10
# The lock file has no provider but that of AWS.
_TYPE = re.compile(r"(?:data\.)?aws_[a-z0-9_]+")
_ARGUMENT = re.compile(r"\w+(?:\.\w+)*")


@dataclass(frozen=True)
class Admitted:
    """A type of resources or data sources (`data.aws_vpc`) that is admitted, or one argument of that type."""

    type: str
    argument: str  # a path without the indices of lists, such as `container.environment`; empty for every argument
    reason: str

    def covers(self, type_: str, argument: str) -> bool:
        """Return whether an argument of a type is this one, or inside of it."""
        if type_ != self.type or argument.partition(".")[0] in NEVER_ARGUMENTS:
            return False
        return not self.argument or f"{argument}.".startswith(f"{self.argument}.")


def can_be_admitted(type_: str, argument: str) -> bool:
    """Return whether an entry can admit an argument of a type, or the whole type if the argument is empty."""
    return bool(_TYPE.fullmatch(type_)) and argument.partition(".")[0] not in NEVER_ARGUMENTS


def read(file: Path | None) -> tuple[Admitted, ...]:
    """Return the entries of `[[admitted]]` in a file, and none without a file. Raises `Unreadable`."""
    if file is None:
        return ()
    entries = read_toml(file, option="--acknowledged").get(KEY, [])
    if not isinstance(entries, list):
        raise Unreadable(f"{file}: {KEY}: must be an array of tables; start each entry with [[{KEY}]]")
    errors = [f"{file}: {KEY}[{number}]{error}" for number, entry in enumerate(entries) for error in _errors(entry)]
    if errors:
        raise Unreadable("\n".join(errors))
    return tuple(Admitted(entry["type"], entry.get("argument", ""), entry["reason"]) for entry in entries)


def _errors(entry: object) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield ": must be a table; set type and reason"
        return
    yield from (f".{key}: unknown key; use {', '.join(_KEYS)}" for key in entry if key not in _KEYS)
    yield from (f".{key}: required; add it" for key in _REQUIRED if key not in entry)
    type_, argument = entry.get("type", "aws_any"), entry.get("argument", "any")
    reason = entry.get("reason", "a valid reason")
    if not isinstance(type_, str) or not _TYPE.fullmatch(type_):
        yield '.type: must be a type of the AWS provider; for example, set type = "aws_sns_topic" or "data.aws_vpc"'
    if not isinstance(argument, str) or not _ARGUMENT.fullmatch(argument):
        yield '.argument: must be the path of an argument; for example, set argument = "container.environment"'
    elif argument.partition(".")[0] in NEVER_ARGUMENTS:
        yield f".argument: {argument} cannot be admitted; remove the entry, and the argument from the stack"
    if not isinstance(reason, str) or len(reason.strip()) < _MIN_REASON_LENGTH:
        yield f".reason: must be a string of {_MIN_REASON_LENGTH} characters or more; state who approved it, and why"
