"""A CloudWatch Logs log group of an endpoint."""

from constructs import Construct

from protected_endpoints.bindings import CloudwatchLogGroup
from protected_endpoints.config import Logs
from protected_endpoints.constructs.encryption_key import EncryptionKey


class EndpointLogs(CloudwatchLogGroup):
    """Define a log group that SageMaker writes container logs to: encrypted, with a retention period.

    It has to exist before the endpoint or the inference component. Otherwise SageMaker creates one without encryption
    and without expiration.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, settings: Logs, key: EncryptionKey) -> None:
        super().__init__(
            scope,
            id_,
            name=name,
            retention_in_days=settings.retention_in_days,
            kms_key_id=key.arn,
        )
