"""Define the rules of a review: one function each, which yields what it finds in a plan.

`RULES` says how severe each is: `block` ends with exit code 2 unless it is acknowledged, `warn` stands above the fold,
`note` is counted and folded.
"""

from collections.abc import Callable, Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.findings import ORDER, Finding, Severity
from protected_endpoints.review.rules import (
    artifacts,
    change_process,
    data_retention,
    external_policies,
    keys,
    network_access,
    permissions,
    serving,
)

Found = Iterator[tuple[str, str]]
Rule = Callable[[View], Found]

RULES: dict[str, tuple[Severity, Rule]] = {
    "endpoint-down": ("block", serving.endpoint_down),
    "stale-serving": ("block", serving.stale_serving),
    "serving-destroyed-first": ("block", serving.serving_destroyed_first),
    "name-collision": ("block", serving.name_collision),
    "tainted-replaced": ("block", change_process.tainted_replaced),
    "key-destroyed": ("block", keys.key_destroyed),
    "encryption-removed": ("block", keys.encryption_removed),
    "isolation-off": ("block", network_access.isolation_off),
    "public-access": ("block", network_access.public_access),
    "vpc-removed": ("block", network_access.vpc_removed),
    "invoke-widened": ("block", permissions.invoke_widened),
    "iam-wildcard-added": ("block", permissions.iam_wildcard_added),
    "iam-escalation-added": ("block", permissions.iam_escalation_added),
    "administrator-attached": ("block", external_policies.administrator_attached),
    "boundary-removed": ("block", permissions.boundary_removed),
    "trust-changed": ("block", permissions.trust_changed),
    "deny-removed": ("block", permissions.deny_removed),
    "runs-commands": ("block", change_process.runs_commands),
    "secret-in-env": ("block", artifacts.secret_in_env),
    "stateful-destroyed": ("block", data_retention.stateful_destroyed),
    "plan-incomplete": ("block", change_process.plan_incomplete),
    "iam-added": ("warn", permissions.iam_added),
    "iam-unreviewable": ("warn", external_policies.iam_unreviewable),
    "inline-policies-kept": ("warn", external_policies.inline_policies_kept),
    "network-changed": ("warn", network_access.network_changed),
    "key-changed": ("warn", keys.key_changed),
    "data-moved": ("warn", data_retention.data_moved),
    "artifact-moved": ("warn", artifacts.artifact_moved),
    "capture-off": ("warn", data_retention.capture_off),
    "capture-reduced": ("warn", data_retention.capture_reduced),
    "rotation-off": ("warn", keys.rotation_off),
    "retention-lowered": ("warn", data_retention.retention_lowered),
    "retention-ended": ("warn", data_retention.retention_ended),
    "alarms-removed": ("warn", change_process.alarms_removed),
    "rollout-weaker": ("warn", change_process.rollout_weaker),
    "ssm-access-on": ("warn", network_access.ssm_access_on),
    "image-unpinned": ("warn", artifacts.image_unpinned),
    "capacity-low": ("warn", serving.capacity_low),
    "scale-reset": ("warn", serving.scale_reset),
    "forgotten": ("warn", change_process.forgotten),
    "drift-on-protected": ("warn", change_process.drift_on_protected),
    "capacity-changed": ("note", serving.capacity_changed),
    "traffic-changed": ("note", serving.traffic_changed),
    "cost": ("note", serving.cost),
    "rollback-unseen": ("note", serving.rollback_unseen),
    "iam-removed": ("note", permissions.iam_removed),
    "tags-only": ("note", change_process.tags_only),
    "moved": ("note", change_process.moved),
    "import": ("note", change_process.imported),
}


def findings(view: View) -> list[Finding]:
    """Return everything that the rules find, the worst first, in the order of the rules."""
    found = [
        Finding(name, severity, about, says)
        for name, (severity, rule) in RULES.items()
        for about, says in dict.fromkeys(rule(view))
    ]
    return sorted(found, key=lambda each: ORDER.index(each.severity))
