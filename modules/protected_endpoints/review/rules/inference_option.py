"""Rules about updates of an endpoint to another inference option: serverless, asynchronous, components."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.inference_option import NEW_ENDPOINT, InferenceOption, options, refusal
from protected_endpoints.review.rules.registry import RuleResult, rule


@rule("inference-option-changed", "block")
def inference_option_changed(context: ReviewContext) -> RuleResult:
    """SageMaker refuses the update after the apply has begun, or all requests of the invokers fail after it."""
    for endpoint in context.comparisons.served.endpoints:
        for before, after in options(endpoint):
            if reason := refusal(before, after):
                yield endpoint.change.address, f"Updated from {before} to {after}: {reason}. {NEW_ENDPOINT}"


@rule("serverless-to-instances", "warn")
def serverless_to_instances(context: ReviewContext) -> RuleResult:
    """SageMaker converts a serverless endpoint to instances once, and refuses the way back."""
    for endpoint in context.comparisons.served.endpoints:
        if (InferenceOption.SERVERLESS, InferenceOption.REAL_TIME) in options(endpoint):
            yield (
                endpoint.change.address,
                "Updated from serverless inference to instances, which cannot be rolled back to serverless inference. "
                f"To keep a way back: {NEW_ENDPOINT[0].lower()}{NEW_ENDPOINT[1:]}",
            )
