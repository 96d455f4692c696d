"""What moto lacks outside SageMaker, added when the emulator starts."""

import json
from typing import Any

from moto.kms.responses import KmsResponse
from moto.logs.responses import LogsResponse


def fill_gaps() -> None:
    """Let moto keep rotation periods, which a second plan would miss, and change the key of a log group."""
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

    _add(KmsResponse, enable_key_rotation, get_key_rotation_status)
    _add(LogsResponse, associate_kms_key)


def _add(responses: type, *methods: Any) -> None:
    for method in methods:
        setattr(responses, method.__name__, method)
