"""What each endpoint serves before and after a plan, however the resources are named and addressed.

An endpoint is the same if its name is, or else its address. From its configuration follow the variants, and from those
the models.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.plan.plan import Change, Plan, configuration_address
from protected_endpoints.review.plan.resource_types import CONFIGURATION, ENDPOINT, MODEL
from protected_endpoints.review.plan.values import Json, Unknown, identifier

# With more of them, what an endpoint serves is not known. A stack of this project has one endpoint.
_MAX_CANDIDATES = 20
_CONFIGURATION_NAME, _MODEL_NAME = "endpoint_config_name", "model_name"


@dataclass(frozen=True)
class Served:
    """What one endpoint serves at one time.

    Several configurations are candidates for a name that is known only after apply. `missing` are the names of
    configurations and models that the plan does not show.
    """

    configurations: tuple[Change, ...]
    models: tuple[Change, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServedEndpoint:
    """An endpoint that exists after the plan; `before` is None if it is new."""

    change: Change
    before: Served | None
    after: Served


@dataclass(frozen=True)
class ServedIndex:
    """The endpoints after a plan, with what they serve."""

    plan: Plan

    @cached_property
    def endpoints(self) -> list[ServedEndpoint]:
        """Return the endpoints that exist after the plan."""
        changes = self.plan.of_type(ENDPOINT)
        by_name = {name: change for change in changes if (name := identifier(change.value_before("name")))}
        result = []
        for change in changes:
            if change.after is None or change.is_deleted:
                continue
            previous = by_name.get(identifier(change.value_after("name"))) or change
            before = self._before.served(previous.before) if previous.before else None
            result.append(ServedEndpoint(change, before, self._after.served(change.after)))
        return result

    def serving(self, address: str) -> list[ServedEndpoint]:
        """Return the endpoints that serve a configuration or model after the plan."""
        return self._by_address.get(address, [])

    @cached_property
    def _by_address(self) -> dict[str, list[ServedEndpoint]]:
        by_address: dict[str, list[ServedEndpoint]] = {}
        for endpoint in self.endpoints:
            for change in (*endpoint.after.configurations, *endpoint.after.models):
                by_address.setdefault(change.address, []).append(endpoint)
        return by_address

    @cached_property
    def _before(self) -> "_Side":
        return _Side(self.plan, is_after=False)

    @cached_property
    def _after(self) -> "_Side":
        return _Side(self.plan, is_after=True)


@dataclass(frozen=True)
class _Side:
    """The configurations and models of a plan, either before or after it, by name."""

    plan: Plan
    is_after: bool

    def served(self, endpoint: Json) -> Served:
        configurations, missing = self._find(CONFIGURATION, [endpoint.get(_CONFIGURATION_NAME)])
        names = [
            variant.get(_MODEL_NAME)
            for configuration in configurations
            for variant in variants(self._attributes(configuration))
        ]
        # Inference components name their models, the variants do not.
        models, missing_models = self._find(MODEL, filter(None, names))
        return Served(configurations, models, (*missing, *missing_models))

    def _find(self, type_: str, names: Iterable[Any]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
        """Return the resources with names, and the names without one."""
        found: dict[str, Change] = {}
        missing: list[str] = []
        for name in names:
            changes = [*self._named(type_, name)]
            found |= {change.address: change for change in changes}
            missing += [] if changes else [str(name)]
        return tuple(found.values()), tuple(dict.fromkeys(missing))

    def _named(self, type_: str, name: Any) -> Iterator[Change]:
        if change := self._by_name(type_).get(identifier(name)):
            yield change
        elif isinstance(name, Unknown) and len(candidates := self._candidates(type_)) <= _MAX_CANDIDATES:
            yield from candidates

    def _candidates(self, type_: str) -> list[Change]:
        """Return the resources that a name may be of that is known only after apply."""
        return self._new_configurations if type_ == CONFIGURATION else self._new_models

    @cached_property
    def _new_configurations(self) -> list[Change]:
        return self._new(CONFIGURATION)

    @cached_property
    def _new_models(self) -> list[Change]:
        return self._new(MODEL)

    def _new(self, type_: str) -> list[Change]:
        changes = self._existing(type_)
        return [change for change in changes if "create" in change.actions] or changes

    def _by_name(self, type_: str) -> dict[Any, Change]:
        return self._configurations if type_ == CONFIGURATION else self._models

    @cached_property
    def _configurations(self) -> dict[Any, Change]:
        return self._index(CONFIGURATION)

    @cached_property
    def _models(self) -> dict[Any, Change]:
        return self._index(MODEL)

    def _index(self, type_: str) -> dict[Any, Change]:
        changes = self._existing(type_)
        references = {f"${{{configuration_address(change.address)}.name}}": change for change in changes}
        names = {name: change for change in changes if isinstance(name := self._attributes(change).get("name"), str)}
        return {**references, **names}

    def _existing(self, type_: str) -> list[Change]:
        return [change for change in self.plan.of_type(type_) if self._attributes(change)]

    def _attributes(self, change: Change) -> Json:
        """Return the attributes of a resource, and none if it does not exist."""
        if self.is_after:
            return {} if change.is_deleted else change.after or {}
        return change.before or {}
