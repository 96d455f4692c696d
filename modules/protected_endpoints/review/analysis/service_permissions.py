"""What AWS services may do by the policies of topics, keys and buckets, which they need to deliver."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.grant import Grant
from protected_endpoints.review.analysis.statements import grants
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import BUCKET, TOPIC
from protected_endpoints.review.plan.values import Json, Unknown, as_dict

# The type of what belongs to a policy, whose deletion is reported by itself.
_OWNERS = {"aws_sns_topic_policy": TOPIC, "aws_s3_bucket_policy": BUCKET, "aws_kms_key": "aws_kms_key"}


def lost_permissions(plan: Plan, service: str) -> Iterator[tuple[Change, list[str]]]:
    """Yield the policies of what stays that no longer allow a service actions, or only under other conditions."""
    for type_, owner in _OWNERS.items():
        for change in plan.of_type(type_):
            is_known = not isinstance(change.value_after("policy"), Unknown)
            if is_known and not any(item.is_deleted for item in plan.of_type(owner)):
                after = _allowed(None if change.is_deleted else change.after, service)
                lost = [grant for grant in _allowed(change.before, service) if not _is_covered(grant, after)]
                if lost:
                    yield change, sorted({grant.action for grant in lost})


def _is_covered(grant: Grant, others: list[Grant]) -> bool:
    return any(other.covers(grant) for other in others)


def _allowed(resource: Json | None, service: str) -> list[Grant]:
    document = as_dict(resource).get("policy")
    found = grants(document, Grant("", "", "", "")) if document else ()
    return [grant for grant in found if grant.principal == service and grant.effect == "Allow"]
