"""A mistake is shown where it stands in the file, in the order of the file, and hides no other."""

from pathlib import Path

from tests.loading.support import MINIMAL, PROD, example, messages_of, wrong

_README = "write it, as the README's first endpoint shows"
# Where a mistake stands


def test_a_mistake_in_an_override_stands_in_the_override(tmp_path: Path) -> None:
    text = f"""{MINIMAL}{PROD}
[endpoints.kmeans.environments.prod]
kms = {{ deletion_window_in_days = 3 }}
invokers = ["arn:aws:iam::444455556666:role/a", "arn:aws:iam::111122223333:role/b"]
colour = "red"
"""
    # A field, a rule, and an unknown key, all at once.
    assert [message.split(": ")[0] for message in wrong(tmp_path, text)] == [
        "endpoints.kmeans.environments.prod.kms.deletion_window_in_days",
        "endpoints.kmeans.environments.prod.invokers[1]",
        "endpoints.kmeans.environments.prod.colour",
    ]


def test_wrong_fields_do_not_hide_broken_rules_nor_make_up_others(tmp_path: Path) -> None:
    text = MINIMAL.replace("kmeans:1", "kmeans:latest").replace('"ml.m4.xlarge"', '"m4.xlarge"')
    invokers = 'invokers = ["arn:aws:iam::444455556666:role/a", "alice"]\n'
    assert [message.split(": ")[0] for message in wrong(tmp_path, text + invokers)] == [
        "endpoints.kmeans.image",
        "endpoints.kmeans.instance_type",
        "endpoints.kmeans.invokers[0]",
        "endpoints.kmeans.invokers[1]",
    ]


def test_a_wrong_environment_hides_only_what_depends_on_it(tmp_path: Path) -> None:
    text = MINIMAL.replace("kmeans:1", "kmeans:latest").replace('region = "us-west-2"', 'region = "us-wset-2"')
    invokers = 'invokers = ["arn:aws:iam::444455556666:role/a", "arn:aws-cn:iam::111122223333:role/b"]\n'
    # Whether the image is of the region, and the second invoker of its partition, cannot be said, so it is not.
    assert [message.split(": ")[0] for message in wrong(tmp_path, text + invokers)] == [
        "environments.dev.region",
        "endpoints.kmeans.image",
        "endpoints.kmeans.invokers[0]",
    ]
    text = text.replace('"111122223333"', "111122223333")
    # Nor can anything be said about the invokers where the account is not known either.
    assert [message.split(": ")[0] for message in wrong(tmp_path, text + invokers)] == [
        "environments.dev.account_id",
        "environments.dev.region",
        "endpoints.kmeans.image",
    ]


def test_a_mistake_beside_an_override_stands_in_the_endpoint(tmp_path: Path) -> None:
    text = f"""{MINIMAL}
kms = {{ deletion_window_in_days = 3 }}
[endpoints.kmeans.environments.dev]
kms = {{ rotation_period_in_days = 90 }}
"""
    (message,) = wrong(tmp_path, text)
    assert message.startswith("endpoints.kmeans.kms.deletion_window_in_days: ")


def test_a_mistake_that_every_environment_has_is_one_message(tmp_path: Path) -> None:
    text = f"{MINIMAL}revision = -1\n{PROD}"
    (message,) = wrong(tmp_path, text)
    assert message.startswith("endpoints.kmeans.revision: ")


def test_a_mistake_that_one_environment_makes_names_the_environment(tmp_path: Path) -> None:
    text = f'{MINIMAL}invokers = ["arn:aws:iam::111122223333:role/a"]\n{PROD}'
    (message,) = wrong(tmp_path, text)
    assert message.startswith("endpoints.kmeans.invokers[0]: the role is not in account 444455556666")


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
