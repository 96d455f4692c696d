"""Nested blocks keep all of their keys, and a key that Terraform does not have is an error."""

import pytest

from protected_endpoints.bindings import SagemakerModelContainer
from protected_endpoints.bindings.blocks import build_block
from tests.support import IMAGE, only, synth


def test_nested_tables_and_lists_keep_their_keys() -> None:
    adapters = {
        "channel_name": "adapters",
        "s3_data_source": {
            "s3_uri": "s3://my-bucket/adapters/",
            "s3_data_type": "S3Prefix",
            "model_access_config": {"accept_eula": True},
        },
    }
    containers = [{"image": IMAGE, "additional_model_data_source": [adapters]}, {"image": IMAGE}]
    stack = synth(image=None, model_data_url=None, container=containers)
    first, second = only(stack, "aws_sagemaker_model")["container"]
    (source,) = first["additional_model_data_source"]
    assert source["channel_name"] == "adapters"
    assert source["s3_data_source"] == [
        {
            "compression_type": "None",
            "model_access_config": {"accept_eula": True},
            "s3_data_type": "S3Prefix",
            "s3_uri": "s3://my-bucket/adapters/",
        }
    ]
    assert second == {"image": IMAGE}


def test_a_key_that_terraform_does_not_have_is_an_error() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'images'"):
        build_block(SagemakerModelContainer, {"images": IMAGE})


def test_empty_values_are_omitted() -> None:
    container = build_block(SagemakerModelContainer, {"image": IMAGE, "environment": {}, "model_data_source": None})
    assert container._values == {"image": IMAGE}
