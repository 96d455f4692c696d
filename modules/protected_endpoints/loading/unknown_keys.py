"""Problems of keys that a table does not have, and the key that each of them stands for."""

from functools import cache

from protected_endpoints.errors import UNSET, KeyPath, Problem, format_path
from protected_endpoints.loading.known_keys import INSTEAD, RENAMED, UNSUPPORTED
from protected_endpoints.loading.schema import deref, file_schema, properties, schema_at
from protected_endpoints.loading.suggestions import snake_case, suggest_key, suggest_keys
from protected_endpoints.secret_scan import looks_secret

_MODEL_OR_HOSTING = frozenset({"image", "instance_type"})  # keys of the tables of a model and of its hosting


def unknown_key(path: KeyPath, value: object) -> Problem:
    """Return the problem of a key that the table does not have."""
    key = str(path[-1])
    # The value of an unknown key may be a secret, and so may the values of a table.
    is_hidden = isinstance(value, dict | list) or looks_secret(key, str(value))
    shown = UNSET if is_hidden else value
    if expected := _expected_key(path, shown):
        return expected
    intended = suggest_key(key, allowed_keys(path[:-1])) or _key_of_subtable(path)
    suggestion = f"did you mean {intended}?" if intended else _other_table(path)
    suggestion = suggestion or suggest_keys(key, allowed_keys(path[:-1]))
    return Problem(path, "unknown key", suggestion, value=shown, rule="unknown-key")


def misplaced_key(path: KeyPath, value: object, suggestion: str = "remove it") -> Problem:
    """Return the problem of a key that other tables have."""
    shown = UNSET if isinstance(value, dict | list) else value
    return Problem(path, "unknown key", suggestion, value=shown, rule="unknown-key")


def intended_key(path: KeyPath) -> str | None:
    """Return the key that an unknown one stands for, as its message says, or None."""
    if _expected_key(path):
        return RENAMED.get(snake_case(str(path[-1])))
    return suggest_key(str(path[-1]), allowed_keys(path[:-1]))


@cache
def allowed_keys(path: KeyPath) -> tuple[str, ...]:
    """Return the keys that the table at a path may have. They are cached: a message asks several times."""
    return (*properties(schema_at(file_schema(), path)),)


def _expected_key(path: KeyPath, shown: object = UNSET) -> Problem | None:
    """Return the problem of a key that people expect.

    They expect it in a table of a model or its hosting; in another table, a similar key is more likely, unless there is
    a text for `TABLE.KEY`.
    """
    allowed, key = allowed_keys(path[:-1]), snake_case(str(path[-1]))
    section = str(path[0]) if len(path) > 1 else ""
    texts = INSTEAD.get(section, {})
    table = next((str(part) for part in reversed(path[:-1]) if isinstance(part, str)), "")  # not the index of a list
    in_table = texts.get(f"{table}.{key}")
    if not in_table and _MODEL_OR_HOSTING.isdisjoint(allowed) and suggest_key(key, allowed):
        return None
    if section in ("", "endpoints") and key in UNSUPPORTED:
        return Problem(path, *UNSUPPORTED[key], rule="unsupported-key")
    instead = in_table or texts.get(key)
    if instead and section:
        instead = instead.replace(f"{section}.NAME", format_path(path[:2]))
    return Problem(path, "unknown key", instead, value=shown, rule="unknown-key") if instead else None


def _key_of_subtable(path: KeyPath) -> str | None:
    """Return the dotted key where exactly one table inside of the table has the key: `relax.bearer_tokens`."""
    key, table = snake_case(str(path[-1])), schema_at(file_schema(), path[:-1])
    subtables = {name: deref(file_schema(), subtable) for name, subtable in properties(table).items()}
    tables = [name for name, subtable in subtables.items() if key in subtable.get("properties", {})]
    return f"{tables[0]}.{key}" if len(tables) == 1 else None


def _other_table(path: KeyPath) -> str | None:
    """Return the suggestion for a key of the endpoint in one of its tables."""
    endpoint, key = path[:2], snake_case(str(path[-1]))
    if path[0] != "endpoints" or key not in allowed_keys(endpoint):
        return None
    tables = [keys[0] for keys in (("models", ""), ("variants", 0)) if key in allowed_keys((*endpoint, *keys))]
    return f"move it to [{format_path(endpoint)}]{''.join(f', or to a table of {name}' for name in tables)}"
