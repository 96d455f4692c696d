"""What an editor reports by the JSON Schema, the loader reports as well."""

import tomllib

import pytest

from tests.examples import EXAMPLES
from tests.loading.support import Table, example, load_parsed, messages_of
from tests.loading.validator import findings

_ROLE = "arn:aws:iam::111122223333:role/checkout-api"
_PARTNER: Table = {"principals": ["arn:aws:iam::999988887777:root"], "name": "partner", "external_id": "acme"}
_NETWORK: Table = {
    "vpc_id": "vpc-0a1b2c3d",
    "subnet_ids": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
    "route_table_ids": ["rtb-0a1b2c3d"],
}


def _with(key: str, value: object) -> Table:
    """Return the example with the value at a dotted key replaced or added."""
    file = example()
    *tables, last = key.split(".")
    node = file
    for name in tables:
        node = node.setdefault(name, {})
    node[last] = value
    return file


def _without(key: str) -> Table:
    file = _with(key, None)
    *tables, last = key.split(".")
    node = file
    for name in tables:
        node = node[name]
    del node[last]
    return file


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_valid_for_schema_and_loader(name: str) -> None:
    table = tomllib.loads(EXAMPLES[name].read_text(encoding="utf-8"))
    assert findings(table) == []
    assert load_parsed(table).deployments


@pytest.mark.parametrize(
    "table",
    [
        _with("endpoints.kmeans.only", ["dev"]),
        _with("endpoints.kmeans.environments", {"dev": {"revision": 1, "kms": {}}}),
        _with("endpoints.kmeans.logs.retention_in_days", 3653),
        _with("endpoints.kmeans.relax.image_tag", "Grund: Prüfung läuft"),
        _with("endpoints.kmeans.environment", {"LOG_LEVEL": "${a} %{b}"}),
        _with("project.tags", {"größe": "", "a b": "ü/1"}),
        _with("environments.dev.state", {"bucket": "acme-tfstate"}),
        _with("environments.dev.network", _NETWORK),
        _with("environments.dev.deployers", [_ROLE]),
        _with("endpoints.kmeans.invokers", [_ROLE, _PARTNER]),
        _with("endpoints.kmeans.invokers", [{"role_arn": _ROLE, "principal_tags": {"team": "ml"}}]),
        _with("endpoints.kmeans.invokers", [{"role_arn": _ROLE, "source_vpc": "vpc-0a1b2c3d"}]),
        _with("endpoints.kmeans.environments", {"dev": {"invokers": [_PARTNER]}}),
        _without("endpoints.kmeans.data_capture"),
        _without("endpoints.kmeans.model_data_url"),
    ],
)
def test_a_valid_file_is_valid_for_schema_and_loader(table: Table) -> None:
    assert findings(table) == []
    assert messages_of(table) == []


@pytest.mark.parametrize(
    ("table", "path"),
    [
        (_without("project"), "$"),
        (_without("project.name"), "$.project"),
        (_without("environments.dev.region"), "$.environments.dev"),
        (_without("endpoints.kmeans.image"), "$.endpoints.kmeans"),
        (_with("environments", {}), "$.environments"),
        (_with("endpoints", {}), "$.endpoints"),
        (_with("endpoints", []), "$.endpoints"),
        (_with("owner", "me"), "$"),
        (_with("project.owner", "me"), "$.project"),
        (_with("project.tags", {"a*": "ml"}), "$.project.tags"),
        (_with("project.tags", {"name": 5}), "$.project.tags.name"),
        (_with("environments.dev.account_id", 111122223333), "$.environments.dev.account_id"),
        (_with("environments.dev.region", "us-west"), "$.environments.dev.region"),
        (_with("environments.dev.state", {}), "$.environments.dev.state"),
        (_with("environments.dev.name", "dev"), "$.environments.dev"),
        (_with("environments.Dev", example()["environments"]["dev"]), "$.environments"),
        (_with("endpoints.kmeans.name", "kmeans"), "$.endpoints.kmeans"),
        (_with("endpoints.kmeans.instance_count", 1), "$.endpoints.kmeans"),
        (_with("endpoints.kmeans.instance_type", "ml.t3.micro"), "$.endpoints.kmeans.instance_type"),
        (_with("endpoints.kmeans.image", "kmeans:1"), "$.endpoints.kmeans.image"),
        (_with("endpoints.kmeans.initial_instance_count", 0), "$.endpoints.kmeans.initial_instance_count"),
        (_with("endpoints.kmeans.initial_instance_count", True), "$.endpoints.kmeans.initial_instance_count"),
        (_with("endpoints.kmeans.invokers", _ROLE), "$.endpoints.kmeans.invokers"),
        (_with("endpoints.kmeans.invokers", {"role_arn": _ROLE}), "$.endpoints.kmeans.invokers"),
        (_with("endpoints.kmeans.kms.admins", [{"role_arn": _ROLE}]), "$.endpoints.kmeans.kms.admins[0]"),
        (_with("environments.dev.deployers", _ROLE), "$.environments.dev.deployers"),
        (_with("environments.dev.network", {}), "$.environments.dev.network"),
        (_with("environments.dev.network", [_NETWORK]), "$.environments.dev.network"),
        (_with("environments.dev.network", {**_NETWORK, "subnets": []}), "$.environments.dev.network"),
        (_with("environments.dev.network", {**_NETWORK, "subnet_ids": []}), "$.environments.dev.network.subnet_ids"),
        (_with("environments.dev.network", {**_NETWORK, "vpc_id": "vpc-x"}), "$.environments.dev.network.vpc_id"),
        (
            _with("environments.dev.network", {**_NETWORK, "private_endpoints": "no"}),
            "$.environments.dev.network.private_endpoints",
        ),
        (_with("endpoints.kmeans.logs.retention_in_days", 31), "$.endpoints.kmeans.logs.retention_in_days"),
        (_with("endpoints.kmeans.logs.retention_in_days", True), "$.endpoints.kmeans.logs.retention_in_days"),
        (_with("endpoints.kmeans.data_capture.capture_mode", "all"), "$.endpoints.kmeans.data_capture.capture_mode"),
        (_with("endpoints.kmeans.relax.image_tag", "because"), "$.endpoints.kmeans.relax.image_tag"),
        (_with("endpoints.kmeans.relax.image_tag", "costs 100 % of it"), "$.endpoints.kmeans.relax.image_tag"),
        (_with("endpoints.kmeans.environment", {"1A": "x"}), "$.endpoints.kmeans.environment"),
        (_with("endpoints.kmeans.environment", {"A": 1}), "$.endpoints.kmeans.environment.A"),
        (_with("endpoints.kmeans.only", []), "$.endpoints.kmeans.only"),
        (_with("endpoints.kmeans.only", "dev"), "$.endpoints.kmeans.only"),
        (_with("endpoints.kmeans.environments", {"dev": {"only": []}}), "$.endpoints.kmeans.environments.dev"),
        (_with("endpoints.kmeans.environments", {"dev": 1}), "$.endpoints.kmeans.environments.dev"),
        (
            _with("endpoints.kmeans.environments", {"dev": {"revision": -1}}),
            "$.endpoints.kmeans.environments.dev.revision",
        ),
    ],
)
def test_a_file_that_the_schema_rejects_is_rejected_by_the_loader(table: Table, path: str) -> None:
    assert findings(table) == [path]
    assert messages_of(table) != []


@pytest.mark.parametrize(
    "invoker",
    [
        "*",
        "",
        5,
        True,
        [_ROLE],
        [],
        {"role_arn": "*"},
        {"role_arn": 5},
        {"rolearn": _ROLE},
        {**_PARTNER, "principals": []},
        {**_PARTNER, "principals": _ROLE},
        {**_PARTNER, "name": "Partner"},
        {**_PARTNER, "external_id": "x"},
        {**_PARTNER, "principal_tags": {"a*": "ml"}},
        {**_PARTNER, "require_mfa": "yes"},
        {"role_arn": _ROLE, "target_models": []},
        {"role_arn": _ROLE, "source_vpc_endpoints": ["vpc-0a1b2c3d"]},
    ],
)
@pytest.mark.parametrize("key", ["invokers", "environments.dev.invokers"])
def test_an_invalid_invoker_is_invalid_for_schema_and_loader(key: str, invoker: object) -> None:
    # The schema reports which item is invalid, the loader why.
    table = _with(f"endpoints.kmeans.{key}", [_ROLE, invoker])
    assert findings(table) == [f"$.endpoints.kmeans.{key}[1]"]
    assert {message.split("[1]")[0] for message in messages_of(table)} == {f"endpoints.kmeans.{key}"}


@pytest.mark.parametrize(
    "table",
    [
        _with("endpoints.kmeans", {"environments": {"dev": {}}}),  # which may have the required keys
        _with("endpoints.kmeans.only", ["prod"]),
        _with("endpoints.kmeans.invokers", [{}]),
        _with("endpoints.kmeans.invokers", [{**_PARTNER, "role_arn": _ROLE}]),
        _with("environments.dev.network", {**_NETWORK, "route_table_ids": []}),
        _with("endpoints.kmeans.kms.key_arn", "arn:aws:kms:eu-west-1:111122223333:key/1"),
    ],
)
def test_only_the_loader_rejects_what_depends_on_the_whole_file(table: Table) -> None:
    assert findings(table) == []
    assert messages_of(table) != []
