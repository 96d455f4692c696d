"""Plans for the rules of `alarm_data`."""

from typing import Any

from tests.review.cases.shapes import Cases
from tests.review.fragments import Json, change

_RULE = "alarm-without-data"
_ADDRESS = "aws_cloudwatch_metric_alarm.Latency"
_VARIANT: Json = {"EndpointName": "acme-dev-kmeans", "VariantName": "AllTraffic"}
_FLEET = {**_VARIANT, "EndpointConfigName": "acme-dev-kmeans-1"}
_METRIC: Json = {"namespace": "AWS/SageMaker", "metric_name": "ModelLatency", "dimensions": _VARIANT, "period": 60}
_COPY: Json = {"metric_name": "InvocationsPerCopy", "dimensions": {"InferenceComponentName": "adapter"}}
_COMPONENT = {
    "type_name": "AWS::SageMaker::InferenceComponent",
    "desired_state": '{"InferenceComponentName": "adapter", "EndpointName": "acme-dev-kmeans"}',
}


def _alarm(after_unknown: Json | None = None, **arguments: Any) -> dict[str, Any]:
    alarm = {"alarm_name": "latency", **_METRIC, **arguments}
    return {"others": [change(_ADDRESS, None, alarm, ("create",), after_unknown=after_unknown or {})]}


def _query(**arguments: Any) -> dict[str, Any]:
    queries = [{"id": "m", "metric": [{**_METRIC, **arguments}]}, {"id": "all", "expression": "MAX([m])"}]
    return {"others": [change(_ADDRESS, None, {"alarm_name": "latency", "metric_query": queries}, ("create",))]}


def _copy(component: str) -> dict[str, Any]:
    """Return an alarm about an inference component, and the only one of the stack."""
    (alarm,) = _alarm(**{**_COPY, "dimensions": {"InferenceComponentName": component}})["others"]
    return {"others": [alarm, change("aws_cloudcontrolapi_resource.Component", None, _COMPONENT, ("create",))]}


def _of_endpoint(name: str) -> dict[str, Any]:
    return _alarm(dimensions={**_VARIANT, "EndpointName": name})


def _changed(before: str, after: str, *actions: str) -> dict[str, Any]:
    """Return an alarm whose description changes, and perhaps the name of its metric."""
    old: Json = {"alarm_name": "latency", **_METRIC, "metric_name": before}
    new: Json = {**old, "metric_name": after, "alarm_description": "x"}
    return {"others": [change(_ADDRESS, old, None if actions == ("delete",) else new, actions)]}


CASES: Cases = [
    (_RULE, _alarm(metric_name="Latency"), _alarm()),
    (_RULE, _query(metric_name="Latency"), _query()),
    (_RULE, _alarm(metric_name="Invocation5xxErrors"), _alarm(metric_name="Invocation5XXErrors")),
    # CloudWatch distinguishes upper and lower case; a metric of another service is not judged.
    (_RULE, _alarm(namespace="AWS/Sagemaker"), _alarm(namespace="Acme")),
    *((_RULE, _alarm(namespace=unset), _alarm(namespace="${local.x}")) for unset in ("", None)),
    (_RULE, _alarm(metric_name="CPUUtilization"), _alarm(metric_name="X", namespace="AWS/ApplicationELB")),
    *(
        (_RULE, _alarm(dimensions=wrong), _alarm(dimensions=_FLEET))
        for wrong in (None, {"EndpointName": "e"}, {"A": ""})
    ),
    (_RULE, _query(dimensions={**_VARIANT, "A": "b"}), _query(dimensions=_FLEET)),
    # The catalog has no metrics of single containers and instances.
    (_RULE, _alarm(dimensions={**_VARIANT, "A": "b"}), _alarm(dimensions={**_VARIANT, "ContainerName": "b"})),
    *((_RULE, _alarm(unit="Seconds"), _alarm(unit=unit)) for unit in ("Microseconds", "", None)),
    # Of what is known only after apply nothing is said.
    (_RULE, _alarm(dimensions=None), _alarm({"dimensions": True}, dimensions=None)),
    (_RULE, _of_endpoint("other"), _of_endpoint("${aws_sagemaker_endpoint.Other.name}")),
    (_RULE, _of_endpoint("other"), _of_endpoint("acme-dev-kmeans")),
    (_RULE, _alarm(dimensions={**_VARIANT, "VariantName": "Other"}), _alarm(dimensions=_VARIANT)),
    (_RULE, _copy("other"), _copy("adapter")),
    # Components of other tools are not in the plan.
    (_RULE, _copy("other"), _alarm(**_COPY)),
    (_RULE, _changed("ModelLatency", "Latency", "update"), _changed("ModelLatency", "ModelLatency", "update")),
    # An alarm that had no data before, or is deleted, is none of this plan.
    *(
        (_RULE, _changed("ModelLatency", "Latency", "delete", "create"), _changed("Latency", "Latency", action))
        for action in ("update", "delete")
    ),
]
