"""What is wrong with an endpoint is told where there are no environments to judge it by, too."""

import pytest

from tests.loading.support import example, messages_of


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
