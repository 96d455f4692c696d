"""A file becomes deployments, or all its errors."""

from pathlib import Path

import pytest

from protected_endpoints.config import Alarms, DataCapture, Invoker, Kms, Logs, Network, Relax
from protected_endpoints.loading.load import load
from tests.examples import EXAMPLES
from tests.loading.support import (
    EXAMPLE,
    MINIMAL,
    PROD,
    error_messages,
    example,
    load_parsed,
    load_text,
    messages_of_file,
)

_README = "add a project, an environment and an endpoint, as the README shows"


def test_the_example_is_one_deployment() -> None:
    configuration = load(EXAMPLES["example"])
    (deployment,) = configuration.deployments
    assert deployment.names.stack == "dev-kmeans"
    assert configuration.warnings == ()
    assert deployment.tags == {"project": "acme", "environment": "dev", "endpoint": "kmeans"}
    assert (deployment.environment.account_id, deployment.environment.region) == ("111122223333", "us-west-2")
    assert (deployment.endpoint.instance_type, deployment.endpoint.initial_instance_count) == ("ml.m4.xlarge", 1)


def test_defaults_are_safe(tmp_path: Path) -> None:
    (deployment,) = load_text(tmp_path, MINIMAL).deployments
    assert deployment.project.model_dump() == {
        "name": "acme",
        "tags": {},
        "aws_provider_version": ">= 6.40, < 7",
        "strict": False,
    }
    assert deployment.environment.model_dump(exclude={"name", "account_id", "region"}) == {
        "permissions_boundary_arn": None,
        "deployers": (),
        "network": None,
        "state": None,
        "cloud": None,
        "github_actions": None,
        "alarms": {"topic_arn": None, "create_topic": False},
        "create_dashboard": False,
        "audit": {"create_trail": False, "retention_in_days": 365, "readers": ()},
    }
    endpoint = deployment.endpoint.model_dump(exclude={"name", "image", "instance_type"})
    assert {key: value for key, value in endpoint.items() if value not in (None, (), {})} == {
        "revision": 0,
        "data_capture": DataCapture().model_dump(),
        "kms": Kms().model_dump(),
        "logs": Logs().model_dump(),
        "alarms": Alarms().model_dump(),
        "create_dashboard": False,
        "create_ssm_parameters": False,
        "relax": Relax().model_dump(),
    }
    assert DataCapture().model_dump() == {
        "enable_capture": True,
        "initial_sampling_percentage": 100,
        "capture_mode": "All",
        "destination_s3_uri": None,
        "capture_content_type_header": None,
        "retention_days": 90,
        "readers": (),
        "eventbridge": False,
    }
    assert Kms().model_dump() == {
        "key_arn": None,
        "admins": (),
        "rotation_period_in_days": 365,
        "deletion_window_in_days": 30,
    }
    assert Invoker().model_dump() == {
        "role_arn": None,
        "principals": (),
        "name": None,
        "external_id": None,
        "principal_org_id": None,
        "principal_tags": {},
        "require_mfa": False,
        "target_models": (),
        "source_vpc": None,
        "source_vpc_endpoints": (),
    }
    assert Network(vpc_id="vpc-0a1b2c3d", subnet_ids=("subnet-0a1b2c3d",)).model_dump() == {
        "vpc_id": "vpc-0a1b2c3d",
        "subnet_ids": ("subnet-0a1b2c3d",),
        "private_endpoints": True,
        "route_table_ids": (),
        "endpoint_security_group_ids": (),
    }
    assert Logs().retention_in_days == 365
    assert Relax().reasons == {}


def test_an_endpoint_exists_in_every_environment_in_the_order_of_the_file(tmp_path: Path) -> None:
    second = '[endpoints.another]\nimage = "174872318107.dkr.ecr.us-west-2.amazonaws.com/x:1"\n'
    configuration = load_text(tmp_path, f'{MINIMAL}{second}instance_type = "ml.m5.xlarge"\n{PROD}')
    assert [deployment.names.stack for deployment in configuration.deployments] == [
        "dev-kmeans",
        "prod-kmeans",
        "dev-another",
        "prod-another",
    ]


def test_an_endpoint_exists_only_in_the_environments_of_only(tmp_path: Path) -> None:
    configuration = load_text(tmp_path, f'{MINIMAL}only = ["prod"]\n{PROD}')
    assert [deployment.names.stack for deployment in configuration.deployments] == ["prod-kmeans"]


def test_an_override_changes_only_its_environment(tmp_path: Path) -> None:
    override = "[endpoints.kmeans.environments.prod]\ninitial_instance_count = 5\n"
    dev, prod = load_text(tmp_path, f"{MINIMAL}{PROD}{override}").deployments
    assert (dev.endpoint.initial_instance_count, prod.endpoint.initial_instance_count) == (None, 5)
    assert dev.endpoint.image == prod.endpoint.image


def test_tables_of_an_override_are_merged_key_by_key(tmp_path: Path) -> None:
    text = f"""{MINIMAL}
environment = {{ LOG_LEVEL = "info", FORMAT = "json" }}
[endpoints.kmeans.data_capture]
initial_sampling_percentage = 20
capture_mode = "Input"
[endpoints.kmeans.environments.dev]
environment = {{ LOG_LEVEL = "debug" }}
data_capture = {{ capture_mode = "Output" }}
kms = {{ deletion_window_in_days = 7 }}
"""
    (deployment,) = load_text(tmp_path, text).deployments
    assert deployment.endpoint.environment == {"LOG_LEVEL": "debug", "FORMAT": "json"}
    assert deployment.endpoint.data_capture == DataCapture(initial_sampling_percentage=20, capture_mode="Output")
    assert deployment.endpoint.kms == Kms(deletion_window_in_days=7)


def test_other_values_of_an_override_replace_those_of_the_endpoint(tmp_path: Path) -> None:
    role = "arn:aws:iam::111122223333:role"
    text = f"""{MINIMAL}
invokers = ["{role}/a", "{role}/b"]
[endpoints.kmeans.environments.dev]
invokers = ["{role}/c"]
"""
    (deployment,) = load_text(tmp_path, text).deployments
    assert [invoker.role_arn for invoker in deployment.endpoint.invokers] == [f"{role}/c"]


def test_an_override_may_add_a_required_key(tmp_path: Path) -> None:
    base = MINIMAL.replace('instance_type = "ml.m4.xlarge"\n', "")
    override = '[endpoints.kmeans.environments.dev]\ninstance_type = "ml.m5.large"\n'
    (deployment,) = load_text(tmp_path, base + override).deployments
    assert deployment.endpoint.instance_type == "ml.m5.large"
    assert error_messages(tmp_path, base) == [
        "endpoints.kmeans.instance_type: required unless serverless_config is set; for example, add "
        'instance_type = "ml.m5.xlarge" [variant-without-compute]'
    ]


def test_loading_does_not_change_the_parsed_table() -> None:
    table = example()
    table["endpoints"]["kmeans"]["environments"] = {"dev": {"data_capture": {"capture_mode": "Input"}}}
    before = repr(table)
    load_parsed(table)
    assert repr(table) == before


def test_a_warning_has_the_path_of_the_override(tmp_path: Path) -> None:
    override = '[endpoints.kmeans.environments.dev]\ninstance_type = "ml.g5.xlarge"\n'
    (warning,) = load_text(tmp_path, EXAMPLE + override).warnings
    assert str(warning).startswith("endpoints.kmeans.environments.dev.instance_type: has local NVMe storage")
    assert warning.severity == "warning"


def test_a_missing_file_is_one_error(tmp_path: Path) -> None:
    assert messages_of_file(tmp_path / "endpoints.toml") == [
        f"endpoints.toml: file not found; create it: {_README} [file-not-found]"
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_one_error(tmp_path: Path, text: str) -> None:
    assert error_messages(tmp_path, text) == [f"endpoints.toml: the file is empty; {_README} [file-empty]"]


def test_a_syntax_error_is_one_error_with_its_line(tmp_path: Path) -> None:
    (message,) = error_messages(tmp_path, EXAMPLE.replace('name = "acme"', "name = acme"))
    line = EXAMPLE.splitlines().index('name = "acme"') + 1
    assert message.startswith(f"endpoints.toml: invalid TOML: invalid value (at line {line}, column 8")
    assert message.endswith("; put the value of name in quotes [toml-syntax]")


def test_a_duplicate_table_is_one_error_with_its_line(tmp_path: Path) -> None:
    (message,) = error_messages(tmp_path, "[project]\n[project]\n")
    assert message.startswith("endpoints.toml: invalid TOML: cannot declare ('project',) twice (at line 2, column")


@pytest.mark.parametrize("text", [f"a = {'[' * 5000}", f"a = {'9' * 5000}"], ids=["lists", "digits"])
def test_a_value_beyond_the_limits_of_python_is_one_error(tmp_path: Path, text: str) -> None:
    (message,) = error_messages(tmp_path, text)
    assert message.startswith("endpoints.toml: invalid TOML: ")


def test_a_file_that_is_not_utf_8_is_one_error(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.toml"
    file.write_bytes('[project]\nname = "größe"\n'.encode("latin-1"))
    (message,) = messages_of_file(file)
    assert message.startswith("endpoints.toml: cannot be read: 'utf-8' codec can't decode byte")
    assert message.endswith("; replace it with a UTF-8 text file [file-not-readable]")


def test_a_file_with_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").write_bytes(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode())
    assert load(tmp_path / "endpoints.toml") == load_text(tmp_path, EXAMPLE)
