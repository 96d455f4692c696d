"""Names of variables and tags that jsii does not pass to CDKTF."""

import pytest

from tests.loading.support import example, messages_of


@pytest.mark.parametrize("table", ["environment", "tags"])
def test_the_name_of_the_prototype_in_javascript_is_an_error(table: str) -> None:
    file = example()
    file["endpoints"]["kmeans"][table] = {"__proto__": "info", "constructor": "info"}
    path = f"endpoints.kmeans.{table}.__proto__"
    assert messages_of(file) == [
        f'{path}: CDKTF does not support this name, got "__proto__"; rename it [invalid-key]',
    ]
