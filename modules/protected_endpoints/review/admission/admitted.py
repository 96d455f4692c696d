"""Read what `review.toml` admits beyond the grammar: types of resources, or single arguments of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.review_file import ADMITTED, ReviewFile

# These run commands or decide which provider and account Terraform uses, or how many resources there are.
NEVER_ARGUMENTS = frozenset({"provisioner", "connection", "provider", "count", "for_each"})
_KEYS, _REQUIRED = ("type", "argument", "reason"), ("type", "reason")
_MIN_REASON_LENGTH = 10
_MAX_VALUE_LENGTH = 60  # characters
# The lock file has no provider but that of AWS.
_TYPE = re.compile(r"(?:data\.)?aws_[a-z0-9_]+")
_ARGUMENT = re.compile(r"\w+(?:\.\w+)*")


@dataclass(frozen=True)
class Admitted:
    """A type of resources or data sources (`data.aws_vpc`) that is admitted, or one argument of that type."""

    type: str
    reason: str
    argument: str = ""  # a path without the indices of lists, such as `container.environment`; empty for every argument

    def covers(self, type_: str, argument: str) -> bool:
        """Return whether an argument of a type is this one, or inside of it."""
        if type_ != self.type or argument.partition(".")[0] in NEVER_ARGUMENTS:
            return False
        return not self.argument or f"{argument}.".startswith(f"{self.argument}.")


def can_be_admitted(type_: str, argument: str) -> bool:
    """Return whether an entry can admit an argument of a type, or the whole type if the argument is empty."""
    is_path = not argument or bool(_ARGUMENT.fullmatch(argument))
    return bool(_TYPE.fullmatch(type_)) and is_path and argument.partition(".")[0] not in NEVER_ARGUMENTS


def used(entries: Sequence[Admitted], problems: Iterable[NotAdmitted]) -> tuple[Admitted, ...]:
    """Return the entries that admit one of the problems that there are without any entry."""
    admissible = [(problem.type, problem.argument) for problem in problems if problem.type]
    return tuple(entry for entry in entries if any(entry.covers(*problem) for problem in admissible))


def admitted(file: ReviewFile) -> tuple[Admitted, ...]:
    """Return the entries of `[[admitted]]` in a `review.toml`. Raises `Unreadable` with every error."""
    entries = file.entries(ADMITTED)
    errors = [
        f"{file.path}: {ADMITTED}[{number}]{error}" for number, entry in enumerate(entries) for error in _errors(entry)
    ]
    if errors:
        raise Unreadable("\n".join(errors))
    return tuple(Admitted(**entry) for entry in entries if isinstance(entry, dict))


def _errors(entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return [": must be a table; set type and reason"]
    unknown = [f".{key}: unknown key; use {', '.join(_KEYS)}" for key in entry if key not in _KEYS]
    missing = [f".{key}: required; add it" for key in _REQUIRED if key not in entry]
    checks = {"type": _type_error, "argument": _argument_error, "reason": _reason_error}
    invalid = [f".{key}: {error}" for key, check in checks.items() if key in entry and (error := check(entry[key]))]
    return [*unknown, *missing, *invalid]


def _type_error(type_: Any) -> str:
    if isinstance(type_, str) and _TYPE.fullmatch(type_):
        return ""
    return f'must be a type of the AWS provider, got {_shown(type_)}; for example, set type = "aws_sqs_queue"'


def _argument_error(argument: Any) -> str:
    if not isinstance(argument, str) or not _ARGUMENT.fullmatch(argument):
        return f'must be the path of an argument, got {_shown(argument)}; for example, set argument = "tracing_config"'
    if argument.partition(".")[0] in NEVER_ARGUMENTS:
        return f"cannot be admitted, got {_shown(argument)}; remove the entry, and the argument from the stack"
    return ""


def _reason_error(reason: Any) -> str:
    if isinstance(reason, str) and len(reason.strip()) >= _MIN_REASON_LENGTH:
        return ""
    return (
        f"must be a string of {_MIN_REASON_LENGTH} characters or more, got {_shown(reason)}; "
        "state who approved it, and why"
    )


def _shown(value: object) -> str:
    return repr(str(value))[:_MAX_VALUE_LENGTH]
