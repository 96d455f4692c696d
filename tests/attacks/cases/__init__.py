"""The requests of the attack tests, each with IAM's expected answer."""

from tests.attacks.cases import (
    data_capture,
    endpoint,
    execution_role,
    inference_modes,
    invokers,
    key,
    key_admins,
    model_data_key,
    network,
    relaxations,
)
from tests.attacks.cases.case import SCENARIOS, Case

CASES = [
    *endpoint.CASES,
    *invokers.CASES,
    *execution_role.CASES,
    *network.CASES,
    *data_capture.CASES,
    *key.CASES,
    *key_admins.CASES,
    *relaxations.CASES,
    *inference_modes.CASES,
    *model_data_key.CASES,
]

__all__ = ["CASES", "SCENARIOS", "Case"]
