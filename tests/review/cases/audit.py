"""Plans for the rules of `audit`."""

from typing import Any

from tests.review.cases.shapes import BUCKET, Cases, of_service
from tests.review.fragments import CAPTURE, KEY, Json, change


def _selector(**fields: Json) -> Json:
    names = {"category": "eventCategory", "type": "resources.type", "arn": "resources.ARN", "event": "eventName"}
    return {"field_selector": [{"field": names[key], **operators} for key, operators in fields.items()]}


_DATA, _ENDPOINTS = {"equals": ["Data"]}, {"equals": ["AWS::SageMaker::Endpoint"]}
_ARN = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-"
_INVOCATIONS = _selector(category=_DATA, type=_ENDPOINTS, arn={"starts_with": [_ARN]})
_OBJECTS = _selector(category=_DATA, type={"equals": ["AWS::S3::Object"]}, arn={"starts_with": ["arn:aws:s3:::acme-"]})
_TRAIL: Json = {
    "name": "acme-dev-audit",
    "enable_logging": True,
    "enable_log_file_validation": True,
    "is_multi_region_trail": False,
    "include_global_service_events": False,
    "kms_key_id": KEY,
    "s3_bucket_name": "acme-dev-audit-1a2b",
    "advanced_event_selector": [_INVOCATIONS, _OBJECTS],
}
_ADDRESS, _NOTIFICATION = "aws_cloudtrail.Trail", "aws_s3_bucket_notification.Capture"
_BASIC = {"read_write_type": "All", "include_management_events": True}


def _trail(**changes: Any) -> dict[str, Any]:
    return {"others": [change(_ADDRESS, _TRAIL, {**_TRAIL, **changes}, ("update",))]}


def _selectors(*selectors: Json) -> dict[str, Any]:
    return _trail(advanced_event_selector=[*selectors])


def _basic(before: list[Json], after: list[Json]) -> dict[str, Any]:
    old, new = ({**_TRAIL, "event_selector": blocks} for blocks in (before, after))
    return {"others": [change(_ADDRESS, old, new, ("update",))]}


def _new(**changes: Any) -> dict[str, Any]:
    return {"others": [change(_ADDRESS, None, {**_TRAIL, **changes}, ("create",))]}


def _announcing(*, before: bool, after: bool | None, **more: Any) -> dict[str, Any]:
    old = {"bucket": CAPTURE, "eventbridge": before}
    new = None if after is None else {"bucket": CAPTURE, "eventbridge": after}
    return {"others": [change(_NOTIFICATION, old, new, ("delete",) if after is None else ("update",))], **more}


_NARROWER = [
    [_INVOCATIONS],  # one is removed
    [_selector(category=_DATA, type=_ENDPOINTS, arn={"starts_with": [f"{_ARN}fraud"]}), _OBJECTS],
    [_selector(category=_DATA, type=_ENDPOINTS, arn={"equals": [_ARN]}), _OBJECTS],
    [_selector(category=_DATA, type=_ENDPOINTS, arn={"ends_with": [_ARN]}), _OBJECTS],
    [_selector(category=_DATA, type={"equals": ["AWS::Lambda::Function"]}, arn={"starts_with": [_ARN]}), _OBJECTS],
    [{"field_selector": [*_INVOCATIONS["field_selector"], {"field": "readOnly", "equals": ["true"]}]}, _OBJECTS],
    [_selector(category=_DATA, type=_ENDPOINTS, arn={"starts_with": [_ARN], "not_equals": ["x"]}), _OBJECTS],
    [_selector(category=_DATA, type=_ENDPOINTS, arn={"starts_with": [_ARN], "not_starts_with": ["x"]}), _OBJECTS],
]
_WIDER = [
    [_OBJECTS, _INVOCATIONS],  # they have no order
    [_INVOCATIONS, _OBJECTS, _selector(category={"equals": ["Management"]})],
    [_selector(category=_DATA, type=_ENDPOINTS), _OBJECTS],
    [_selector(category=_DATA, type=_ENDPOINTS, arn={"starts_with": ["arn:aws:sagemaker:"]}), _OBJECTS],
    [_selector(category=_DATA, type=_ENDPOINTS, arn={"starts_with": ["x", _ARN]}), _OBJECTS],
    [_selector(category=_DATA, arn={"starts_with": ["arn:aws:"]})],
]
_OFF = ("is_multi_region_trail", "include_global_service_events", "is_organization_trail")

_SERVICE = "cloudtrail.amazonaws.com"

CASES: Cases = [
    ("audit-off", {"others": [change(_ADDRESS, _TRAIL, None, ("delete",))]}, _trail(tags={})),
    ("audit-off", _trail(enable_logging=False), _trail(enable_logging=True)),
    ("audit-off", _new(enable_logging=False), _new()),
    *(("audit-reduced", _selectors(*selectors), _trail(tags={})) for selectors in _NARROWER),
    *(("audit-reduced", _selectors(), _selectors(*selectors)) for selectors in _WIDER),
    ("audit-reduced", _basic([_BASIC], []), _basic([], [_BASIC])),
    ("audit-reduced", _trail(enable_log_file_validation=False), _trail(tags={})),
    ("audit-reduced", _new(enable_log_file_validation=False), _new()),
    ("audit-reduced", _new(advanced_event_selector=[_OBJECTS]), _new(advanced_event_selector=[_INVOCATIONS])),
    *(
        (
            "audit-reduced",
            {"others": [change(_ADDRESS, {**_TRAIL, name: True}, {**_TRAIL, name: False}, ("update",))]},
            _trail(**{name: True}),
        )
        for name in _OFF
    ),
    *(("audit-reduced", _trail(**{name: "other"}), _trail(tags={})) for name in ("s3_bucket_name", "s3_key_prefix")),
    ("notifications-off", _announcing(before=True, after=False), _announcing(before=False, after=True)),
    (
        "notifications-off",
        _announcing(before=True, after=None),
        _announcing(before=True, after=None, changed={BUCKET: "delete"}),
    ),
    *(
        ("audit-reduced", of_service(_SERVICE, type_=type_, **changes), of_service(_SERVICE, type_=type_, Sid="x"))
        for type_ in ("aws_s3_bucket_policy", "aws_kms_key")
        for changes in ({"removed": True}, {"Condition": {"StringEquals": {"aws:SourceArn": "b"}}})
    ),
]
