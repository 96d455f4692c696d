"""Rules about values that `--set` gives keys for one deployment, while `endpoints.toml` has others."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.values import as_dict
from protected_endpoints.review.rules.registry import RuleResult, rule

_OUTPUT = "set_keys"


@rule("value-set", "warn")
def value_set(context: ReviewContext) -> RuleResult:
    """No pull request shows a value that is not in `endpoints.toml`, and the next apply without it reverts it."""
    keys = as_dict(context.plan.output_values.get(_OUTPUT))
    changes_keys = any(name == _OUTPUT for name, _, _ in context.plan.outputs)
    if context.changed_resources or changes_keys:
        for key in sorted(keys):
            yield f"output.{_OUTPUT}", f"Set outside of `endpoints.toml`, by `--set`: {code(key)}."


@rule("value-no-longer-set", "warn")
def value_no_longer_set(context: ReviewContext) -> RuleResult:
    """The value was set for the last apply and not for this one, which deploys that of `endpoints.toml` again."""
    # Without a change, endpoints.toml has the same value now. A deleted endpoint has none.
    if not all(change.is_deleted for change in context.changed_resources):
        for key in _removed(context):
            message = f"No longer set by `--set`, so that the value of `endpoints.toml` applies: {code(key)}."
            yield f"output.{_OUTPUT}", message


def _removed(context: ReviewContext) -> Iterator[str]:
    for name, before, after in context.plan.outputs:
        if name == _OUTPUT:
            yield from sorted({*as_dict(before)} - {*as_dict(after)})
