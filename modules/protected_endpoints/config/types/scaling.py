"""Types of scaling: schedules, time zones and metrics."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from protected_endpoints.aws.time_zones import time_zones


def _known_time_zone(value: str) -> str:
    if value not in time_zones():
        raise PydanticCustomError("enum", "must be a canonical IANA time zone")
    return value


def _add_time_zones(schema: dict[str, Any]) -> None:
    schema["enum"] = sorted(time_zones())


Schedule = Annotated[
    str,
    Field(
        title="schedule: cron(minutes hours day-of-month month day-of-week year), at(yyyy-mm-ddThh:mm:ss) or "
        "rate(value unit)",
        # A rule checks the fields of cron.
        pattern=r"^(cron\([A-Z0-9*?,/#-]+( +[A-Z0-9*?,/#-]+)*\)"
        r"|at\([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\)"
        r"|rate\([1-9][0-9]{0,5} (minutes?|hours?|days?)\))$",
        max_length=256,
        examples=["cron(0 20 * * ? *)", "cron(0 6 ? * MON-FRI *)"],
    ),
]
TimeZone = Annotated[
    str,
    AfterValidator(_known_time_zone),
    Field(
        title="canonical name of an IANA time zone",
        examples=["Europe/Zurich", "America/New_York"],
        json_schema_extra=_add_time_zones,
    ),
]
UtcTime = Annotated[
    str,
    Field(
        title="time in UTC: yyyy-mm-ddThh:mm:ssZ",
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$",
        max_length=20,
        examples=["2027-01-31T08:00:00Z", "2028-01-31T08:00:00Z"],
    ),
]
MetricName = Annotated[
    str,
    Field(
        title="CloudWatch metric name of up to 255 letters, digits, spaces and _ . / # : -",
        pattern=r"^[A-Za-z0-9_./#:-]( *[A-Za-z0-9_./#:-])*$",
        max_length=255,
        examples=["CPUUtilization", "ModelLatency"],
    ),
]
MetricNamespace = Annotated[
    str,
    Field(
        title="CloudWatch namespace of up to 255 letters, digits and _ . / # -",
        pattern=r"^[A-Za-z0-9_./#-]+$",
        max_length=255,
        examples=["Acme/Serving", "AWS/SQS"],
    ),
]
DimensionValue = Annotated[
    str,
    Field(
        title="value of a CloudWatch dimension of up to 255 characters, without $ { } % and control characters",
        pattern=r"^[^\s${}%\x00-\x1f\x7f-\x9f]([^${}%\x00-\x1f\x7f-\x9f]*[^\s${}%\x00-\x1f\x7f-\x9f])?$",
        max_length=255,
        examples=["fraud", "churn"],
    ),
]
