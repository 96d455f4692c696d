"""What is known about the models in the images that AWS provides, and about how these load a model."""

from protected_endpoints.aws.images import AwsImage
from protected_endpoints.config.container import Container

_HUGGING_FACE_TOOLKIT = ("huggingface-pytorch-inference", "huggingface-tensorflow-inference")


def loads_from_hub_only(container: Container) -> bool:
    """Return whether the image takes the value of `HF_MODEL_ID` for an ID in the hub, even if it is a path.

    The Hugging Face Inference Toolkit asks the hub about any value. Without the variable, and in mode MultiModel, it
    loads the model data (sagemaker-huggingface-inference-toolkit, mms_model_server.py).
    """
    image = AwsImage.parse(container.image or "")
    return image is not None and image.repository.startswith(_HUGGING_FACE_TOOLKIT) and container.mode != "MultiModel"


def can_start_offline(container: Container) -> bool:
    """Return whether the offline mode of Hugging Face can leave a container with a model."""
    return not loads_from_hub_only(container) and not has_no_model(container)


def has_no_model(container: Container) -> bool:
    """Return whether a container has no model data, and its image is one of AWS, which contain no models."""
    image = AwsImage.parse(container.image or "")
    has_data = container.model_data_url or container.model_data_source or container.additional_model_data_source
    return not has_data and image is not None and image.is_in_registry_of_aws
