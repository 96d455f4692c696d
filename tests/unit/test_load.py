"""A file becomes deployments, or every mistake in it at once: what is wrong, where, and what to do."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from modules.config import DataCapture, Kms, Logs, Relax
from modules.load import Configuration, load
from modules.problems import ConfigurationError
from tests.unit.support import EXAMPLE, ROOT, example, load_parsed, messages_of

_README = "write it, as the README's first endpoint shows"
_PROD = """
[environments.prod]
account_id = "444455556666"
region = "us-west-2"
"""
_MINIMAL = """
[project]
name = "acme"
[environments.dev]
account_id = "111122223333"
region = "us-west-2"
[endpoints.kmeans]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
instance_type = "ml.m4.xlarge"
"""


def _file(folder: Path, text: str) -> Path:
    file = folder / "endpoints.toml"
    file.write_text(text, encoding="utf-8")
    return file


def _loaded(folder: Path, text: str) -> Configuration:
    return load(_file(folder, text))


def _messages(file: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        load(file)
    assert str(raised.value) == "\n".join(map(str, raised.value.problems))
    return [str(problem) for problem in raised.value.problems]


def _wrong(folder: Path, text: str) -> list[str]:
    return _messages(_file(folder, text))


# What is right


def test_the_file_of_the_repository_is_one_deployment() -> None:
    configuration = load(ROOT / "endpoints.toml")
    (deployment,) = configuration.deployments
    assert deployment.names.stack == "dev-kmeans"
    assert configuration.warnings == ()
    assert deployment.tags == {"project": "acme", "environment": "dev", "endpoint": "kmeans"}
    assert (deployment.environment.account_id, deployment.environment.region) == ("111122223333", "us-west-2")
    assert (deployment.endpoint.instance_type, deployment.endpoint.initial_instance_count) == ("ml.m4.xlarge", 1)


def test_what_is_left_out_has_a_safe_default(tmp_path: Path) -> None:
    (deployment,) = _loaded(tmp_path, _MINIMAL).deployments
    assert deployment.project.model_dump() == {
        "name": "acme",
        "tags": {},
        "aws_provider_version": ">= 6.25, < 7",
    }
    assert deployment.environment.model_dump(exclude={"name", "account_id", "region"}) == {
        "permissions_boundary_arn": None,
        "state": None,
    }
    assert deployment.endpoint.model_dump(exclude={"name", "image", "instance_type"}) == {
        "model_data_url": None,
        "environment": {},
        "initial_instance_count": 2,
        "invokers": (),
        "revision": 0,
        "data_capture": DataCapture().model_dump(),
        "kms": Kms().model_dump(),
        "logs": Logs().model_dump(),
        "relax": Relax().model_dump(),
    }
    assert DataCapture().model_dump() == {
        "enable_capture": True,
        "initial_sampling_percentage": 100,
        "capture_mode": "All",
        "destination_s3_uri": None,
        "retention_days": 90,
        "readers": (),
    }
    assert Kms().model_dump() == {"key_arn": None, "rotation_period_in_days": 365, "deletion_window_in_days": 30}
    assert Logs().retention_in_days == 365
    assert set(Relax().model_dump().values()) == {None}


def test_an_endpoint_exists_in_every_environment_in_the_order_of_the_file(tmp_path: Path) -> None:
    second = '[endpoints.another]\nimage = "174872318107.dkr.ecr.us-west-2.amazonaws.com/x:1"\n'
    configuration = _loaded(tmp_path, f'{_MINIMAL}{second}instance_type = "ml.m5.xlarge"\n{_PROD}')
    assert [deployment.names.stack for deployment in configuration.deployments] == [
        "dev-kmeans",
        "prod-kmeans",
        "dev-another",
        "prod-another",
    ]


def test_an_endpoint_exists_only_in_the_environments_that_it_names(tmp_path: Path) -> None:
    configuration = _loaded(tmp_path, f'{_MINIMAL}only = ["prod"]\n{_PROD}')
    assert [deployment.names.stack for deployment in configuration.deployments] == ["prod-kmeans"]


def test_an_override_changes_its_environment_alone(tmp_path: Path) -> None:
    override = "[endpoints.kmeans.environments.prod]\ninitial_instance_count = 5\n"
    dev, prod = _loaded(tmp_path, f"{_MINIMAL}{_PROD}{override}").deployments
    assert (dev.endpoint.initial_instance_count, prod.endpoint.initial_instance_count) == (2, 5)
    assert dev.endpoint.image == prod.endpoint.image


def test_tables_of_an_override_are_merged_key_by_key(tmp_path: Path) -> None:
    text = f"""{_MINIMAL}
environment = {{ LOG_LEVEL = "info", FORMAT = "json" }}
[endpoints.kmeans.data_capture]
initial_sampling_percentage = 20
capture_mode = "Input"
[endpoints.kmeans.environments.dev]
environment = {{ LOG_LEVEL = "debug" }}
data_capture = {{ capture_mode = "Output" }}
kms = {{ deletion_window_in_days = 7 }}
"""
    (deployment,) = _loaded(tmp_path, text).deployments
    assert deployment.endpoint.environment == {"LOG_LEVEL": "debug", "FORMAT": "json"}
    assert deployment.endpoint.data_capture == DataCapture(initial_sampling_percentage=20, capture_mode="Output")
    assert deployment.endpoint.kms == Kms(deletion_window_in_days=7)


def test_everything_else_of_an_override_replaces(tmp_path: Path) -> None:
    role = "arn:aws:iam::111122223333:role"
    text = f"""{_MINIMAL}
invokers = ["{role}/a", "{role}/b"]
[endpoints.kmeans.environments.dev]
invokers = ["{role}/c"]
"""
    (deployment,) = _loaded(tmp_path, text).deployments
    assert deployment.endpoint.invokers == (f"{role}/c",)


def test_an_override_may_add_what_the_endpoint_requires(tmp_path: Path) -> None:
    base = _MINIMAL.replace('instance_type = "ml.m4.xlarge"\n', "")
    override = '[endpoints.kmeans.environments.dev]\ninstance_type = "ml.m5.large"\n'
    (deployment,) = _loaded(tmp_path, base + override).deployments
    assert deployment.endpoint.instance_type == "ml.m5.large"
    assert _wrong(tmp_path, base) == [
        'endpoints.kmeans.instance_type: required, and missing; add instance_type = "ml.m5.xlarge"'
    ]


def test_loading_changes_nothing_in_what_was_parsed() -> None:
    table = example()
    table["endpoints"]["kmeans"]["environments"] = {"dev": {"data_capture": {"capture_mode": "Input"}}}
    before = repr(table)
    load_parsed(table)
    assert repr(table) == before


def test_a_warning_stands_where_the_value_comes_from(tmp_path: Path) -> None:
    override = '[endpoints.kmeans.environments.dev]\ninstance_type = "ml.g5.xlarge"\n'
    (warning,) = _loaded(tmp_path, _MINIMAL + override).warnings
    assert str(warning).startswith("endpoints.kmeans.environments.dev.instance_type: has local NVMe storage")
    assert warning.severity == "warning"


# The file as a whole


def test_a_missing_file_is_one_message(tmp_path: Path) -> None:
    assert _messages(tmp_path / "endpoints.toml") == [f"endpoints.toml: there is no such file; {_README}"]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_one_message(tmp_path: Path, text: str) -> None:
    assert _wrong(tmp_path, text) == [f"endpoints.toml: the file is empty; {_README}"]


def test_a_syntax_error_is_one_message_with_its_line(tmp_path: Path) -> None:
    (message,) = _wrong(tmp_path, EXAMPLE.replace('name = "acme"', "name = acme"))
    assert message.startswith("endpoints.toml: not valid TOML: invalid value (at line 3, column 8")
    assert message.endswith("; correct it there")


def test_a_table_that_is_there_twice_is_one_message_with_its_line(tmp_path: Path) -> None:
    (message,) = _wrong(tmp_path, "[project]\n[project]\n")
    assert message.startswith("endpoints.toml: not valid TOML: cannot declare ('project',) twice (at line 2, column")


@pytest.mark.parametrize("text", [f"a = {'[' * 5000}", f"a = {'9' * 5000}"], ids=["lists", "digits"])
def test_what_no_reader_takes_is_one_message(tmp_path: Path, text: str) -> None:
    (message,) = _wrong(tmp_path, text)
    assert message.startswith("endpoints.toml: not valid TOML: ")


def test_a_file_that_is_not_utf_8_is_one_message(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.toml"
    file.write_bytes('[project]\nname = "größe"\n'.encode("latin-1"))
    (message,) = _messages(file)
    assert message.startswith("endpoints.toml: cannot be read ('utf-8' codec can't decode byte")
    assert message.endswith("; make it a readable file in UTF-8")


def test_a_folder_of_that_name_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").mkdir()
    (message,) = _messages(tmp_path / "endpoints.toml")
    assert message.startswith("endpoints.toml: cannot be read (")


# One mistake, one message

_ENDPOINT = "[endpoints.kmeans]\n"
_KEYS_OF_PROJECT = "the keys here are name, tags, aws_provider_version"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # missing
        ('name = "acme"\n', "", 'project.name: required, and missing; add name = "kmeans"'),
        ('[project]\nname = "acme"\n', "", "project: required, and missing; add a table [project]"),
        (
            'account_id = "111122223333"\n',
            "",
            'environments.dev.account_id: required, and missing; add account_id = "111122223333"',
        ),
        (
            'region = "us-west-2"\n',
            'region = "us-west-2"\nstate = {}\n',
            'environments.dev.state.bucket: required, and missing; add bucket = "acme-tfstate-prod"',
        ),
        # unknown
        (
            "initial_instance_count = 1",
            "instance_count = 1",
            "endpoints.kmeans.instance_count: unknown key, got 1; did you mean initial_instance_count?",
        ),
        (
            'name = "acme"\n',
            'name = "acme"\nowner = "me"\n',
            f'project.owner: unknown key, got "me"; {_KEYS_OF_PROJECT}',
        ),
        (
            "[project]\n",
            "[enviroments]\n[project]\n",
            "enviroments: unknown key; did you mean environments?",
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}name = "k"\n',
            'endpoints.kmeans.name: unknown key, got "k"; leave it out',
        ),
        (
            'name = "acme"\n',
            'name = "acme"\n"a\\nb" = "me"\n',
            f'project."a\\nb": unknown key, got "me"; {_KEYS_OF_PROJECT}',
        ),
        (
            'name = "acme"\n',
            'name = "acme"\n"[key]" = "me"\n',
            f'project."[key]": unknown key, got "me"; {_KEYS_OF_PROJECT}',
        ),
        # of the wrong type
        (
            '"111122223333"',
            "111122223333",
            "environments.dev.account_id: not an AWS account id (12 digits, as a string), got 111122223333; "
            'write for example "111122223333"',
        ),
        (
            "initial_instance_count = 1",
            'initial_instance_count = "1"',
            'endpoints.kmeans.initial_instance_count: not a whole number from 1 to 1000, got "1"; write for example 2',
        ),
        (
            "[endpoints.kmeans.data_capture]",
            '[endpoints.kmeans.data_capture]\nenable_capture = "no"',
            "endpoints.kmeans.data_capture.enable_capture: not true or false, "
            'got "no"; write true or false, without quotes',
        ),
        (
            'invokers = ["arn:aws:iam::111122223333:role/checkout-api"]',
            'invokers = "arn:aws:iam::111122223333:role/checkout-api"',
            "endpoints.kmeans.invokers: not a list of IAM role ARNs, "
            'got "arn:aws:iam::111122223333:role/checkout-api"; '
            'write for example ["arn:aws:iam::111122223333:role/checkout-api"]',
        ),
        (_ENDPOINT, f"{_ENDPOINT}kms = 5\n", "endpoints.kmeans.kms: not a table, got 5; write a table of its keys"),
        # of the wrong value
        (
            '"ml.m4.xlarge"',
            '"m4.xlarge"',
            'endpoints.kmeans.instance_type: not an instance type that SageMaker hosts, got "m4.xlarge"; '
            'did you mean "ml.m4.xlarge"?',
        ),
        (
            'region = "us-west-2"',
            'region = "us-west-22"',
            'environments.dev.region: not an AWS region, got "us-west-22"; did you mean "us-west-2"?',
        ),
        (
            'region = "us-west-2"',
            'region = "here"',
            'environments.dev.region: not an AWS region, got "here"; write for example "us-west-2"',
        ),
        (
            'capture_mode = "All"',
            'capture_mode = "Both"',
            "endpoints.kmeans.data_capture.capture_mode: not one of the values that are allowed here, "
            'got "Both"; write one of "All", "Input", "Output"',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}logs = {{ retention_in_days = 31 }}\n",
            "endpoints.kmeans.logs.retention_in_days: not one of the values that are allowed here, "
            "got 31; did you mean 30?",
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}logs = {{ retention_in_days = "30" }}\n',
            "endpoints.kmeans.logs.retention_in_days: not one of the values that are allowed here, "
            'got "30"; did you mean 30?',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}revision = -1\n",
            "endpoints.kmeans.revision: not a whole number that is not negative, got -1; write for example 1",
        ),
        (
            ":role/checkout-api",
            ":user/alice",
            'endpoints.kmeans.invokers[0]: not an IAM role ARN, got "arn:aws:iam::111122223333:user/alice"; '
            'write for example "arn:aws:iam::111122223333:role/checkout-api"',
        ),
        (
            'name = "acme"\n',
            'name = "acme"\ntags = { name = 5 }\n',
            "project.tags.name: not a tag value of up to 256 letters, digits, spaces and _.:/=+-@, got 5; "
            'write for example "ml"',
        ),
        (
            'name = "acme"\n',
            'name = "acme"\ntags = { "a*" = "ml" }\n',
            'project.tags."a*": not a tag key of 1 to 128 letters, digits, spaces and _.:/=+-@, got "a*"; rename it',
        ),
        (
            "s3://my-bucket/model.tar.gz",
            f"s3://my-bucket/{'m' * 200}",
            "endpoints.kmeans.model_data_url: not an S3 URI of one .tar.gz file without wildcards, at most 1024 "
            f'characters, got "s3://my-bucket/{"m" * 103}…; write for example "s3://my-bucket/model.tar.gz"',
        ),
        # names
        (
            "[environments.dev]",
            "[environments.Dev]",
            'environments.Dev: not a name of lower-case letters, digits and single hyphens, got "Dev"; '
            'write for example "kmeans"',
        ),
        # where an endpoint exists
        (
            _ENDPOINT,
            f'{_ENDPOINT}only = ["prod"]\n',
            'endpoints.kmeans.only[0]: there is no such environment, got "prod"; name one of dev',
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}only = [["dev"]]\n',
            'endpoints.kmeans.only[0]: there is no such environment, got ["dev"]; name one of dev',
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}only = "dev"\n',
            'endpoints.kmeans.only: not a list of environment names, got "dev"; write for example ["prod"]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}only = []\n",
            'endpoints.kmeans.only: not a list of environment names, got []; write for example ["prod"]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}environments = {{ prod = {{}} }}\n",
            'endpoints.kmeans.environments.prod: there is no such environment, got "prod"; name one of dev',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}environments = {{ dev = 1 }}\n",
            "endpoints.kmeans.environments.dev: not a table, got 1; write a table of its keys",
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}environments = 1\n",
            "endpoints.kmeans.environments: not a table, got 1; write a table of its keys",
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}environments = {{ dev = {{ only = ["dev"] }} }}\n',
            "endpoints.kmeans.environments.dev.only: unknown key; leave it out",
        ),
    ],
)
def test_a_mistake_is_one_message_that_says_what_to_do(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in EXAMPLE
    assert _wrong(tmp_path, EXAMPLE.replace(old, new, 1)) == [message]


@pytest.mark.parametrize("key", ["project", "environments", "endpoints"])
@pytest.mark.parametrize("value", [5, "x", [], True, [{}]])
def test_a_section_of_the_wrong_type_is_one_message(key: str, value: object) -> None:
    (message,) = messages_of({**example(), key: value})
    assert message.startswith(f"{key}: not a table, got ")


def test_a_file_without_environments_says_so_once_and_what_else_is_wrong() -> None:
    table = example()
    del table["environments"]
    assert messages_of(table) == ["environments: required, and missing; add a table [environments.<name>]"]
    table["endpoints"]["kmeans"] |= {"only": ["dev"], "revision": -1}
    assert messages_of(table) == [
        'endpoints.kmeans.only[0]: there is no such environment, got "dev"; add a table [environments.<name>]',
        "endpoints.kmeans.revision: not a whole number that is not negative, got -1; write for example 1",
        "environments: required, and missing; add a table [environments.<name>]",
    ]


def test_without_environments_an_override_still_counts() -> None:
    table = example()
    del table["environments"]
    endpoint = table["endpoints"]["kmeans"]
    endpoint["environments"] = {"dev": {"image": endpoint.pop("image")}}
    assert messages_of(table) == [
        'endpoints.kmeans.environments.dev: there is no such environment, got "dev"; add a table [environments.<name>]',
        "environments: required, and missing; add a table [environments.<name>]",
    ]


@pytest.mark.parametrize("overrides", [1, {}])
def test_without_environments_and_overrides_the_endpoint_is_judged_all_the_same(overrides: object) -> None:
    table = example()
    del table["environments"]
    table["endpoints"]["kmeans"] |= {"environments": overrides, "revision": -1}
    assert "endpoints.kmeans.revision" in [message.split(": ")[0] for message in messages_of(table)]


def test_the_values_of_a_container_environment_are_never_shown() -> None:
    table = example()
    table["endpoints"]["kmeans"]["environment"] = {"A": ["hunter2"], "1B": "hunter2", "PASSWORD": "hunter2"}
    table["endpoints"]["kmeans"]["environments"] = {"dev": {"environment": {"C": {"D": "hunter2"}}}}
    messages = messages_of(table)
    assert [message.split(": ")[0] for message in messages] == [
        "endpoints.kmeans.environment.A",
        "endpoints.kmeans.environment.1B",
        "endpoints.kmeans.environments.dev.environment.C",
    ]
    assert "hunter2" not in "\n".join(messages)
    table["endpoints"]["kmeans"] |= {"environment": "hunter2", "environments": {}}
    assert messages_of(table) == ["endpoints.kmeans.environment: not a table; write a table of its keys"]


def test_names_that_are_joined_to_the_same_name_are_one_message_each() -> None:
    table = example()
    table["environments"]["dev-eu"] = table["environments"]["dev"]
    table["endpoints"] = {"eu-x": table["endpoints"]["kmeans"], "x": table["endpoints"]["kmeans"]}
    wrong = "another environment and endpoint are joined to the same name in environment"
    assert messages_of(table) == [
        f'endpoints.eu-x: {wrong} dev, got "dev-eu-x"; rename one of them',
        f'endpoints.x: {wrong} dev-eu, got "dev-eu-x"; rename one of them',
    ]


# Where a mistake stands


def test_a_mistake_in_an_override_stands_in_the_override(tmp_path: Path) -> None:
    text = f"""{_MINIMAL}{_PROD}
[endpoints.kmeans.environments.prod]
kms = {{ deletion_window_in_days = 3 }}
invokers = ["arn:aws:iam::444455556666:role/a", "arn:aws:iam::111122223333:role/b"]
colour = "red"
"""
    # A field, a rule, and an unknown key, all at once.
    assert [message.split(": ")[0] for message in _wrong(tmp_path, text)] == [
        "endpoints.kmeans.environments.prod.kms.deletion_window_in_days",
        "endpoints.kmeans.environments.prod.invokers[1]",
        "endpoints.kmeans.environments.prod.colour",
    ]


def test_wrong_fields_do_not_hide_broken_rules_nor_make_up_others(tmp_path: Path) -> None:
    text = _MINIMAL.replace("kmeans:1", "kmeans:latest").replace('"ml.m4.xlarge"', '"m4.xlarge"')
    invokers = 'invokers = ["arn:aws:iam::444455556666:role/a", "alice"]\n'
    assert [message.split(": ")[0] for message in _wrong(tmp_path, text + invokers)] == [
        "endpoints.kmeans.image",
        "endpoints.kmeans.instance_type",
        "endpoints.kmeans.invokers[0]",
        "endpoints.kmeans.invokers[1]",
    ]


def test_a_wrong_environment_hides_only_what_depends_on_it(tmp_path: Path) -> None:
    text = _MINIMAL.replace("kmeans:1", "kmeans:latest").replace('region = "us-west-2"', 'region = "us-wset-2"')
    invokers = 'invokers = ["arn:aws:iam::444455556666:role/a"]\n'
    # Whether image and invoker are of the region and the account cannot be said, so it is not.
    assert [message.split(": ")[0] for message in _wrong(tmp_path, text + invokers)] == [
        "environments.dev.region",
        "endpoints.kmeans.image",
    ]


def test_a_mistake_beside_an_override_stands_in_the_endpoint(tmp_path: Path) -> None:
    text = f"""{_MINIMAL}
kms = {{ deletion_window_in_days = 3 }}
[endpoints.kmeans.environments.dev]
kms = {{ rotation_period_in_days = 90 }}
"""
    (message,) = _wrong(tmp_path, text)
    assert message.startswith("endpoints.kmeans.kms.deletion_window_in_days: ")


def test_a_mistake_that_every_environment_has_is_one_message(tmp_path: Path) -> None:
    text = f"{_MINIMAL}revision = -1\n{_PROD}"
    (message,) = _wrong(tmp_path, text)
    assert message.startswith("endpoints.kmeans.revision: ")


def test_a_mistake_that_one_environment_makes_names_the_environment(tmp_path: Path) -> None:
    text = f'{_MINIMAL}invokers = ["arn:aws:iam::111122223333:role/a"]\n{_PROD}'
    (message,) = _wrong(tmp_path, text)
    assert message.startswith(
        "endpoints.kmeans.invokers[0]: the role is not of account 444455556666 of environment prod"
    )


def test_a_wrong_environment_does_not_hide_what_is_wrong_with_its_endpoints() -> None:
    table = example()
    table["environments"]["dev"]["region"] = "here"
    table["endpoints"]["kmeans"]["revision"] = -1
    assert [message.split(": ")[0] for message in messages_of(table)] == [
        "environments.dev.region",
        "endpoints.kmeans.revision",
    ]


def test_mistakes_in_a_list_are_in_the_order_of_the_list() -> None:
    # Each is found by a rule of its own, and the rule that finds the second is asked first.
    table = example()
    table["endpoints"]["kmeans"]["invokers"] = [
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Admin",
        "arn:aws:iam::444455556666:role/checkout-api",
    ]
    assert [message.split(": ")[0] for message in messages_of(table)] == [
        "endpoints.kmeans.invokers[0]",
        "endpoints.kmeans.invokers[1]",
    ]


def test_a_mistake_of_the_endpoint_as_a_whole_stands_at_the_endpoint() -> None:
    table = example()
    endpoint = table["endpoints"].pop("kmeans")
    table["endpoints"]["k" * 30] = endpoint | {"environments": {"dev": {"revision": 1}}}
    (message,) = messages_of(table)
    assert message.startswith(
        f"endpoints.{'k' * 30}: the base name <project>-<environment>-<endpoint> has 39 characters"
    )


# Ten mistakes, as people meet them

_TEN_MISTAKES = """\
[endpoints.kmeans]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans"
model_data_url = "https://my-bucket.s3.amazonaws.com/model.tar.gz"
instance_type = "m5.xlarge"
instance_count = 1
invokers = ["arn:aws:iam::111122223333:user/alice"]

[endpoints.kmeans.data_capture]
initial_sampling_percentage = 200

[endpoints.kmeans.relax]
network_isolation = "because"

[endpoints.kmeans.environments.prod]
revision = 1

[environments.dev]
account_id = 111122223333
region = "us-west-2"

[project]
"""
_TEN_MESSAGES = [
    "endpoints.kmeans.image: not an image in Amazon ECR with its tag or digest, at most 255 characters, "
    'got "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans"; '
    'write for example "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"',
    "endpoints.kmeans.model_data_url: not an S3 URI of one .tar.gz file without wildcards, at most 1024 characters, "
    'got "https://my-bucket.s3.amazonaws.com/model.tar.gz"; write for example "s3://my-bucket/model.tar.gz"',
    "endpoints.kmeans.instance_type: not an instance type that SageMaker hosts, "
    'got "m5.xlarge"; did you mean "ml.m5.xlarge"?',
    "endpoints.kmeans.instance_count: unknown key, got 1; did you mean initial_instance_count?",
    'endpoints.kmeans.invokers[0]: not an IAM role ARN, got "arn:aws:iam::111122223333:user/alice"; '
    'write for example "arn:aws:iam::111122223333:role/checkout-api"',
    "endpoints.kmeans.data_capture.initial_sampling_percentage: not a whole number from 0 to 100, "
    "got 200; write for example 100",
    'endpoints.kmeans.relax.network_isolation: not a reason in words, from 10 to 200 characters, got "because"; '
    'write for example "the container calls the feature store, RISK-881"',
    'endpoints.kmeans.environments.prod: there is no such environment, got "prod"; name one of dev',
    "environments.dev.account_id: not an AWS account id (12 digits, as a string), "
    'got 111122223333; write for example "111122223333"',
    'project.name: required, and missing; add name = "kmeans"',
]


def _run(folder: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """Return what a Python command did in a folder, and the seconds of CPU that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_ten_mistakes_are_ten_messages_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert _wrong(tmp_path, _TEN_MISTAKES) == _TEN_MESSAGES


def test_ten_mistakes_end_the_program_within_a_second_and_without_a_traceback(tmp_path: Path) -> None:
    _file(tmp_path, _TEN_MISTAKES)
    done, seconds = _run(tmp_path, str(ROOT / "main.py"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == _TEN_MESSAGES
    assert done.stdout == ""
    assert seconds < 1
    assert [file.name for file in tmp_path.iterdir()] == ["endpoints.toml"]


def test_a_mistake_is_told_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    _file(tmp_path, _TEN_MISTAKES)
    program = (
        "import atexit, runpy, sys\n"
        "names = {'cdktf', 'constructs', 'jsii', 'boto3', 'botocore', 'modules.stack', 'modules.load'}\n"
        "atexit.register(lambda: print(*sorted(names & {*sys.modules})))\n"
        f"runpy.run_path({str(ROOT / 'main.py')!r}, run_name='__main__')\n"
    )
    done, _ = _run(tmp_path, "-c", program)
    assert (done.returncode, done.stdout.split()) == (1, ["modules.load"])
