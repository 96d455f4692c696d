"""What each resource of a plan is compared with: itself before, what the endpoint served before, or the default."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from protected_endpoints.review.analysis.defaults import default, is_serverless
from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.analysis.served import ServedIndex
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import BUCKET, CONFIGURATION, MODEL
from protected_endpoints.review.plan.values import Json, identifier

Value = TypeVar("Value")


@dataclass(frozen=True)
class Comparison:
    """A resource that exists after a plan, and what it is compared with.

    A model is compared with all models that its endpoint served before; every other resource with one. `is_new` means
    that this is the project's default.
    """

    change: Change
    previous: tuple[Json, ...]
    is_new: bool
    _values: dict[Callable[[Json], Iterable[Any]], frozenset[Any]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def previous_values(self, values: Callable[[Json], Iterable[Value]]) -> frozenset[Value]:
        """Return the values of all that the resource is compared with, computed once for models that share it."""
        if values not in self._values:
            self._values[values] = frozenset(value for side in self.previous for value in values(side))
        return self._values[values]

    @property
    def address(self) -> str:
        return self.change.address

    @property
    def before(self) -> Json:
        return self.previous[0]

    @property
    def after(self) -> Json:
        return self.change.after or {}


@dataclass(frozen=True)
class Comparisons:
    """The comparisons of a plan."""

    plan: Plan

    @cached_property
    def served(self) -> ServedIndex:
        return ServedIndex(self.plan)

    def of_type(self, type_: str) -> list[Comparison]:
        """Return the resources of a type that exist after the plan, each with what it is compared with."""
        if type_ == MODEL:
            return self._models
        changes = [change for change in self.plan.of_type(type_) if change.after is not None and not change.is_deleted]
        compare = self._configuration if type_ == CONFIGURATION else _itself
        return [comparison for change in changes for comparison in compare(change)]

    def is_serverless(self, model: Change) -> bool:
        """Return whether only serverless variants serve a model after the plan."""
        configurations = [
            configuration.after or {}
            for endpoint in self.served.serving(model.address)
            for configuration in endpoint.after.configurations
        ]
        return is_serverless(configurations)

    @cached_property
    def instance_types(self) -> dict[tuple[str, str], set[str]]:
        """Return the instance types before and after the plan by the names of the endpoint and the variant."""
        types: dict[tuple[str, str], set[str]] = {}
        for endpoint in self.served.endpoints:
            before = [item.before for item in (endpoint.before.configurations if endpoint.before else ())]
            for side in (*before, *(item.after for item in endpoint.after.configurations)):
                for variant in variants(side):
                    key = (identifier(endpoint.change.value_after("name")), str(variant.get("variant_name")))
                    types.setdefault(key, set()).add(str(variant.get("instance_type")))
        return types

    def buckets_without(self, setting: str) -> Iterator[Change]:
        """Yield the new buckets that have no resource of a type, such as a public access block."""
        settings = [change for change in self.plan.of_type(setting) if not change.is_deleted]
        names = {name for change in settings if (name := identifier(change.value_after("bucket")))}
        for bucket in self.plan.of_type(BUCKET):
            references = {f"${{{bucket.address}.{attribute}}}" for attribute in ("bucket", "id")}
            if bucket.is_created and not names & {identifier(bucket.value_after("bucket")), *references}:
                yield bucket

    def _configuration(self, change: Change) -> Iterator[Comparison]:
        """Compare an endpoint configuration with those that the same endpoints had before."""
        endpoints = self.served.serving(change.address)
        sides = [
            configuration.before
            for endpoint in endpoints
            for configuration in (endpoint.before.configurations if endpoint.before else ())
            if configuration.before
        ]
        for side in sides:
            yield Comparison(change, (side,), is_new=False)
        if not endpoints or any(endpoint.before is None for endpoint in endpoints) or not sides:
            # Without an endpoint, or beside that of another one.
            yield from _itself(change)

    @cached_property
    def _models(self) -> list[Comparison]:
        return [
            self._model(change)
            for change in self.plan.of_type(MODEL)
            if change.after is not None and not change.is_deleted
        ]

    def _model(self, change: Change) -> Comparison:
        endpoints = self.served.serving(change.address)
        sides: list[Json] = []
        for endpoint in endpoints:
            models = endpoint.before.models if endpoint.before else ()
            is_same = any(model.address == change.address for model in models)
            sides += [model.before for model in ([change] if is_same else models) if model.before]
        if all(endpoint.before for endpoint in endpoints):
            previous = tuple(sides) or ((change.before,) if change.before else ())
            if previous:
                return Comparison(change, previous, is_new=False)
            if self._beside_others.previous:
                return replace(self._beside_others, change=change)
        if self.is_serverless(change):
            return Comparison(change, ({},), is_new=True)
        return replace(self._of_new_endpoint, change=change)

    @cached_property
    def _beside_others(self) -> Comparison:
        """A model at a new address, compared with all models before; `change` is replaced by the model."""
        models = self.plan.of_type(MODEL)
        return Comparison(models[0], tuple(model.before for model in models if model.before), is_new=False)

    @cached_property
    def _of_new_endpoint(self) -> Comparison:
        """The model of a new endpoint, compared with the default and all models before; `change` is replaced."""
        change = self._beside_others.change
        return Comparison(change, (default(MODEL, change.after or {}), *self._beside_others.previous), is_new=True)


def _itself(change: Change) -> Iterator[Comparison]:
    if change.before:
        yield Comparison(change, (change.before,), is_new=False)
    elif change.after:
        yield Comparison(change, (default(change.type, change.after),), is_new=True)
