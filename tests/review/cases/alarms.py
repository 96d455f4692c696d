"""Plans for the rules of `alarms`."""

from typing import Any

from tests.review.cases.shapes import CONFIGURATION, ENDPOINT, ENDPOINT_UPDATED, Cases, new, of_service, updating
from tests.review.fragments import DEPLOYED, Json, change, configuration

_ADDRESS = "aws_cloudwatch_metric_alarm.Errors"
_DIMENSIONS = {"EndpointName": "acme-dev-kmeans", "VariantName": "AllTraffic"}
_ERRORS: Json = {
    "alarm_name": "acme-dev-kmeans/errors",
    "metric_name": "Invocation5XXErrors",
    "namespace": "AWS/SageMaker",
    "dimensions": _DIMENSIONS,
    "statistic": "Average",
    "period": 60,
    "evaluation_periods": 5,
    "datapoints_to_alarm": 3,
    "treat_missing_data": "missing",
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 0.01,
    "actions_enabled": True,
    "alarm_actions": ["arn:aws:sns:us-west-2:111122223333:acme-dev-alarms"],
}
# One that rolls updates back sees the new fleet alone.
_ROLLBACK: Json = {
    **_ERRORS,
    "alarm_name": "kmeans-5xx",
    "dimensions": {**_DIMENSIONS, "EndpointConfigName": "acme-dev-kmeans-1"},
}
_MATH: Json = {
    "alarm_name": "acme-dev-kmeans/errors",
    "metric_query": [
        {"id": "all", "expression": "MAX([a, b])", "return_data": True, "label": "errors"},
        {"id": "a", "metric": [{"metric_name": "Invocation5XXErrors", "stat": "Average", "dimensions": _DIMENSIONS}]},
    ],
    "threshold": 0.05,
    "evaluation_periods": 2,
    "comparison_operator": "GreaterThanThreshold",
}
_SCALING = "arn:aws:autoscaling:us-west-2:111122223333:scalingPolicy:1:resource/sagemaker/x:policyName/wake-up"
_TOPIC = {"name": "acme-dev-alarms", "kms_master_key_id": "alias/acme-dev-operations"}
_SERVED = DEPLOYED[ENDPOINT]["deployment_config"][0]


def _alarm(before: Json = _ERRORS, **changes: Any) -> Json:
    return change(_ADDRESS, before, {**before, **changes}, ("update",))


def _alarms(*alarms: Json, **changed: Any) -> dict[str, Any]:
    return {"others": [*alarms], "changed": changed}


def _queries(*queries: Json) -> dict[str, Any]:
    return {"others": [_alarm(_MATH, metric_query=[*queries])]}


def _deleted(alarm: Json = _ERRORS) -> Json:
    return change(_ADDRESS, alarm, None, ("delete",))


def _created(**changes: Any) -> Json:
    return change("aws_cloudwatch_metric_alarm.Moved", None, {**_ERRORS, "alarm_name": "b", **changes}, ("create",))


def _following(name: str | None, **more: Any) -> dict[str, Any]:
    """Return an update of the endpoint, and the alarm of its new fleet; None is known only after apply."""
    dimensions = {**_DIMENSIONS, **({"EndpointConfigName": name} if name else {})}
    flags = {"after_unknown": {} if name else {"dimensions": {"EndpointConfigName": True}}}
    alarm = change(_ADDRESS, _ROLLBACK, {**_ROLLBACK, "dimensions": dimensions}, ("update",), **flags, **more)
    return {"others": [alarm], "changed": {CONFIGURATION: new(configuration()), **ENDPOINT_UPDATED}}


def _unknown(**dimensions: str) -> dict[str, Any]:
    """Return the same with dimensions that are known only after apply as a whole, as the provider plans them."""
    after = {key: value for key, value in _ROLLBACK.items() if key != "dimensions"}
    alarm = change(_ADDRESS, _ROLLBACK, after, ("update",), after_unknown={"dimensions": True})
    expressions = {"dimensions": {"constant_value": {**_DIMENSIONS, **dimensions}}}
    resources = [{"address": _ADDRESS, "expressions": expressions}]
    return {
        **_following(None),
        "others": [alarm],
        "configuration": {"root_module": {"resources": resources}},
    }


def _new_endpoint(watched: str, *, rollback: bool = True, fleet: str = "", **alarm: Any) -> dict[str, Any]:
    """Return a new endpoint, of which an alarm rolls updates back or not, and an alarm about an endpoint."""
    config = [_SERVED] if rollback else []
    dimensions = {"EndpointName": watched, "VariantName": "V", **({"EndpointConfigName": fleet} if fleet else {})}
    served = {"name": "e", "endpoint_config_name": "c", "deployment_config": config}
    variants = [{"variant_name": "V", "model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 2}]
    return {
        "others": [
            change("aws_sagemaker_endpoint.E", None, served, ("create",)),
            change(
                "aws_sagemaker_endpoint_configuration.C",
                None,
                {"name": "c", "production_variants": variants},
                ("create",),
            ),
            _created(dimensions=dimensions, **alarm),
        ]
    }


def _resized(*watched: str, statistic: str = "Average", expression: str = "MAX([m0, m1])") -> dict[str, Any]:
    """Return an update from one variant to the variants a and b, and an alarm that watches some of them then."""
    (variant,) = configuration()["production_variants"]
    two = {**configuration(), "production_variants": [{**variant, "variant_name": name} for name in ("a", "b")]}
    metric = {"metric_name": "Invocation5XXErrors", "namespace": "AWS/SageMaker", "period": 60, "stat": statistic}
    fleet = {**_DIMENSIONS, "EndpointConfigName": two["name"]}
    queries = [
        {"id": f"m{index}", "metric": [{**metric, "dimensions": {**fleet, "VariantName": name}}]}
        for index, name in enumerate(watched)
    ]
    replaced = ("metric_name", "namespace", "period", "statistic", "dimensions")
    after = {key: value for key, value in _ROLLBACK.items() if key not in replaced}
    after["metric_query"] = [*queries, {"id": "all", "expression": expression, "return_data": True}]
    alarm = change(_ADDRESS, _ROLLBACK, after, ("update",))
    return {"others": [alarm], "changed": {CONFIGURATION: new(two), **ENDPOINT_UPDATED}}


def _unordered(expression: str) -> dict[str, Any]:
    """Return an alarm whose queries have another order in the plan than in the configuration, as those of a set do."""

    def query(id_: str, fleet: str) -> Json:
        dimensions = {**_DIMENSIONS, "VariantName": id_, "EndpointConfigName": fleet}
        return {"id": id_, "metric": [{"metric_name": "Invocation5XXErrors", "dimensions": dimensions}]}

    largest = {"id": "all", "expression": "MAX([a, b])", "return_data": True}
    before = {**_MATH, "alarm_name": "kmeans-5xx"}
    before["metric_query"] = [query("b", "acme-dev-kmeans-1"), largest, query("a", "acme-dev-kmeans-1")]
    unknown = {"metric": [{"metric_name": "Invocation5XXErrors"}]}
    after = {**before, "metric_query": [{"id": "b", **unknown}, largest, {"id": "a", **unknown}]}
    flags = {"metric": [{"dimensions": True}]}
    alarm = change(_ADDRESS, before, after, ("update",), after_unknown={"metric_query": [flags, {}, flags]})
    configured = [
        {
            "id": {"constant_value": id_},
            "metric": [{"dimensions": {"constant_value": query(id_, expression)["metric"][0]["dimensions"]}}],
        }
        for id_ in ("a", "b")
    ]
    queries = [{"id": {"constant_value": "all"}}, *configured]
    resources = [{"address": _ADDRESS, "expressions": {"metric_query": queries}}]
    return {
        "others": [alarm],
        "changed": {CONFIGURATION: new(configuration()), **ENDPOINT_UPDATED},
        "configuration": {"root_module": {"resources": resources}},
    }


_WEAKER: Json = {
    "alarm_name": "another",
    "comparison_operator": "LessThanThreshold",
    "datapoints_to_alarm": 4,
    "dimensions": {"EndpointName": "another"},
    "evaluate_low_sample_count_percentiles": "ignore",
    "evaluation_periods": 3,
    "extended_statistic": "p50",
    "metric_name": "Invocations",
    "metric_query": [{"id": "m1", "expression": "0"}],
    "namespace": "Acme",
    "period": 3600,
    "statistic": "Minimum",
    "threshold": 0.02,
    "threshold_metric_id": "ad1",
    "treat_missing_data": "notBreaching",
    "unit": "Seconds",
    "actions_enabled": False,
    "alarm_actions": ["arn:aws:sns:us-west-2:999988887777:acme-dev-alarms"],
}
_NOTIFYING = ("actions_enabled", "alarm_actions")
_STRONGER: list[Json] = [
    {"threshold": 0.001},
    {"datapoints_to_alarm": 2},
    {"treat_missing_data": "breaching"},
    {"alarm_description": "x"},
    {"alarm_actions": [*_ERRORS["alarm_actions"], "arn:aws:sns:us-west-2:111122223333:more"]},
]
_ALL_POINTS = {**_ERRORS, "datapoints_to_alarm": None}
_QUERY, _METRIC = _MATH["metric_query"]
_CPU = {**_ERRORS, "metric_name": "CPUUtilization", "namespace": "/aws/sagemaker/Endpoints", "threshold": 320}
_STARTING = {**_ERRORS, "alarm_actions": [_SCALING]}
_DELETED_ENDPOINT: Json = {ENDPOINT: "delete"}

_SERVICE = "cloudwatch.amazonaws.com"

CASES: Cases = [
    *(
        ("alarms-removed", _alarms(_alarm(**{argument: value})), _alarms(_alarm(threshold=0.005)))
        for argument, value in _WEAKER.items()
    ),
    *(("alarms-removed", _alarms(_alarm(threshold=None)), _alarms(_alarm(**changes))) for changes in _STRONGER),
    *(
        ("rollback-removed", _alarms(_alarm(_ROLLBACK, **{argument: value})), _alarms(_alarm(_ROLLBACK, threshold=0)))
        for argument, value in _WEAKER.items()
        if argument not in ("alarm_name", *_NOTIFYING)
    ),
    # Whom an alarm notifies does not matter for a rollback.
    *(
        ("alarms-removed", _alarms(_alarm(_ROLLBACK, **{name: _WEAKER[name]})), _alarms(_alarm(_ROLLBACK, threshold=0)))
        for name in _NOTIFYING
    ),
    *(
        (
            "rollback-removed",
            _alarms(_alarm(_ROLLBACK, threshold=1)),
            _alarms(_alarm(_ROLLBACK, **{name: _WEAKER[name]})),
        )
        for name in _NOTIFYING
    ),
    (
        "alarms-removed",
        _alarms(_alarm(_ALL_POINTS, evaluation_periods=6)),
        _alarms(_alarm(_ALL_POINTS, evaluation_periods=3)),
    ),
    # What starts a scaling policy may not do so sooner: it could remove instances.
    *(
        ("alarms-removed", _alarms(_alarm(_STARTING, **changes)), _alarms(_alarm(**changes)))
        for changes in _STRONGER[:3]
    ),
    # The use of an instance is 100 for each of its vCPUs.
    (
        "alarms-removed",
        _alarms(_alarm(_CPU, threshold=640), **{CONFIGURATION: new(configuration()), **ENDPOINT_UPDATED}),
        _alarms(
            _alarm(_CPU, threshold=640),
            **{CONFIGURATION: new(configuration(instance_type="ml.m5.2xlarge")), **ENDPOINT_UPDATED},
        ),
    ),
    # Below a bound, the higher threshold is the stronger one.
    (
        "alarms-removed",
        _alarms(_alarm({**_ERRORS, "comparison_operator": "LessThanThreshold"}, threshold=0.005)),
        _alarms(_alarm({**_ERRORS, "comparison_operator": "LessThanThreshold"}, threshold=0.05)),
    ),
    # Queries have no order, and a label is text for people.
    ("alarms-removed", _queries({**_QUERY, "expression": "MIN([a, b])"}, _METRIC), _queries(_METRIC, _QUERY)),
    (
        "alarms-removed",
        _queries(_QUERY, {**_METRIC, "metric": [{**_METRIC["metric"][0], "stat": "Minimum"}]}),
        _queries({**_QUERY, "label": "x"}, _METRIC),
    ),
    # With its endpoint or its variant an alarm is deleted as well.
    ("alarms-removed", _alarms(_deleted()), _alarms(_deleted(), **_DELETED_ENDPOINT)),
    (
        "alarms-removed",
        _alarms(_deleted(), **{CONFIGURATION: new(configuration()), **ENDPOINT_UPDATED}),
        _alarms(_deleted(), **{CONFIGURATION: new(configuration(variant_name="Other")), **ENDPOINT_UPDATED}),
    ),
    # Another alarm evaluates the same.
    ("alarms-removed", _alarms(_deleted(), _created(threshold=0.5)), _alarms(_deleted(), _created())),
    ("alarms-removed", _alarms(_deleted(), _created(metric_name="Invocations")), _alarms(_deleted(), _created())),
    (
        "alarms-removed",
        updating("aws_sns_topic.Alarms", _TOPIC, None),
        updating("aws_sns_topic.Alarms", _TOPIC, {**_TOPIC, "display_name": "x"}),
    ),
    (
        "alarms-removed",
        {
            "others": [
                change(
                    "aws_sagemaker_endpoint.Two",
                    {"name": "e", "deployment_config": [{"auto_rollback_configuration": [{"alarms": alarms}]}]},
                    {"name": "e", "deployment_config": [{"auto_rollback_configuration": [{"alarms": alarms[:1]}]}]},
                    ("update",),
                )
                for alarms in [[{"alarm_name": "a"}, {"alarm_name": "b"}]]
            ]
        },
        {"changed": ENDPOINT_UPDATED},
    ),
    ("rollback-removed", {"changed": {ENDPOINT: {"deployment_config": []}}}, {"changed": ENDPOINT_UPDATED}),
    ("rollback-removed", _alarms(_deleted(_ROLLBACK)), _alarms(_deleted(_ROLLBACK), **_DELETED_ENDPOINT)),
    # A metric of the endpoint is none of its variant.
    (
        "alarms-removed",
        _alarms(
            _alarm({**_ERRORS, "dimensions": {"EndpointName": "acme-dev-kmeans"}}, dimensions=_DIMENSIONS),
            **{CONFIGURATION: new(configuration()), **ENDPOINT_UPDATED},
        ),
        _alarms(_alarm(), **{CONFIGURATION: new(configuration()), **ENDPOINT_UPDATED}),
    ),
    # It follows the variants: the same metric of each of them.
    ("rollback-removed", _resized("a"), _resized("a", "b")),
    ("rollback-removed", _resized("a", "b", statistic="Minimum"), _resized("a", "b")),
    ("rollback-removed", _resized("a", "b", expression="MIN([m0, m1])"), _resized("a", "b")),
    (
        "rollback-removed",
        _unordered("${aws_sagemaker_model.Model.id}"),
        _unordered("${aws_sagemaker_endpoint_configuration.Configuration.name}"),
    ),
    # The alarm has to follow the new endpoint configuration.
    ("rollback-removed", _following("acme-dev-kmeans-1"), _following("acme-dev-kmeans-2")),
    ("rollback-removed", _following("another"), _following(None)),
    (
        "rollback-removed",
        _unknown(EndpointConfigName="${aws_sagemaker_model.Model.id}"),
        _unknown(EndpointConfigName="${aws_sagemaker_endpoint_configuration.Configuration.name}"),
    ),
    ("rollback-removed", _unknown(), _following(None)),
    (
        "rollback-removed",
        {
            "others": [
                _alarm({**_ROLLBACK, "dimensions": {**_DIMENSIONS, "EndpointConfigName": "a"}}, dimensions=_DIMENSIONS)
            ]
        },
        _following(None),
    ),
    # Without the dimension, a new alarm sees the version before the update as well.
    (
        "rollback-removed",
        _new_endpoint("e", alarm_name="kmeans-5xx"),
        _new_endpoint("e", alarm_name="kmeans-5xx", fleet="${aws_sagemaker_endpoint_configuration.C.name}"),
    ),
    ("endpoint-unwatched", _new_endpoint("another"), _new_endpoint("e")),
    ("endpoint-unwatched", _new_endpoint("e", rollback=False), _new_endpoint("e")),
    ("endpoint-unwatched", _new_endpoint("e", alarm_name="kmeans-5xx"), _new_endpoint("e")),
    ("endpoint-unwatched", _new_endpoint("e", alarm_actions=[_SCALING]), _new_endpoint("e", alarm_actions=[])),
    *(
        ("alarms-removed", of_service(_SERVICE, type_=type_, **changes), of_service(_SERVICE, type_=type_, Sid="x"))
        for type_ in ("aws_sns_topic_policy", "aws_kms_key")
        for changes in ({"removed": True}, {"Condition": {"StringEquals": {"aws:SourceArn": "b"}}})
    ),
]
