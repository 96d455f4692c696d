"""Behavior that moto lacks outside of SageMaker, Application Auto Scaling and CloudWatch."""

import json
from functools import cache
from typing import Any

from botocore import session
from moto import backends
from moto.cloudtrail.models import CloudTrailBackend
from moto.core import responses, utils
from moto.iam.access_control import PermissionResult
from moto.kms import models
from moto.kms.responses import KmsResponse
from moto.kms.utils import generate_private_key
from moto.logs.responses import LogsResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

_EVENTS = (
    '<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EventBridgeConfiguration/>'
    "</NotificationConfiguration>"
)


def apply_patches() -> None:
    """Add rotation periods of keys, keys of log groups, events of buckets and ARNs of trails; turn bucket policies off.

    moto ignores the conditions of a deny statement in a bucket policy. tests/attacks evaluates bucket policies; the
    emulator only stores them.
    """
    # moto lists its folders and the methods of a class for every request, a third of the time of a response.
    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    vars(responses)["method_names_from_class"] = cache(utils.method_names_from_class)
    # It compares the host of every request with 200 patterns, and makes an RSA key for each key of KMS.
    add_methods(DomainDispatcherApplication, cache(DomainDispatcherApplication.get_backend_for_host))
    vars(models)["generate_private_key"] = cache(generate_private_key)
    # moto makes sessions of boto3, and each would read the files that describe AWS again.
    session.create_loader = cache(session.create_loader)

    periods: dict[str, int] = {}
    enable, status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def enable_key_rotation(self: KmsResponse) -> str:
        periods[self._get_param("KeyId")] = self._get_param("RotationPeriodInDays") or 365
        return enable(self)

    def get_key_rotation_status(self: KmsResponse) -> str:
        key_id = self._get_param("KeyId")
        return json.dumps({**json.loads(status(self)), "RotationPeriodInDays": periods.get(key_id, 365)})

    def associate_kms_key(self: LogsResponse) -> str:
        self.logs_backend.groups[self._get_param("logGroupName")].kms_key_id = self._get_param("kmsKeyId")
        return "{}"

    notifications_of_moto = S3Response.get_bucket_notification

    def get_bucket_notification(self: S3Response) -> Any:
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration is None or configuration.event_bridge is None:
            return notifications_of_moto(self)
        return 200, {}, _EVENTS

    def delete_trail(self: CloudTrailBackend, name: str) -> None:
        # Terraform sends the ARN, for which moto does nothing.
        self.trails.pop(name.rpartition("/")[2], None)

    def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:  # noqa: ARG001  reason: moto's
        return PermissionResult.NEUTRAL

    add_methods(FakeBucket, get_permission)
    add_methods(CloudTrailBackend, delete_trail)
    add_methods(S3Response, get_bucket_notification)
    add_methods(KmsResponse, enable_key_rotation, get_key_rotation_status)
    add_methods(LogsResponse, associate_kms_key)


def add_methods(responses: type, *methods: Any) -> None:
    """Add methods to a class of moto, or replace its own."""
    for method in methods:
        setattr(responses, method.__name__, method)
