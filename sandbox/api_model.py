"""Validate requests with the service models of botocore, as AWS does before it looks at any resource."""

from functools import cache
from typing import Any

from botocore.model import ServiceModel
from botocore.session import Session
from botocore.validate import validate_parameters

from sandbox.sagemaker_records import ApiError


def check_request(service: str, action: str, request: dict[str, Any]) -> None:
    """Check types, required members, bounds and enumerations of a request.

    Raises:
        ApiError: the request is invalid.

    """
    shape = _model(service).operation_model(action).input_shape
    try:
        validate_parameters(request, shape)
    except Exception as error:
        raise ApiError(str(error)) from error


@cache
def _model(service: str) -> ServiceModel:
    return Session().get_service_model(service)
