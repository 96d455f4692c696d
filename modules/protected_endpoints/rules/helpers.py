"""What several rules share: which keys were written, what follows when they say nothing, and where an ARN belongs."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import UNSET, KeyPath, Problem

_EMPTY: tuple[object, ...] = (None, (), {})


def written(table: BaseModel, keys: Iterable[str]) -> list[str]:
    """Return which of the keys say something."""
    values = {key: getattr(table, key) for key in keys}
    return [key for key, value in values.items() if value not in _EMPTY and value is not False]


def each_written(path: KeyPath, table: BaseModel, keys: Iterable[str], wrong: str, fix: str) -> Iterator[Problem]:
    """Yield the same problem for each of the keys that says something."""
    for key in written(table, keys):
        yield Problem((*path, key), wrong, fix, value=told(getattr(table, key)))


def told(value: object) -> object:
    """Return a value for a message, and nothing where it is a table."""
    return value if isinstance(value, str | int) else UNSET


def of_another_account(deployment: Deployment, path: KeyPath, arn: str | None, what: str) -> Iterator[Problem]:
    """Yield the problem of an ARN that the execution role's boundary keeps out."""
    account = deployment.environment.account_id
    if arn and arn.split(":")[4] != account:
        yield Problem(
            path,
            f"the {what} is not of account {account}, and the execution role has nothing to do in another",
            f"name a {what} of that account",
            value=arn,
        )


def elsewhere(deployment: Deployment, path: KeyPath, arn: str | None, what: str) -> Iterator[Problem]:
    """Yield the problem of an ARN that is not of the deployment's partition and region."""
    environment = deployment.environment
    if arn and arn.split(":")[1:4:2] != [deployment.names.partition, environment.region]:
        yield Problem(
            path,
            f"the {what} is not in region {environment.region}",
            f"name a {what} of that region, for one environment under environments.{environment.name}",
            value=arn,
        )


def twice(paths: Iterable[tuple[KeyPath, str]], wrong: str = "named twice") -> Iterator[Problem]:
    """Yield the places whose name stood in an earlier place."""
    places = [*paths]
    for index in repeated(name for _, name in places):
        path, name = places[index]
        yield Problem(path, wrong, "rename one of the two", value=name)


def repeated(names: Iterable[str | None]) -> Iterator[int]:
    """Yield the index of each name that stood in the list before; None is no name."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield index
        elif name is not None:
            seen.add(name)
