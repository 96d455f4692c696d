"""What a change means for the `deployment_config` of an endpoint that exists.

Terraform replaces an endpoint that gets or loses `auto_rollback_configuration`, and changes everything else of
`deployment_config` in place. For that it updates the endpoint, which SageMaker refuses with the endpoint configuration
in use ("Cannot update endpoint with the currently in use endpoint configuration"). Without `deployment_config` in
`endpoints.toml`, the endpoint keeps what it has.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from protected_endpoints.errors import inline_toml
from protected_endpoints.review.analysis.endpoints import describe_rollout, rollback_alarms
from protected_endpoints.review.analysis.inference_option import NEW_ENDPOINT
from protected_endpoints.review.plan.values import Json, as_dict, as_list, first_block

_ADVICE = f"{NEW_ENDPOINT[0].lower()}{NEW_ENDPOINT[1:].rstrip('.')}"
_KEY = "deployment_config"
# Attributes of an endpoint configuration that do not decide what it serves.
_NOT_CONTENT = {"arn", "id", "name", "name_prefix", "region", "tags", "tags_all"}
_REFERENCE = re.compile(r"\$\{(\w+\.[\w-]+)(?:\[0\])?\.(\w+)\}")
_CANARY_PERCENT = 50


@dataclass(frozen=True)
class RolloutUpdate:
    """An endpoint in the state and in the synthesized stack, with its endpoint configurations.

    `recorded` are attributes, `configured` arguments, both in the form of a plan. `table` is its name in
    `endpoints.toml`. After an update that failed, the endpoint does not use the endpoint configuration that the state
    says. `deleted_alarms` are the names of alarms in the state that the stack no longer has. References of
    the stack resolve to `resources`: attributes by address.
    """

    name: str
    table: str
    recorded: Json
    configured: Json
    is_ignored: bool
    configuration_before: Json
    configuration_after: Json
    deleted_alarms: frozenset[str]
    has_failed: bool
    resources: Mapping[str, Json]

    def refusals(self) -> Iterator[str]:
        """Yield why the update would replace the endpoint, or why SageMaker would refuse it, with what to do."""
        if self.is_ignored:
            yield from self._unusable()
        elif bool(rollback_alarms(self.recorded)) != bool(rollback_alarms(self.configured)):
            yield self._replacement()
        elif self._differs and self._keeps_configuration and not self.has_failed:
            yield (
                f"only {_KEY} of endpoint {self.name} changes, but SageMaker does not update an endpoint to the "
                "endpoint configuration that it uses; change the model or the instances with it, or raise revision of "
                f"[{self.table}]"
            )

    def notes(self) -> Iterator[str]:
        """Yield what the endpoint keeps, and what SageMaker may refuse."""
        if self.is_ignored and rollback_alarms(self.configured) and not rollback_alarms(self.recorded):
            yield (
                f"endpoint {self.name} has no rollback alarms, and Terraform cannot add them to an endpoint that "
                f"exists; to update with them, {_ADVICE}"
            )
        elif self.is_ignored and self.configured.get(_KEY) and self._differs:
            kept, default = describe_rollout(self.recorded), describe_rollout(self.configured)
            yield (
                f"endpoint {self.name} keeps the {_KEY} it has ({kept}) instead of the default ({default}); to set it, "
                f"{self._table_to_add()}"
            )
        before, after = (_variant_names(side) for side in (self.configuration_before, self.configuration_after))
        if self.recorded.get(_KEY) and before != after:
            yield (
                f"the variants of endpoint {self.name} change from {', '.join(before)} to {', '.join(after)}, and AWS "
                f"documents that an endpoint with {_KEY} keeps their names; if SageMaker refuses the update, {_ADVICE}"
            )

    @property
    def _differs(self) -> bool:
        return _content(self.recorded.get(_KEY)) != _content(self.configured.get(_KEY))

    @property
    def _keeps_configuration(self) -> bool:
        before = {key: value for key, value in self.configuration_before.items() if key not in _NOT_CONTENT}
        after = {key: value for key, value in self.configuration_after.items() if key not in _NOT_CONTENT}
        return _content(before) == _content(self._resolved(after))

    def _resolved(self, value: object) -> object:
        """Return a value with the attributes that it refers to; a reference that is not known is left."""
        if isinstance(value, dict):
            return {key: self._resolved(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._resolved(item) for item in value]
        if isinstance(value, str) and (reference := _REFERENCE.fullmatch(value)):
            return self.resources.get(reference[1], {}).get(reference[2], value)
        return value

    def _replacement(self) -> str:
        reason = f"endpoint {self.name} would be deleted and created again, because Terraform cannot"
        if rollback_alarms(self.configured):
            return (
                f"{reason} add auto_rollback_configuration to an endpoint that exists; remove it from {_KEY} of "
                f"[{self.table}], or {_ADVICE}"
            )
        alarms = inline_toml([{"alarm_name": name} for name in rollback_alarms(self.recorded)])
        return (
            f"{reason} remove auto_rollback_configuration from an endpoint that exists; add it to {_KEY} of "
            f"[{self.table}] with alarms = {alarms}, or remove {_KEY} as a whole, with which the endpoint keeps what "
            f"it has, or {_ADVICE}"
        )

    def _unusable(self) -> Iterator[str]:
        """Yield why the endpoint cannot be updated with the `deployment_config` that it keeps.

        The execution role may describe the alarms of the configured one alone.
        """
        kept = rollback_alarms(self.recorded)
        unreadable = sorted({*kept} - {*rollback_alarms(self.configured)})
        if self.configured.get(_KEY) and unreadable:
            yield (
                f"endpoint {self.name} keeps the {_KEY} it has, whose alarms its execution role can no longer "
                f"describe: {', '.join(unreadable)}; restore {_KEY} of [{self.table}], or {self._table_to_add()}"
            )
        elif deleted := sorted(self.deleted_alarms.intersection(kept)):
            yield (
                f"endpoint {self.name} keeps the {_KEY} it has, whose alarms this change deletes: "
                f"{', '.join(deleted)}; {_ADVICE}"
            )
        elif self.configured.get(_KEY) and (size := self._canary_too_large()):
            yield f"endpoint {self.name} {size}; {self._table_to_add()}"

    def _canary_too_large(self) -> str:
        policy = first_block(first_block(self.recorded.get(_KEY)).get("blue_green_update_policy"))
        size = first_block(first_block(policy.get("traffic_routing_configuration")).get("canary_size"))
        counts = [count for variant in _variants(self.configuration_after) if (count := _instances(variant))]
        if size.get("type") != "INSTANCE_COUNT" or not counts:
            return ""
        value, smallest = int(size.get("value", 0)), min(counts)
        if value * 100 <= smallest * _CANARY_PERCENT:
            return ""
        return f"keeps its canary of {value}, which must not exceed half of the instances of a variant, here {smallest}"

    def _table_to_add(self) -> str:
        table = _as_table(self.configured.get(_KEY))
        if not rollback_alarms(self.recorded):
            table = {key: value for key, value in table.items() if key != "auto_rollback_configuration"}
        return f"add to [{self.table}]: {_KEY} = {inline_toml(table)}"


def _content(value: object) -> object:
    """Return a value without what is empty, in lists, and in the order of their content.

    A state has attributes that are not configured, with the value that stands for nothing.
    """
    if isinstance(value, dict):
        items = {key: _content(item) for key, item in value.items()}
        return {key: item for key, item in items.items() if item}
    if isinstance(value, list):
        return sorted((_content(item) for item in value), key=str)
    return float(value) if isinstance(value, int) else value


def _variants(configuration: Json) -> list[Json]:
    return [as_dict(variant) for variant in as_list(configuration.get("production_variants"))]


def _variant_names(configuration: Json) -> list[str]:
    return sorted(str(variant.get("variant_name")) for variant in _variants(configuration))


def _instances(variant: Json) -> int:
    count = variant.get("initial_instance_count")
    return count if isinstance(count, int) else 0


def _as_table(blocks: object) -> Json:
    """Return a block as a table of `endpoints.toml`."""
    return {
        key: value if key == "alarms" else _as_table(value) if isinstance(value, list) else value
        for key, value in first_block(blocks).items()
    }
