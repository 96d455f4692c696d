"""Resources of the Cloud Control API, whose properties are one JSON document: inference components, and any other."""

import json
from typing import Any

from protected_endpoints.review.plan.values import Json, as_dict

CLOUD_CONTROL = "aws_cloudcontrolapi_resource"
INFERENCE_COMPONENT = "AWS::SageMaker::InferenceComponent"
# Properties of an inference component whose change replaces it (aws/inference_component.schema.json).
CREATE_ONLY = ("EndpointName", "InferenceComponentName", "VariantName")


def desired_state(attributes: Json | None) -> Json:
    """Return the properties that a resource has to have, or an empty dict if they are unknown, hidden or not JSON."""
    document: Any = as_dict(attributes).get("desired_state")
    try:
        return as_dict(json.loads(document)) if isinstance(document, str) else {}
    except ValueError:
        return {}


def is_inference_component(attributes: Json | None) -> bool:
    return as_dict(attributes).get("type_name") == INFERENCE_COMPONENT
