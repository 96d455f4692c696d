"""The texts of `--set`: a key of an endpoint and its value, such as `endpoints.kmeans.image=IMAGE`."""

import re
import tomllib
from collections.abc import Iterable

from protected_endpoints.errors import UNSET, ConfigurationError, KeyPath, Problem
from protected_endpoints.loading.messages import redact_environment
from protected_endpoints.loading.schema import file_schema, schema_at
from protected_endpoints.loading.set_values import OVERRIDES, SetValue, set_problem, table_problem
from protected_endpoints.secret_scan import looks_secret

EXAMPLE = "endpoints.kmeans.image=111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:2"
_FORM = "must be a key of an endpoint and a value", f"write endpoints.<name>.<key>=<value>, such as {EXAMPLE}"
_KEY = r'[\w-]+|"[^"\n]*"'  # bare, or in quotes
_PATH = re.compile(rf"(?:{_KEY})(?:\.(?:{_KEY})|\[\d+\])*")
_STEP = re.compile(rf"({_KEY})|\[(\d+)\]")
_KEY_DEPTH, _OVERRIDE_DEPTH = 3, 5  # endpoints.<name>.<key>, endpoints.<name>.environments.<environment>.<key>


def parse_set_values(texts: Iterable[str]) -> tuple[SetValue, ...]:
    """Return the values of texts such as `endpoints.kmeans.image=IMAGE`.

    A value is TOML, or a string without quotes: always the text itself where the key takes a string.
    Raises `ConfigurationError` with every text that is not of this form.
    """
    values: dict[KeyPath, SetValue] = {}
    problems: list[Problem] = []
    for text in texts:
        try:
            value = _parse(text)
        except ConfigurationError as error:
            problems += error.problems
            continue
        if value.path in values:
            problems.append(set_problem(value.path, "duplicate entry", "set the key once"))
        values[value.path] = value
    if problems:
        raise ConfigurationError(problems)
    return tuple(values.values())


def _parse(text: str) -> SetValue:
    key, separator, written = (part.strip() for part in text.partition("="))
    if not separator or not _PATH.fullmatch(key):  # not shown, because it may be a secret
        raise ConfigurationError([set_problem((), *_FORM)])
    path: KeyPath = tuple(int(index) if index else name.strip('"') for name, index in _STEP.findall(key))
    _check_path(path)
    if not written:
        suggestion = f"write {key}=<value>, or '{key}=\"\"' for an empty string"
        raise ConfigurationError([set_problem(path, "has no value", suggestion)])
    is_environment = redact_environment(path, written) is UNSET  # which a rule checks
    if looks_secret("", written) and not is_environment:
        raise ConfigurationError([set_problem(path, "must not be a credential", "set another value")])
    value = _value(path, written)
    if value is UNSET:
        suggestion = f"write a string, a number, true, false or a list, such as {key}='[1, 2]'"
        raise ConfigurationError([set_problem(path, "invalid TOML", suggestion)])
    if any(isinstance(item, dict) for item in (value, *(value if isinstance(value, list) else ()))):
        raise ConfigurationError([table_problem(path)])
    return SetValue(path, value)


def _check_path(path: KeyPath) -> None:
    if path[0] != "endpoints":
        message = "only keys of endpoints can be set"
        suggestion = "write endpoints.<name>.<key>=<value>, or change it in endpoints.toml"
        raise ConfigurationError([set_problem(path, message, suggestion)])
    depth = _OVERRIDE_DEPTH if path[2:3] == (OVERRIDES,) else _KEY_DEPTH
    if len(path) < depth or any(isinstance(key, int) for key in path[:depth]):
        raise ConfigurationError([set_problem(path, *_FORM)])
    if path[2] == "only":
        message = "the environments of an endpoint cannot be set"
        raise ConfigurationError([set_problem(path, message, "change them in endpoints.toml")])


def _value(path: KeyPath, written: str) -> object:
    """Return the value that a text stands for; `UNSET` for one that is neither TOML nor a string without quotes."""
    try:
        parsed = tomllib.loads(f"value = {written}")
    except (ValueError, RecursionError):
        parsed = {}
    value = parsed.get("value", UNSET) if len(parsed) == 1 else UNSET
    if isinstance(value, str):
        return value
    if schema_at(file_schema(), path).get("type") == "string":
        return written
    return written if value is UNSET and written[0] not in "\"'[{" else value
