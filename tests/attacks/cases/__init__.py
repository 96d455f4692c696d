"""The requests of the attack tests, each with IAM's expected answer."""

from tests.attacks.cases import (
    async_inference,
    data_capture,
    endpoint,
    execution_role,
    existing_role,
    inference_components,
    invokers,
    key,
    key_admins,
    model_data_account,
    model_data_key,
    multi_model,
    network,
    permissions,
    private_registry,
    relaxations,
)
from tests.attacks.cases.case import SCENARIOS, Case

CASES = [
    *endpoint.CASES,
    *invokers.CASES,
    *execution_role.CASES,
    *existing_role.CASES,
    *network.CASES,
    *data_capture.CASES,
    *key.CASES,
    *key_admins.CASES,
    *relaxations.CASES,
    *async_inference.CASES,
    *multi_model.CASES,
    *private_registry.CASES,
    *model_data_key.CASES,
    *permissions.CASES,
    *inference_components.CASES,
    *model_data_account.CASES,
]

__all__ = ["CASES", "SCENARIOS", "Case"]
