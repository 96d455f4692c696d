"""ARNs, accounts and conditions of an endpoint's S3 data."""

from collections.abc import Iterable, Sequence

from protected_endpoints.deployment.data_flows import DataFlow
from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.policies.document import Condition

ENCRYPTION_CONTEXT = "kms:EncryptionContext:aws:s3:arn"


def object_arns(names: EnvironmentNames, flows: Iterable[DataFlow]) -> list[str]:
    """Return the distinct ARNs of the objects: one object, or every object below a prefix."""
    return [*dict.fromkeys(_object_arn(names, flow) for flow in flows)]


def by_account(names: EnvironmentNames, flows: Iterable[DataFlow]) -> dict[str | None, list[DataFlow]]:
    """Return data flows by the account that policies require of the bucket; None is any account."""
    grouped: dict[str | None, list[DataFlow]] = {}
    for flow in flows:
        account = (flow.account_id or names.account_id) if flow.has_account_condition else None
        grouped.setdefault(account, []).append(flow)
    return grouped


def account_condition(*account_ids: str | None) -> Condition:
    """Return the condition that a bucket belongs to one of the accounts; no condition if one of them is None."""
    known = [account for account in account_ids if account]
    if len(known) < len(account_ids):
        return {}
    return {"StringEquals": {"aws:ResourceAccount": known[0] if len(known) == 1 else known}}


def list_condition(location: S3Location) -> Condition:
    """Return the condition that a list contains only objects below a prefix; no condition for a whole bucket."""
    return {} if location.is_root else {"StringLike": {"s3:prefix": location.objects}}


def encryption_contexts(names: EnvironmentNames, flows: Iterable[DataFlow]) -> list[str]:
    """Return the encryption contexts that S3 uses: the bucket's with an S3 Bucket Key, otherwise each object's."""
    contexts = [arn for flow in flows for arn in (names.bucket_arn(flow.location.bucket), _object_arn(names, flow))]
    return [*dict.fromkeys(contexts)]


def key_condition(names: EnvironmentNames, contexts: Sequence[str]) -> Condition:
    """Return the condition that a key is used through S3, and for objects with these encryption contexts."""
    return {
        "StringEquals": {"kms:ViaService": names.kms_via_service("s3")},
        "StringLike": {ENCRYPTION_CONTEXT: [*contexts]},
    }


def _object_arn(names: EnvironmentNames, flow: DataFlow) -> str:
    return names.objects_arn(flow.location) if flow.is_prefix else names.object_arn(flow.location)
