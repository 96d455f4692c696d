"""Rules about warnings of `endpoints.toml` that an endpoint accepts."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.values import as_dict
from protected_endpoints.review.rules.registry import RuleResult, rule

_OUTPUT = "acknowledged_warnings"


@rule("warning-accepted", "note")
def warning_accepted(context: ReviewContext) -> RuleResult:
    """A warning that an endpoint accepts is not printed by later synths, so that its reason is reviewed once."""
    for name, before, after in context.plan.outputs:
        if name != _OUTPUT:
            continue
        for rule_id, reason in sorted(as_dict(after).items()):
            if as_dict(before).get(rule_id) != reason:
                yield f"output.{name}", f"Warnings of the rule {code(rule_id)} are accepted: {escape(str(reason))}."
