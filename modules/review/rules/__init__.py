"""Define the rules of a review: one function each, which yields what it finds in a plan.

`RULES` says how severe each is: `block` ends with exit code 2 unless it is acknowledged, `warn` stands above the fold,
`note` is counted and folded.
"""

from collections.abc import Callable, Iterator

from modules.review.findings import ORDER, Finding, Severity
from modules.review.rules import access, artifacts, elsewhere, keys, operation, permissions, records, serving
from modules.review.view import View

Found = Iterator[tuple[str, str]]
Rule = Callable[[View], Found]

RULES: dict[str, tuple[Severity, Rule]] = {
    "endpoint-down": ("block", serving.endpoint_down),
    "stale-serving": ("block", serving.stale_serving),
    "serving-destroyed-first": ("block", serving.serving_destroyed_first),
    "name-collision": ("block", serving.name_collision),
    "tainted-replaced": ("block", operation.tainted_replaced),
    "key-destroyed": ("block", keys.key_destroyed),
    "encryption-removed": ("block", keys.encryption_removed),
    "isolation-off": ("block", access.isolation_off),
    "public-access": ("block", access.public_access),
    "vpc-removed": ("block", access.vpc_removed),
    "invoke-widened": ("block", permissions.invoke_widened),
    "iam-wildcard-added": ("block", permissions.iam_wildcard_added),
    "iam-escalation-added": ("block", permissions.iam_escalation_added),
    "administrator-attached": ("block", elsewhere.administrator_attached),
    "boundary-removed": ("block", permissions.boundary_removed),
    "trust-changed": ("block", permissions.trust_changed),
    "deny-removed": ("block", permissions.deny_removed),
    "runs-commands": ("block", operation.runs_commands),
    "secret-in-env": ("block", artifacts.secret_in_env),
    "stateful-destroyed": ("block", records.stateful_destroyed),
    "plan-incomplete": ("block", operation.plan_incomplete),
    "iam-added": ("warn", permissions.iam_added),
    "iam-unreviewable": ("warn", elsewhere.iam_unreviewable),
    "inline-policies-kept": ("warn", elsewhere.inline_policies_kept),
    "network-changed": ("warn", access.network_changed),
    "key-changed": ("warn", keys.key_changed),
    "data-moved": ("warn", records.data_moved),
    "artifact-moved": ("warn", artifacts.artifact_moved),
    "capture-off": ("warn", records.capture_off),
    "capture-reduced": ("warn", records.capture_reduced),
    "rotation-off": ("warn", keys.rotation_off),
    "retention-lowered": ("warn", records.retention_lowered),
    "retention-ended": ("warn", records.retention_ended),
    "alarms-removed": ("warn", operation.alarms_removed),
    "rollout-weaker": ("warn", operation.rollout_weaker),
    "ssm-access-on": ("warn", access.ssm_access_on),
    "image-unpinned": ("warn", artifacts.image_unpinned),
    "capacity-low": ("warn", serving.capacity_low),
    "scale-reset": ("warn", serving.scale_reset),
    "forgotten": ("warn", operation.forgotten),
    "drift-on-protected": ("warn", operation.drift_on_protected),
    "capacity-changed": ("note", serving.capacity_changed),
    "traffic-changed": ("note", serving.traffic_changed),
    "cost": ("note", serving.cost),
    "rollback-unseen": ("note", serving.rollback_unseen),
    "iam-removed": ("note", permissions.iam_removed),
    "tags-only": ("note", operation.tags_only),
    "moved": ("note", operation.moved),
    "import": ("note", operation.imported),
}


def findings(view: View) -> list[Finding]:
    """Return everything that the rules find, the worst first, in the order of the rules."""
    found = [
        Finding(name, severity, about, says)
        for name, (severity, rule) in RULES.items()
        for about, says in dict.fromkeys(rule(view))
    ]
    return sorted(found, key=lambda each: ORDER.index(each.severity))
