"""Each mistake is one message that says what is wrong, where, and what to do."""

from pathlib import Path

import pytest

from tests.loading.support import EXAMPLE, example, messages_of, wrong

_README = "write it, as the README's first endpoint shows"
# One mistake, one message

_ENDPOINT = "[endpoints.kmeans]\n"
_KEYS_OF_PROJECT = "the keys here are name, tags, aws_provider_version, strict"


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
            "endpoints.kmeans.invokers: not a list of IAM role ARNs or tables of a caller, "
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
            "endpoints.kmeans.model_data_url: not an S3 URI of one .tar.gz file, or of a prefix that ends with a "
            f'slash, without wildcards, got "s3://my-bucket/{"m" * 103}…; write for example "s3://my-bucket/model.tar.gz"',
        ),
        # names
        (
            "[environments.dev]",
            "[environments.Dev]",
            'environments.Dev: not a name of up to 36 lower-case letters, digits and single hyphens, got "Dev"; '
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
            'endpoints.kmeans.only: not a list of one or more environment names, got "dev"; write for example ["prod"]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}only = []\n",
            'endpoints.kmeans.only: not a list of one or more environment names, got []; write for example ["prod"]',
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
    assert wrong(tmp_path, EXAMPLE.replace(old, new, 1)) == [message]


@pytest.mark.parametrize("key", ["project", "environments", "endpoints"])
@pytest.mark.parametrize("value", [5, "x", [], True, [{}]])
def test_a_section_of_the_wrong_type_is_one_message(key: str, value: object) -> None:
    (message,) = messages_of({**example(), key: value})
    assert message.startswith(f"{key}: not a table, got ")


def test_the_values_of_a_container_environment_are_never_shown() -> None:
    table = example()
    table["endpoints"]["kmeans"]["environment"] = {"A": ["hunter2"], "1B": "hunter2", "PASSWORD": "hunter2"}
    table["endpoints"]["kmeans"]["environments"] = {"dev": {"environment": {"C": {"D": "hunter2"}}}}
    messages = messages_of(table)
    assert [message.split(": ")[0] for message in messages] == [
        "endpoints.kmeans.environment.A",
        "endpoints.kmeans.environment.1B",
        "endpoints.kmeans.environment.PASSWORD",
        "endpoints.kmeans.environments.dev.environment.C",
    ]
    assert "hunter2" not in "\n".join(messages)
    table["endpoints"]["kmeans"] |= {"environment": "hunter2", "environments": {}}
    assert messages_of(table) == ['endpoints.kmeans.environment: not a table; write for example { LOG_LEVEL = "info" }']


def test_names_that_are_joined_to_the_same_name_are_one_message_each() -> None:
    table = example()
    table["environments"]["dev-eu"] = table["environments"]["dev"]
    table["endpoints"] = {"eu-x": table["endpoints"]["kmeans"], "x": table["endpoints"]["kmeans"]}
    wrong = "another environment and endpoint are joined to the same name in environment"
    assert messages_of(table) == [
        f'endpoints.eu-x: {wrong} dev, got "dev-eu-x"; rename one of them',
        f'endpoints.x: {wrong} dev-eu, got "dev-eu-x"; rename one of them',
    ]
