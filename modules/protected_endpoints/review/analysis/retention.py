"""After how many days logs and the objects of a bucket are deleted, before and after a plan."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.values import Json, Unknown, as_dict, as_list, first_block

LOG_GROUP, LIFECYCLE = "aws_cloudwatch_log_group", "aws_s3_bucket_lifecycle_configuration"
_DATA = {LOG_GROUP: "logs", LIFECYCLE: "bucket objects"}
_NONCURRENT = "deleted objects"  # noncurrent versions, which S3 keeps of deleted and overwritten objects


@dataclass(frozen=True)
class Retention:
    """The days after which data is deleted; `condition` restricts a lifecycle rule by more than a prefix."""

    data: str
    days: int
    prefix: str = ""
    condition: str = ""

    def covers(self, other: "Retention") -> bool:
        """Return whether this rule applies to all the data that another one applies to."""
        is_wider = self.data == other.data and other.prefix.startswith(self.prefix)
        return is_wider and self.condition in ("", other.condition)

    def __str__(self) -> str:
        place = f" under {code(self.prefix)}" if self.prefix else ""
        condition = f" with {code(self.condition)}" if self.condition else ""
        return f"{self.data}{place}{condition}"


def retentions(type_: str, attributes: Json | None) -> list[Retention]:
    """Return the retentions of a log group or of a bucket, before or after a plan, and none of another type."""
    if attributes is None or type_ not in _DATA:
        return []
    if type_ == LOG_GROUP:
        days = attributes.get("retention_in_days")
        return [Retention(_DATA[LOG_GROUP], days)] if isinstance(days, int) and days else []
    rules = map(as_dict, as_list(attributes.get("rule")))
    return [retention for rule in rules if rule.get("status") == "Enabled" for retention in _of_rule(rule)]


def _of_rule(rule: Json) -> Iterator[Retention]:
    prefix, condition = _filter(rule)
    days = first_block(rule.get("expiration")).get("days")
    if isinstance(days, int) and days:
        yield Retention(_DATA[LIFECYCLE], days, prefix, condition)
    noncurrent = first_block(rule.get("noncurrent_version_expiration"))
    days, newer = noncurrent.get("noncurrent_days"), noncurrent.get("newer_noncurrent_versions")
    if isinstance(days, int) and days:
        kept = f"newer_noncurrent_versions = {newer}" if newer not in (None, 0, "", "0") else ""
        yield Retention(_NONCURRENT, days, prefix, " and ".join(filter(None, (condition, kept))))


def _filter(rule: Json) -> tuple[str, str]:
    """Return the prefix of a lifecycle rule, and its other conditions."""
    block = first_block(rule.get("filter"))
    combined = first_block(block.get("and"))
    prefixes = [side.get("prefix") for side in (combined, block, rule)]
    if any(isinstance(prefix, Unknown) for prefix in prefixes):
        return "", "a prefix that is known only after apply"
    prefix = next((prefix for prefix in prefixes if isinstance(prefix, str) and prefix), "")
    others = {
        key: value
        for side in (block, combined)
        for key, value in side.items()
        if key not in ("prefix", "and") and value not in (None, "", 0, [], {})
    }
    return prefix, json.dumps(others, sort_keys=True, default=str) if others else ""
