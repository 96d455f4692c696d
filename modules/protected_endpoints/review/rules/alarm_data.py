"""Rules about the metrics that CloudWatch alarms evaluate."""

from collections.abc import Iterator

from protected_endpoints.aws.metrics import METRICS, find_published
from protected_endpoints.review.analysis.alarms import metrics
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.inference_components import component_changes, component_names
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.resource_types import ALARM, ENDPOINT
from protected_endpoints.review.plan.values import Json, Unknown, as_dict
from protected_endpoints.review.rules.registry import RuleResult, rule

# Dimensions of metrics of one container or instance, which the catalog does not have (SageMaker guide,
# multi-container-metrics and monitoring-cloudwatch-enhanced-metrics).
_FINER_DIMENSIONS = {"AcceleratorId", "ContainerId", "ContainerName", "InstanceId"}
# CloudWatch distinguishes upper and lower case in namespaces. Those of other services and containers are not judged.
_NAMESPACES = {"", *(metric.namespace.lower() for metric in METRICS)}


@rule("alarm-without-data", "warn")
def alarm_without_data(context: ReviewContext) -> RuleResult:
    """Without data an alarm neither notifies nor rolls an update back, and CloudWatch accepts any name of a metric."""
    for alarm in context.plan.of_type(ALARM):
        had_none = any(reason for metric in metrics(alarm.before) for reason in _reasons(context, metric))
        if had_none or not {"create", "update"} & {*alarm.actions}:
            continue
        for metric in metrics(alarm.after):
            for reason in _reasons(context, metric):
                yield alarm.address, f"The alarm {code(alarm.value_after('alarm_name'))} gets no data: {reason}"


def _reasons(context: ReviewContext, metric: Json) -> Iterator[str]:
    """Yield why nothing publishes a metric of SageMaker, as far as its arguments are known."""
    namespace, name, dimensions = (metric.get(key) or "" for key in ("namespace", "metric_name", "dimensions"))
    is_known = _is_known(name) and isinstance(namespace, str) and not isinstance(dimensions, Unknown)
    if not is_known or namespace.lower() not in _NAMESPACES:
        return
    published = find_published(namespace, name, as_dict(dimensions))
    if not published and not _FINER_DIMENSIONS & {*as_dict(dimensions)}:
        yield _unpublished(namespace, name, as_dict(dimensions))
        return
    units = {definition.unit for definition in published}
    if units and _is_known(unit := metric.get("unit")) and unit not in units:
        yield f"the unit of {code(name)} is {code(', '.join(units))}, not {code(unit)}. Remove {code('unit')}."
    yield from _absent(context, as_dict(dimensions))


def _unpublished(namespace: str, name: str, dimensions: Json) -> str:
    """Return what SageMaker publishes instead of a metric."""
    known = dict.fromkeys(_describe(item.namespace, item.dimensions) for item in METRICS if item.name == name)
    if known:
        return f"SageMaker publishes {code(name)} {' or '.join(known)}, not {_describe(namespace, sorted(dimensions))}."
    return (
        f"{code(name)} is not in the catalog of metrics of endpoints, docs/metrics.md. Correct the name, or "
        "acknowledge the finding if AWS publishes it."
    )


def _describe(namespace: str, dimensions: list[str] | tuple[str, ...]) -> str:
    of = f"the dimensions {code(', '.join(dimensions))}" if dimensions else "no dimensions"
    return f"in {code(namespace) if namespace else 'no namespace'} with {of}"


def _absent(context: ReviewContext, dimensions: Json) -> Iterator[str]:
    """Yield the endpoint, variant or inference component of a metric that the stack does not have after the plan."""
    endpoints = [change.value_after("name") for change in context.plan.of_type(ENDPOINT) if not change.is_deleted]
    endpoint, variant, component = (
        dimensions.get(key) for key in ("EndpointName", "VariantName", "InferenceComponentName")
    )
    if _is_known(endpoint) and endpoints and all(map(_is_known, endpoints)):
        variants = context.scaling.variant_names(str(endpoint))
        if endpoint not in endpoints:
            yield f"no endpoint of this stack has the name {code(endpoint)}."
        elif _is_known(variant) and variants and variant not in variants:
            names = code(", ".join(sorted(variants)))
            yield f"the endpoint {code(endpoint)} has no variant {code(variant)}, only {names}."
    components = [item for item in component_changes(context.plan) if not item.change.is_deleted]
    are_known = all(item.after.get("InferenceComponentName") for item in components)
    if _is_known(component) and components and are_known and component not in component_names(context.plan):
        yield f"no inference component of this stack has the name {code(component)}."


def _is_known(value: object) -> bool:
    """Return whether a value is set and known before the apply; of what is unset, the provider reads an empty text."""
    return isinstance(value, str) and value != "" and "${" not in value
