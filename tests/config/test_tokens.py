"""Tokens of CDKTF in place of values that AWS chooses."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from protected_endpoints.config import Egress, Endpoint, Kms, Network, State
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.load import load
from sandbox.workspace import EXAMPLE

_VPC = "${TfToken[TOKEN.12]}"


def test_ids_of_a_network_and_the_key_of_an_endpoint_can_be_tokens() -> None:
    network = Network(vpc_id=_VPC, subnet_ids=(_VPC,), endpoint_security_group_ids=(_VPC,))
    assert (network.vpc_id, network.subnet_ids) == (_VPC, (_VPC,))
    assert Kms(key_arn=_VPC).key_arn == _VPC
    assert Egress(referenced_security_group_id=_VPC, port=443, reason="calls the feature store").destination == _VPC


@pytest.mark.parametrize(
    "value", [f"{_VPC} ", f"vpc-{_VPC}", "${aws_vpc.Vpc.id}", "#{TfToken[TOKEN.12]}", "${TfToken[TOKEN.x]}"]
)
def test_other_templates_are_errors(value: str) -> None:
    with pytest.raises(ValidationError, match="vpc_id"):
        Network(vpc_id=value, subnet_ids=("subnet-0a1b2c3d",))


def test_values_that_names_and_policies_follow_from_cannot_be_tokens() -> None:
    with pytest.raises(ValidationError, match="execution_role_arn"):
        Endpoint(name="kmeans", execution_role_arn=_VPC)
    with pytest.raises(ValidationError, match="model_data_url"):
        Endpoint(name="kmeans", model_data_url=f"s3://{_VPC}/model.tar.gz")
    with pytest.raises(ValidationError, match="kms_key_id"):
        State(bucket="acme-tfstate", kms_key_id=_VPC)


@pytest.mark.parametrize("value", [_VPC, f"s3://{_VPC}/x", "#{TfToken[TOKEN.12]}"])
def test_a_container_does_not_get_the_text_of_a_template(value: str) -> None:
    with pytest.raises(ValidationError, match=r"(?s)environment\.BUCKET.*a token of CDKTF"):
        Endpoint(name="kmeans", environment={"BUCKET": value})


@pytest.mark.parametrize(
    ("table", "path"),
    [
        (f'[environments.dev.network]\nvpc_id = "{_VPC}"\nsubnet_ids = ["subnet-0a1b2c3d"]\n', "network.vpc_id"),
        (f'[endpoints.kmeans.kms]\nkey_arn = "{_VPC}"\n', "kms.key_arn"),
    ],
)
def test_a_file_has_no_tokens(tmp_path: Path, table: str, path: str) -> None:
    """The text would become the value of whichever resource has this number."""
    file = tmp_path / "endpoints.toml"
    file.write_text(f"{EXAMPLE.read_text()}\n{table}")
    with pytest.raises(ConfigurationError, match=rf"\.{path}: must be .*TOKEN"):
        load(file)


def test_an_environment_variable_of_a_file_has_no_token(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.toml"
    file.write_text(f'{EXAMPLE.read_text()}\n[endpoints.kmeans.environment]\nTABLE = "s3://{_VPC}"\n')
    with pytest.raises(ConfigurationError, match=r"environment\.TABLE: must be .* token of CDKTF; use a shorter value"):
        load(file)
