"""Rules about inference components, which the Cloud Control API manages, and about its other resources."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction
from protected_endpoints.review.analysis.inference_components import COPIES, component_changes
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.cloud_control import CLOUD_CONTROL, is_inference_component
from protected_endpoints.review.rules.registry import RuleResult, rule


@rule("component-down", "block")
def component_down(context: ReviewContext) -> RuleResult:
    """Requests that name an inference component fail while it does not exist."""
    gone = {endpoint.name for endpoint in context.endpoints if endpoint.action is EndpointAction.DELETED}
    for component in component_changes(context.plan):
        change, name = component.change, code(component.before.get("InferenceComponentName"))
        if change.is_deleted and component.before.get("EndpointName") not in gone:  # else endpoint-down reports it
            yield change.address, f"The inference component {name} is deleted. All later requests to it fail."
        if change.is_replaced:
            paths = [path for path in component.differences if "." not in path]
            because = f" because {code(paths[0])} changes" if paths else ""
            yield (
                change.address,
                f"The inference component {name} is deleted before its replacement is created{because}. Requests to it "
                "fail until the replacement is in service. Add another component first, and delete this one later.",
            )


@rule("component-copies-changed", "block")
def component_copies_changed(context: ReviewContext) -> RuleResult:
    """The Cloud Control API cannot replace a write-only property, so that the apply fails."""
    for component in component_changes(context.plan):
        if COPIES in component.differences and component.change.actions == ("update",):
            before, after = component.differences[COPIES]
            name = component.after.get("InferenceComponentName")
            command = (
                f"aws sagemaker update-inference-component-runtime-config --inference-component-name {name} "
                f"--desired-runtime-config CopyCount={after}"
            )
            yield (
                component.change.address,
                f"`copy_count` changes from {code(before)} to {code(after)}, which AWS refuses. It is the number of "
                f"copies at creation: revert it, and run {code(command)}.",
            )


@rule("cloud-control-type", "block")
def cloud_control_type(context: ReviewContext) -> RuleResult:
    """The Cloud Control API can create any resource, in a document that no other rule reads."""
    for change in context.plan.of_type(CLOUD_CONTROL):
        if not change.is_unchanged and not change.is_deleted and not is_inference_component(change.after):
            type_name = code(change.value_after("type_name"))
            yield change.address, f"The type is {type_name}, which this review cannot judge."


@rule("component-changed", "note")
def component_changed(context: ReviewContext) -> RuleResult:
    """The model, the resources or the settings of an inference component change."""
    for component in component_changes(context.plan):
        for path, (before, after) in component.differences.items():
            yield component.change.address, f"{code(path)}: {code(before)} → {code(after)}."


@rule("component-rollback-unseen", "note")
def component_rollback_unseen(context: ReviewContext) -> RuleResult:
    """Terraform reports success although SageMaker rolled the update back, and no postcondition detects it."""
    statuses = dict(context.plan.conditions)
    for component in component_changes(context.plan):
        change = component.change
        # The properties are known only after apply, so that a decided condition compares something else.
        if change.actions == ("update",) and statuses.get(change.address) != "unknown":
            yield (
                change.address,
                "If SageMaker rolls the update back, the apply still succeeds. Add a postcondition on `properties`.",
            )
