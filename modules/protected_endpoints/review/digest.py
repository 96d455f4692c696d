"""The digest of a finding: what it says, and what its message cannot show.

A message shortens and hides values, and names no attribute that its rule did not look at. Therefore the digest covers
the whole change of the resource as well: every attribute that differs, and the policies that it has.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from protected_endpoints.review.analysis.difference import differences, top_level
from protected_endpoints.review.findings import Finding
from protected_endpoints.review.plan.fingerprint import fingerprint
from protected_endpoints.review.plan.plan import Change, Plan, configuration_address
from protected_endpoints.review.plan.values import Hidden, as_dict
from protected_endpoints.secret_scan import redact

_LENGTH = 16  # hexadecimal digits
_DOCUMENTS = ("policy", "assume_role_policy")
# What identifies a deleted resource; its other attributes are as AWS returned them.
_IDENTIFYING = ("name", "bucket", "arn", "id")
# The end of a name that Terraform generates: the time and a counter. It differs after every replacement.
_GENERATED = re.compile(r"\d{18}[0-9a-f]{8}\b")
# A plain hash of a short secret could be found by trying; this takes milliseconds for each attempt.
_HIDDEN = "hidden value "
_SALT, _ITERATIONS = b"protected-endpoints review", 20_000


class Digests:
    """The digests of the findings of a plan, each computed when it is asked for."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._evidence: dict[str, str] = {}

    def of(self, finding: Finding) -> str:
        """Return 16 hexadecimal digits that are the same for the same finding in another plan of the same change.

        The order of statements, unknown values, and names that Terraform generated do not matter.
        """
        if finding.address not in self._evidence:
            self._evidence[finding.address] = self._hash_evidence(finding.address)
        content = [finding.rule, self._plan.stack, finding.address, finding.message, self._evidence[finding.address]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:_LENGTH]

    def _hash_evidence(self, address: str) -> str:
        if not (evidence := [*self._evidence_at(address)]):
            return self._fingerprint  # not about a resource, but about the plan
        text = json.dumps(evidence, sort_keys=True, default=_encode)
        if _HIDDEN in text or redact(text) != text:
            return hashlib.pbkdf2_hmac("sha256", text.encode(), _SALT, _ITERATIONS).hex()
        return hashlib.sha256(text.encode()).hexdigest()

    def _evidence_at(self, address: str) -> Iterator[Any]:
        """Yield what a plan does at an address."""
        for change in self._plan.at(address):
            yield _change(change)
        for drift in self._plan.drift_at(address):
            # Only what the configuration sets: AWS returns times and counters as well.
            leaves = _leaves(drift).items()
            if configured := {path: item for path, item in leaves if self._plan.configures(address, top_level(path))}:
                yield configured
        yield from self._commands.get(configuration_address(address), ())
        yield from self._outputs.get(address, ())

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint([self._plan])

    @cached_property
    def _commands(self) -> dict[str, list[str]]:
        commands: dict[str, list[str]] = {}
        for address, command in self._plan.commands:
            commands.setdefault(address, []).append(command)
        return commands

    @cached_property
    def _outputs(self) -> dict[str, list[Any]]:
        return {f"output.{name}": [before, after] for name, before, after in self._plan.outputs}


def _change(change: Change) -> list[Any]:
    """Return the actions of a change, and what differs."""
    what = [change.actions, change.previous_address, change.is_deposed]
    if change.is_deleted:
        return [*what, {key: _before(change.value_before(key)) for key in _IDENTIFYING}]
    return [*what, [_canonical(change.value_after(key)) for key in _DOCUMENTS], _leaves(change)]


def _leaves(change: Change) -> dict[str, list[Any]]:
    """Return the attributes that differ, and all that are known of a new resource."""
    differing = differences(change.before or {}, change.after)
    return {path: [_before(old), _canonical(new)] for path, (old, new) in differing.items()}


def _before(value: Any) -> Any:
    canonical = _canonical(value)
    return _GENERATED.sub("", canonical) if isinstance(canonical, str) else canonical


def _canonical(value: Any) -> Any:
    """Return a policy with its statements and lists in one order, because AWS does not keep theirs."""
    if not isinstance(value, str) or "Statement" not in value:
        return value
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return json.dumps(_sorted(parsed), sort_keys=True) if "Statement" in as_dict(parsed) else value


def _sorted(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _sorted(item) for key, item in node.items()}
    if isinstance(node, list):
        return sorted(map(_sorted, node), key=lambda item: json.dumps(item, sort_keys=True))
    return node


def _encode(value: object) -> str:
    return f"{_HIDDEN}{value.digest}" if isinstance(value, Hidden) else str(value)
