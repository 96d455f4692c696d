"""Each error is one message with a path, a problem, a value and a suggestion."""

from pathlib import Path

import pytest

from tests.loading.support import EXAMPLE, error_messages, example, messages_of

_ENDPOINT = "[endpoints.kmeans]\n"
_KEYS_OF_PROJECT = "use one of name, tags, aws_provider_version, strict [unknown-key]"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # missing
        ('name = "acme"\n', "", 'project.name: required; add name = "kmeans" [required-key]'),
        ('[project]\nname = "acme"\n', "", "project: required; add a table [project] [required-key]"),
        (
            'account_id = "111122223333"\n',
            "",
            'environments.dev.account_id: required; add account_id = "111122223333" [required-key]',
        ),
        (
            'region = "us-west-2"\n',
            'region = "us-west-2"\nstate = {}\n',
            'environments.dev.state.bucket: required; add bucket = "acme-tfstate-prod" [required-key]',
        ),
        # unknown
        (
            "initial_instance_count = 1",
            "instance_count = 1",
            "endpoints.kmeans.instance_count: unknown key, got 1; did you mean initial_instance_count? [unknown-key]",
        ),
        (
            'name = "acme"\n',
            'name = "acme"\nowner = "me"\n',
            f'project.owner: unknown key, got "me"; {_KEYS_OF_PROJECT}',
        ),
        (
            "[project]\n",
            "[enviroments]\n[project]\n",
            "enviroments: unknown key; did you mean environments? [unknown-key]",
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}name = "k"\n',
            'endpoints.kmeans.name: unknown key, got "k"; remove it: the key of the table is the name; '
            "endpoint_name sets the name in AWS [unknown-key]",
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
            "environments.dev.account_id: must be an AWS account ID (12 digits, as a string), got 111122223333; "
            'write "111122223333" [invalid-value]',
        ),
        (
            "initial_instance_count = 1",
            'initial_instance_count = "1"',
            'endpoints.kmeans.initial_instance_count: must be an integer from 1 to 1000, got "1"; write 1 '
            "[invalid-value]",
        ),
        (
            "[endpoints.kmeans.data_capture]",
            '[endpoints.kmeans.data_capture]\nenable_capture = "no"',
            "endpoints.kmeans.data_capture.enable_capture: must be true or false, "
            'got "no"; use true or false without quotes [invalid-value]',
        ),
        (
            'invokers = ["arn:aws:iam::111122223333:role/checkout-api"]',
            'invokers = "arn:aws:iam::111122223333:role/checkout-api"',
            "endpoints.kmeans.invokers: must be a list of IAM role ARNs or invoker tables, "
            'got "arn:aws:iam::111122223333:role/checkout-api"; '
            'write ["arn:aws:iam::111122223333:role/checkout-api"] [invalid-value]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}kms = 5\n",
            "endpoints.kmeans.kms: must be a table, got 5; replace the value with a table [invalid-value]",
        ),
        # of the wrong value
        (
            '"ml.m4.xlarge"',
            '"m4.xlarge"',
            'endpoints.kmeans.instance_type: must be a SageMaker hosting instance type, got "m4.xlarge"; '
            'did you mean "ml.m4.xlarge"? [invalid-value]',
        ),
        (
            'region = "us-west-2"',
            'region = "us-west-22"',
            'environments.dev.region: must be an AWS region, got "us-west-22"; '
            'did you mean "us-west-2"? [invalid-value]',
        ),
        (
            'region = "us-west-2"',
            'region = "here"',
            'environments.dev.region: must be an AWS region, got "here"; '
            'use a value such as "us-west-2" [invalid-value]',
        ),
        (
            'capture_mode = "All"',
            'capture_mode = "Both"',
            "endpoints.kmeans.data_capture.capture_mode: unsupported value, "
            'got "Both"; use one of "All", "Input", "Output" [invalid-value]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}logs = {{ retention_in_days = 31 }}\n",
            "endpoints.kmeans.logs.retention_in_days: unsupported value, got 31; did you mean 30? [invalid-value]",
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}logs = {{ retention_in_days = "30" }}\n',
            'endpoints.kmeans.logs.retention_in_days: unsupported value, got "30"; did you mean 30? [invalid-value]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}revision = -1\n",
            "endpoints.kmeans.revision: must be an integer greater than or equal to 0, got -1; use 0 or more "
            "[invalid-value]",
        ),
        (
            ":role/checkout-api",
            ":user/alice",
            'endpoints.kmeans.invokers[0]: must be an IAM role ARN, got "arn:aws:iam::111122223333:user/alice"; '
            'use a value such as "arn:aws:iam::111122223333:role/checkout-api" [invalid-value]',
        ),
        (
            'name = "acme"\n',
            'name = "acme"\ntags = { name = 5 }\n',
            "project.tags.name: must be a tag value of up to 256 letters, digits, spaces and _ . : / = + - @, got 5; "
            'write "5" [invalid-value]',
        ),
        (
            'name = "acme"\n',
            'name = "acme"\ntags = { "a*" = "ml" }\n',
            'project.tags."a*": must be a tag key of 1 to 128 letters, digits, spaces and _ . : / = + - @, got "a*"; '
            "rename it [invalid-key]",
        ),
        (
            "s3://my-bucket/model.tar.gz",
            f"s3://my-bucket/{'m' * 200}",
            "endpoints.kmeans.model_data_url: must be an S3 URI of a .tar.gz object, or of a prefix that ends with a "
            f'slash, without wildcards, got "s3://my-bucket/{"m" * 103}…; '
            'use a value such as "s3://my-bucket/model.tar.gz" [invalid-value]',
        ),
        # names
        (
            "[environments.dev]",
            "[environments.Dev]",
            'environments.Dev: must be a name of up to 36 lowercase letters, digits and single hyphens, got "Dev"; '
            "rename it to dev [invalid-key]",
        ),
        # where an endpoint exists
        (
            _ENDPOINT,
            f'{_ENDPOINT}only = ["prod"]\n',
            'endpoints.kmeans.only[0]: unknown environment, got "prod"; use "dev" [unknown-environment]',
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}only = [["dev"]]\n',
            'endpoints.kmeans.only[0]: unknown environment, got ["dev"]; use "dev" [unknown-environment]',
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}only = "dev"\n',
            'endpoints.kmeans.only: must be a list of one or more environment names, got "dev"; '
            'write ["dev"] [invalid-value]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}only = []\n",
            "endpoints.kmeans.only: must be a list of one or more environment names, got []; "
            'use a value such as ["prod"] [invalid-value]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}environments = {{ prod = {{}} }}\n",
            'endpoints.kmeans.environments.prod: unknown environment, got "prod"; use dev [unknown-environment]',
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}environments = {{ dev = 1 }}\n",
            "endpoints.kmeans.environments.dev: must be a table, got 1; replace the value with a table [invalid-value]",
        ),
        (
            _ENDPOINT,
            f"{_ENDPOINT}environments = 1\n",
            "endpoints.kmeans.environments: must be a table, got 1; replace the value with a table [invalid-value]",
        ),
        (
            _ENDPOINT,
            f'{_ENDPOINT}environments = {{ dev = {{ only = ["dev"] }} }}\n',
            "endpoints.kmeans.environments.dev.only: unknown key; remove it [unknown-key]",
        ),
    ],
)
def test_an_error_is_one_message_with_a_suggestion(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in EXAMPLE
    assert error_messages(tmp_path, EXAMPLE.replace(old, new, 1)) == [message]


@pytest.mark.parametrize("key", ["project", "environments", "endpoints"])
@pytest.mark.parametrize("value", [5, "x", [], True, [{}]])
def test_a_section_of_another_type_than_a_table_is_one_error(key: str, value: object) -> None:
    (message,) = messages_of({**example(), key: value})
    assert message.startswith(f"{key}: must be a table, got ")


def test_messages_never_show_values_of_a_container_environment() -> None:
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
    assert messages_of(table) == [
        'endpoints.kmeans.environment: must be a table; use a value such as { LOG_LEVEL = "info" } [invalid-value]'
    ]


def test_endpoints_with_the_same_stack_name_are_one_error_each() -> None:
    table = example()
    table["environments"]["dev-eu"] = table["environments"]["dev"]
    table["endpoints"] = {"eu-x": table["endpoints"]["kmeans"], "x": table["endpoints"]["kmeans"]}
    remainder = (
        'has the name of another stack, got "dev-eu-x"; rename the endpoint or the environment [stack-name-conflict]'
    )
    assert messages_of(table) == [
        'environments.dev-eu: the permissions of environment dev for "acme-dev-*" include every name of this one; '
        "rename it, for example to eu-dev, or use an account and a state bucket of its own [environment-name-overlap]",
        f"endpoints.eu-x: the stack in environment dev {remainder}",
        f"endpoints.x: the stack in environment dev-eu {remainder}",
    ]


def test_a_destination_in_other_words_is_one_message_for_each_key() -> None:
    file = example()
    file["environments"]["dev"]["network"] = {
        "vpc_id": "vpc-0a1b2c3d",
        "subnet_ids": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
        "route_table_ids": ["rtb-0a1b2c3d"],
    }
    keys = {"cidr_block": "10.0.0.0/16", "from_port": 443, "protocol": "tcp", "description": "the hub's weights"}
    file["endpoints"]["kmeans"] |= {
        "environment": {"HF_MODEL_ID": "acme-ai/chat-7B"},
        "relax": {"network_isolation": "the container loads its model"},
        "egress": [keys, {"cidr": "10.0.0.0/16", "port": 443, "reason": "the hub's weights"}],
    }
    assert [message.removeprefix("endpoints.kmeans.egress") for message in messages_of(file)] == [
        '[0].cidr_block: unknown key, got "10.0.0.0/16"; did you mean cidr_ipv4? [unknown-key]',
        "[0].from_port: unknown key, got 443; did you mean port? [unknown-key]",
        '[0].protocol: unknown key, got "tcp"; remove it: egress is over TCP [unknown-key]',
        '[0].description: unknown key, got "the hub\'s weights"; did you mean reason? [unknown-key]',
        '[1].cidr: unknown key, got "10.0.0.0/16"; did you mean cidr_ipv4? [unknown-key]',
        "[1].reason: must be a reason of 10 to 200 letters A to Z, digits, spaces and . _ : / ( ) # , @ [ ] + = & ; ! "
        '* -, got "the hub\'s weights"; use a value such as "downloads from the model hub, RISK-881" [invalid-value]',
    ]
