"""Rules about what an endpoint relaxes or accepts in `endpoints.toml`, with its reasons."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import RELAXATIONS, ReviewContext
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.values import as_dict
from protected_endpoints.review.rules.registry import RuleResult, rule

_OUTPUT = "acknowledged_warnings"
_PREVENT_DESTROY = "prevent_destroy"


@rule("warning-accepted", "note")
def warning_accepted(context: ReviewContext) -> RuleResult:
    """A warning that an endpoint accepts is not printed by later synths, so that its reason is reviewed once."""
    for rule_id, reason in _added(context, _OUTPUT):
        yield f"output.{_OUTPUT}", f"Warnings of the rule {code(rule_id)} are accepted: {escape(reason)}."


@rule("deletion-allowed", "warn")
def deletion_allowed(context: ReviewContext) -> RuleResult:
    """Terraform no longer refuses to delete the key and the bucket, and with them all data."""
    reason = context.reason_of(_PREVENT_DESTROY)
    deleted = {change.address for change in context.plan.changes if change.is_deleted}  # another rule reports it
    for address in sorted(context.plan.unguarded - deleted):
        yield address, f"`prevent_destroy` is not set: a later change can delete it.{reason}"
    # A plan shows the reason only.
    if not context.plan.unguarded and _PREVENT_DESTROY in dict(_added(context, RELAXATIONS)):
        yield f"output.{RELAXATIONS}", f"`prevent_destroy` is not set for the key and the bucket.{reason}"


def _added(context: ReviewContext, output: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of an output that are added or have another value, with the value: a reason."""
    for name, before, after in context.plan.outputs:
        if name == output:
            for key, reason in sorted(as_dict(after).items()):
                if as_dict(before).get(key) != reason:
                    yield key, str(reason)
