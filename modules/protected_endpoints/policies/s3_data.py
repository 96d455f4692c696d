"""ARNs and KMS conditions of an endpoint's S3 data."""

from collections.abc import Iterable, Sequence

from protected_endpoints.deployment.data_flows import DataFlow
from protected_endpoints.deployment.names import EnvironmentNames
from protected_endpoints.policies.document import Condition

ENCRYPTION_CONTEXT = "kms:EncryptionContext:aws:s3:arn"


def object_arns(names: EnvironmentNames, flows: Iterable[DataFlow]) -> list[str]:
    """Return the distinct ARNs of the objects: one object, or every object below a prefix."""
    return [*dict.fromkeys(_object_arn(names, flow) for flow in flows)]


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
