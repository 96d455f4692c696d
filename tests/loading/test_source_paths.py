"""An error has the path of its value in the file; errors are in the order of the file, and none hides another."""

from pathlib import Path

from tests.loading.support import MINIMAL, PROD, error_messages, example, messages_of


def test_an_error_in_an_override_has_the_path_of_the_override(tmp_path: Path) -> None:
    text = f"""{MINIMAL}{PROD}
[endpoints.kmeans.environments.prod]
kms = {{ deletion_window_in_days = 3 }}
invokers = ["arn:aws:iam::444455556666:role/a", "arn:aws:iam::111122223333:role/b"]
color = "red"
"""
    # An invalid value, a rule and an unknown key, all at once.
    assert [message.split(": ")[0] for message in error_messages(tmp_path, text)] == [
        "endpoints.kmeans.environments.prod.kms.deletion_window_in_days",
        "endpoints.kmeans.environments.prod.invokers[1]",
        "endpoints.kmeans.environments.prod.color",
    ]


def test_invalid_values_neither_hide_nor_cause_errors_of_rules(tmp_path: Path) -> None:
    text = MINIMAL.replace("kmeans:1", "kmeans:latest").replace('"ml.m4.xlarge"', '"m4.xlarge"')
    invokers = 'invokers = ["arn:aws:iam::444455556666:role/a", "alice"]\n'
    assert [message.split(": ")[0] for message in error_messages(tmp_path, text + invokers)] == [
        "endpoints.kmeans.image",
        "endpoints.kmeans.instance_type",
        "endpoints.kmeans.invokers[0]",
        "endpoints.kmeans.invokers[1]",
    ]


def test_an_invalid_environment_hides_only_errors_that_depend_on_it(tmp_path: Path) -> None:
    text = MINIMAL.replace("kmeans:1", "kmeans:latest").replace('region = "us-west-2"', 'region = "us-wset-2"')
    invokers = 'invokers = ["arn:aws:iam::444455556666:role/a", "arn:aws-cn:iam::111122223333:role/b"]\n'
    # Without a Region, rules cannot check the Region of the image and the partition of the second invoker.
    assert [message.split(": ")[0] for message in error_messages(tmp_path, text + invokers)] == [
        "environments.dev.region",
        "endpoints.kmeans.image",
        "endpoints.kmeans.invokers[0]",
    ]
    text = text.replace('"111122223333"', "111122223333")
    # Without an account either, they cannot check the invokers.
    assert [message.split(": ")[0] for message in error_messages(tmp_path, text + invokers)] == [
        "environments.dev.account_id",
        "environments.dev.region",
        "endpoints.kmeans.image",
    ]


def test_an_error_outside_of_an_override_has_the_path_of_the_endpoint(tmp_path: Path) -> None:
    text = f"""{MINIMAL}
kms = {{ deletion_window_in_days = 3 }}
[endpoints.kmeans.environments.dev]
kms = {{ rotation_period_in_days = 90 }}
"""
    (message,) = error_messages(tmp_path, text)
    assert message.startswith("endpoints.kmeans.kms.deletion_window_in_days: ")


def test_an_error_in_every_environment_is_reported_once(tmp_path: Path) -> None:
    text = f"{MINIMAL}revision = -1\n{PROD}"
    (message,) = error_messages(tmp_path, text)
    assert message.startswith("endpoints.kmeans.revision: ")


def test_an_error_in_one_environment_names_the_environment(tmp_path: Path) -> None:
    text = f'{MINIMAL}invokers = ["arn:aws:iam::111122223333:role/a"]\n{PROD}'
    (message,) = error_messages(tmp_path, text)
    assert message.startswith("endpoints.kmeans.invokers[0]: the role is not in account 444455556666")


def test_an_invalid_environment_does_not_hide_errors_of_its_endpoints() -> None:
    table = example()
    table["environments"]["dev"]["region"] = "here"
    table["endpoints"]["kmeans"]["revision"] = -1
    assert [message.split(": ")[0] for message in messages_of(table)] == [
        "environments.dev.region",
        "endpoints.kmeans.revision",
    ]


def test_errors_in_a_list_are_in_the_order_of_the_list() -> None:
    # Two rules report them, and the rule of the second runs first.
    table = example()
    table["endpoints"]["kmeans"]["invokers"] = [
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Admin",
        "arn:aws:iam::444455556666:role/checkout-api",
    ]
    assert [message.split(": ")[0] for message in messages_of(table)] == [
        "endpoints.kmeans.invokers[0]",
        "endpoints.kmeans.invokers[1]",
    ]


def test_an_error_of_the_whole_endpoint_has_the_path_of_the_endpoint() -> None:
    table = example()
    endpoint = table["endpoints"].pop("kmeans")
    table["endpoints"]["k" * 30] = endpoint | {"environments": {"dev": {"revision": 1}}}
    (message,) = messages_of(table)
    assert message.startswith(
        f"endpoints.{'k' * 30}: the prefix of resource names, <project>-<environment>-<endpoint>, has 39 characters"
    )
