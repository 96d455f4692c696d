"""Put examples in the place of what is wrong, so that the rules can judge the rest and every mistake shows at once."""

from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from modules.config import Deployment, Endpoint, Environment, Project
from modules.messages import KEY, as_written, example_at
from modules.problems import ConfigurationError, Path, Problem

Model = TypeVar("Model", bound=BaseModel)

# Two that have nothing in common: a rule that is broken in both does not depend on the environment.
_ANYWHERE = (
    Environment(name="x", account_id="000000000000", region="us-east-1"),
    Environment(name="x", account_id="999999999999", region="cn-north-1"),
)


def mended(
    model: type[Model], table: dict[str, Any], error: ValidationError, path: Path
) -> tuple[Model | None, list[Path]]:
    """Return the model without what is wrong with it, and where that was; None if that cannot be had."""
    copy, places = deepcopy(table), []
    for each in error.errors(include_url=False):
        loc = as_written(each["loc"], table)
        keys = loc[:-1] if loc[-2:] == (each["input"], KEY) else loc
        places.append((*path, *keys))
        _replace(copy, keys, None if each["type"] == "extra_forbidden" else example_at(places[-1]))
    try:
        return model.model_validate(copy), places
    except ValidationError:
        return None, []


def broken_rules(project: Project | None, environment: Environment | None, endpoint: Endpoint) -> list[Problem]:
    """Return what the rules find, as far as it does not depend on a project or an environment that is itself wrong."""
    found = [
        _errors(project or Project(name="x"), place, endpoint)
        for place in ([environment] if environment else _ANYWHERE)
    ]
    return [problem for problem in found[0] if all(problem in each for each in found)]


def _errors(project: Project, environment: Environment, endpoint: Endpoint) -> tuple[Problem, ...]:
    try:
        Deployment(project, environment, endpoint)
    except ConfigurationError as error:
        return error.problems
    return ()


def _replace(table: Any, keys: tuple[int | str, ...], example: Any) -> None:
    for key in keys[:-1]:
        table = table[key]
    if example is None:
        del table[keys[-1]]
    else:
        table[keys[-1]] = example
