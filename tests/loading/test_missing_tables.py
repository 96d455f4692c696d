"""Errors of an endpoint are reported even if the file defines no environments."""

import pytest

from tests.loading.support import example, messages_of


def test_a_file_without_environments_reports_that_and_its_other_errors() -> None:
    table = example()
    del table["environments"]
    assert messages_of(table) == ["environments: required; add a table [environments.<name>] [required-key]"]
    table["endpoints"]["kmeans"] |= {"only": ["dev"], "revision": -1}
    assert messages_of(table) == [
        'endpoints.kmeans.only[0]: unknown environment, got "dev"; add a table [environments.<name>] '
        "[unknown-environment]",
        "endpoints.kmeans.revision: must be an integer greater than or equal to 0, got -1; use 0 or more "
        "[invalid-value]",
        "environments: required; add a table [environments.<name>] [required-key]",
    ]


def test_without_environments_overrides_are_merged() -> None:
    table = example()
    del table["environments"]
    endpoint = table["endpoints"]["kmeans"]
    endpoint["environments"] = {"dev": {"image": endpoint.pop("image")}}
    assert messages_of(table) == [
        'endpoints.kmeans.environments.dev: unknown environment, got "dev"; add a table [environments.<name>] '
        "[unknown-environment]",
        "environments: required; add a table [environments.<name>] [required-key]",
    ]


@pytest.mark.parametrize("overrides", [1, {}])
def test_without_environments_and_overrides_the_endpoint_is_checked(overrides: object) -> None:
    table = example()
    del table["environments"]
    table["endpoints"]["kmeans"] |= {"environments": overrides, "revision": -1}
    assert "endpoints.kmeans.revision" in [message.split(": ")[0] for message in messages_of(table)]
