"""A value of another type or form is answered with the value to write, which the file then accepts."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.loading.support import Table, example, messages_of
from tests.rules.pair import IMAGE, KEY

_ROLE = "arn:aws:iam::111122223333:role/checkout-api"


def _messages(keys: Table) -> list[str]:
    file = example()
    file["endpoints"]["kmeans"] |= keys
    return messages_of(file)


@pytest.mark.parametrize(
    ("key", "value", "intended"),
    [
        ("initial_instance_count", "3", "3"),
        ("initial_instance_count", 3.0, "3"),
        ("model_data_account_id", 111122223333, '"111122223333"'),
        ("model_data_account_id", 11122223333, '"011122223333"'),
        ("endpoint_name", ["fraud"], '"fraud"'),
        ("endpoint_name", " fraud ", '"fraud"'),
        ("tags", {"CostCenter": 42}, '"42"'),
        ("tags", {"shared": True}, '"true"'),
        ("image", f"https://{IMAGE}", f'"{IMAGE}"'),
        ("model_data_url", "https://my-bucket.s3.us-west-2.amazonaws.com/m.tar.gz", '"s3://my-bucket/m.tar.gz"'),
        ("model_data_url", "https://s3-us-west-2.amazonaws.com/my-bucket/m.tar.gz", '"s3://my-bucket/m.tar.gz"'),
        ("model_data_url", "arn:aws:s3:::my-bucket/m.tar.gz", '"s3://my-bucket/m.tar.gz"'),
        ("invokers", _ROLE, f'["{_ROLE}"]'),
        ("invokers", ["arn:aws:sts::111122223333:assumed-role/checkout-api/i-1"], f'"{_ROLE}"'),
        ("invokers", [{"name": "a", "principals": [_ROLE, "444455556666"]}], '"arn:aws:iam::444455556666:root"'),
        ("invokers", [{"name": "Partner Team", "principals": [_ROLE]}], '"partner-team"'),
        ("security_group_ids", "sg-0a1b2c3d", '["sg-0a1b2c3d"]'),
        ("logs", 30, "{ retention_in_days = 30 }"),
        ("data_capture", True, "{ enable_capture = true }"),
        ("alarms", {"cpu": 90}, "{ threshold = 90 }"),
        ("kms", KEY, f'{{ key_arn = "{KEY}" }}'),
        ("alarms", False, "{ enable_alarms = false }"),
        ("alarms", {"latency": 2000000}, "{ threshold = 2000000 }"),
        ("alarms", {"errors": 0.05}, "{ threshold = 0.05 }"),
        ("alarms", {"cpu": "off"}, "false"),
    ],
)
def test_a_value_of_another_type_or_form_is_answered_with_the_one_to_write(
    key: str, value: object, intended: str
) -> None:
    (message,) = _messages({key: value})
    assert message.endswith(f"; write {intended} [invalid-value]")


@pytest.mark.parametrize(
    ("keys", "suggestion"),
    [
        ({"initial_instance_count": 1.5}, "use a value such as 2"),
        ({"initial_instance_count": True}, "use a value such as 2"),
        ({"initial_instance_count": "many"}, "use a value such as 2"),
        ({"initial_instance_count": 0}, "use 1 or more"),
        ({"volume_size_in_gb": 1000}, "use 512 or less"),
        ({"tags": {"version": 1.1}}, "put the value in quotes"),
        ({"kms": "alias/fraud"}, "replace the value with a table"),
        ({"model_data_account_id": 5}, 'use a value such as "111122223333"'),
        ({"data_capture": [{"enable_capture": True}]}, "write the table once, as [endpoints.kmeans.data_capture] in "),
        ({"tags": [{"Key": "a", "Value": "b"}]}, 'use a value such as { team = "ml" }'),
        ({"invokers": ["arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/a"]}, "use a value such as"),
        (
            {"invokers": [{"name": "api", "principals": ["apigateway.amazonaws.com"]}]},
            "use the ARN of the role that apigateway assumes: a service acts with the permissions of a role",
        ),
        ({"invokers": ["lambda.amazonaws.com"]}, "use the ARN of the role that lambda assumes"),
        (
            {"kms": {"key_arn": "alias/fraud"}},
            "use the ARN of the key, which this command prints: aws kms describe-key --key-id alias/fraud --query "
            "KeyMetadata.Arn",
        ),
    ],
)
def test_a_value_from_which_none_follows_is_answered_with_what_to_use(keys: Table, suggestion: str) -> None:
    (message,) = _messages(keys)
    assert message.partition("; ")[2].startswith(suggestion)


def test_values_of_a_condition_are_a_list() -> None:
    permission = {
        "actions": "sagemaker:GetRecord",
        "resources": ["arn:aws:sagemaker:us-west-2:111122223333:feature-group/risk"],
        "conditions": {"StringEquals": {"aws:ResourceAccount": 111122223333}},
        "reason": "the container reads features",
    }
    relaxed = {"network_isolation": "the container reads features"}
    assert [message.rpartition("; ")[2] for message in _messages({"permissions": [permission], "relax": relaxed})] == [
        'write ["sagemaker:GetRecord"] [invalid-value]',
        'write ["111122223333"] [invalid-value]',
    ]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SM_NUM_GPUS", 1, 'must be a string, got 1; write "1"'),
        ("DEBUG", True, 'must be a string, got true; write "true"'),
        ("TEMPERATURE", 0.5, "must be a string, got 0.5; put the value in quotes"),
        ("API_KEY", 123456, "must be a string; put the value in quotes"),
        ("STOP", ["a", "b"], """must be a string; write JSON in a string, such as '["a", "b"]'"""),
        ("LIMITS", {"a": 1}, """must be a string; write JSON in a string, such as '["a", "b"]'"""),
        (
            "LONG",
            "x" * 1025,
            "must be an environment variable value of up to 1024 bytes, without NUL",
        ),
    ],
)
def test_an_environment_variable_is_a_string(name: str, value: object, message: str) -> None:
    (actual,) = _messages({"environment": {name: value}})
    assert actual.startswith(f"endpoints.kmeans.environment.{name}: {message}")


@pytest.mark.parametrize(
    ("key", "value", "intended"),
    [
        ("schedule", "0 20 * * *", "cron(0 20 * * ? *)"),
        ("schedule", "0 6 ? * MON-FRI *", "cron(0 6 ? * MON-FRI *)"),
        ("start_time", datetime(2027, 1, 31, 9, tzinfo=timezone(timedelta(hours=1))), "2027-01-31T08:00:00Z"),
        ("end_time", datetime(2027, 1, 31, 9), "2027-01-31T09:00:00Z"),
    ],
)
def test_a_schedule_or_time_in_another_form_is_answered_with_the_valid_one(
    key: str, value: object, intended: str
) -> None:
    action = {"name": "night", "schedule": "rate(1 day)", "min_capacity": 1, key: value}
    scaling = {"min_capacity": 1, "max_capacity": 2, "target_value": 70, "scheduled_actions": [action]}
    file = example()
    file["endpoints"]["kmeans"]["scaling"] = scaling
    (message,) = [text for text in messages_of(file) if f".{key}: " in text]
    assert message.endswith(f'; write "{intended}" [invalid-value]')
