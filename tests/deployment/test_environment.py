"""The deployments of a file, grouped by environment."""

from protected_endpoints.deployment import by_environment
from tests.loading.support import deployment


def test_deployments_are_grouped_by_environment_in_their_order() -> None:
    dev, test = deployment(), deployment(in_environment={"name": "test"})
    other = deployment(revision=1)
    assert by_environment([dev, test, other]) == {"dev": (dev, other), "test": (test,)}
    assert by_environment([]) == {}
