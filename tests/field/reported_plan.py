"""A plan as `terraform show -json` writes it, from the changes that it is about, and what its review has to find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.review.fragments import ACCOUNT, Json, change

_ROLE, _ROLE_ARN = "aws_iam_role.Role", f"arn:aws:iam::{ACCOUNT}:role/acme-dev-exec"
EXECUTION_ROLE = {"name": "acme-dev-exec", "arn": _ROLE_ARN}
_ATTRIBUTES_OF_AWS = ("arn", "id")

Findings = set[tuple[str, str]]  # rule and address


@dataclass(frozen=True)
class ReportedPlan:
    """A plan, and the findings that block or warn in its review.

    `configuration` replaces arguments of the configuration that follow from the changes, by address. `more` are the
    other parts of the plan.
    """

    changes: Sequence[Json]
    blocks: Findings = field(default_factory=set)
    warns: Findings = field(default_factory=set)
    configuration: Mapping[str, Json] = field(default_factory=dict)
    more: Json = field(default_factory=dict)

    def raw(self, *, is_configured: bool = True) -> Json:
        """Return the plan, also as other tools pass it on: without its configuration."""
        changes = [change(_ROLE, EXECUTION_ROLE, EXECUTION_ROLE, ("no-op",)), *self.changes]
        plan = {
            "format_version": "1.2",
            "terraform_version": "1.14.0",
            "planned_values": {"root_module": {}},
            "resource_changes": changes,
            "applyable": True,
            "complete": True,
            "errored": False,
            **self.more,
        }
        return {**plan, "configuration": self._configuration(changes)} if is_configured else plan

    def _configuration(self, changes: Sequence[Json]) -> Json:
        aws = {"allowed_account_ids": {"constant_value": [ACCOUNT]}, "region": {"constant_value": "us-west-2"}}
        provider = {"name": "aws", "full_name": "hashicorp/aws", "expressions": aws}
        resources = [
            {
                "address": item["address"],
                "mode": "managed",
                "type": item["type"],
                "name": item["address"].rpartition(".")[2],
                "provider_config_key": "aws",
                "expressions": {**_expressions(item["change"]["after"]), **self.configuration.get(item["address"], {})},
                "schema_version": 0,
            }
            for item in changes
            if item["change"]["after"] is not None
        ]
        return {"provider_config": {"aws": provider}, "root_module": {"resources": resources}}


def _expressions(attributes: Json) -> Json:
    """Return the expressions of the arguments that a resource has after the plan."""
    return {name: _expression(value) for name, value in attributes.items() if name not in _ATTRIBUTES_OF_AWS and value}


def _expression(value: Any) -> Any:
    is_block = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return [_expressions(item) for item in value] if is_block else {"constant_value": value}
