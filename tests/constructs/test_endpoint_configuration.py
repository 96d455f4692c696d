"""The endpoint configuration."""

import pytest

from tests.support import only, synth


@pytest.mark.parametrize(
    ("mode", "options"), [("All", ["Input", "Output"]), ("Input", ["Input"]), ("Output", ["Output"])]
)
def test_the_capture_options_never_contain_the_mode_that_aws_refuses(mode: str, options: list[str]) -> None:
    capture = only(synth(data_capture={"capture_mode": mode}), "aws_sagemaker_endpoint_configuration")
    settings = capture["data_capture_config"]
    assert settings["enable_capture"] is True
    assert [option["capture_mode"] for option in settings["capture_options"]] == options


def test_model_and_configuration_are_created_before_the_previous_ones_are_destroyed() -> None:
    stack = synth()
    for type_ in ("aws_sagemaker_model", "aws_sagemaker_endpoint_configuration"):
        assert only(stack, type_)["lifecycle"] == {"create_before_destroy": True}
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    assert configuration["name_prefix"] == "acme-dev-kmeans-"
    assert "name" not in configuration
