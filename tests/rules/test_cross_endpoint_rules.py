"""Rules across endpoints: a conflict between two endpoints is a warning with its key path."""

from typing import Any

import pytest

from protected_endpoints.rules import acknowledgements, cross_endpoint
from protected_endpoints.rules.registry import cross_endpoint_rule
from tests.loading.support import Table, example, load_parsed, messages_of
from tests.rules.pair import component

_ROUTING = {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}
_EUROPE = {"account_id": "444455556666", "region": "eu-west-1"}


def _two_endpoints(first: Table, second: Table, **project: Any) -> Table:
    """Return the example with two endpoints, which differ in these changes."""
    file = example()
    kmeans = file["endpoints"].pop("kmeans")
    file["endpoints"] = {"a": {**kmeans, **first}, "b": {**kmeans, **second}}
    file["project"] |= project
    return file


def _with_alarm(alarm: str) -> Table:
    alarms = {"alarms": [{"alarm_name": alarm}]}
    policy = {"traffic_routing_configuration": _ROUTING}
    return {"deployment_config": {"blue_green_update_policy": policy, "auto_rollback_configuration": alarms}}


def _with_prod_in_europe(**override: Any) -> Table:
    file = example()
    file["environments"]["prod"] = _EUROPE
    override |= {"image": "438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1", "invokers": []}
    file["endpoints"]["kmeans"]["environments"] = {"prod": override}
    return file


def _capturing_to(uri: str) -> Table:
    return {"data_capture": {"destination_s3_uri": uri}}


_ROLE, _SAME_ROLE = "arn:aws:iam::111122223333:role/checkout-api", "arn:aws:iam::111122223333:role/team/Checkout-API"


def _with_one_invoker(endpoints: int, *, readers: int = 0, **project: Any) -> Table:
    """Return endpoints with one invoker, whose ARN is spelled in two ways and who reads the data that some capture."""
    file = example()
    kmeans = file["endpoints"].pop("kmeans")
    for number in range(endpoints):
        capture = {"data_capture": {"readers": [_ROLE]}} if number < readers else {}
        invokers = [_SAME_ROLE if number % 2 else {"role_arn": _ROLE}]
        file["endpoints"][f"e{number}"] = {**kmeans, "invokers": invokers, **capture}
    file["project"] |= project
    return file


def _with_component(name: str) -> Table:
    """Return an endpoint `a-b` with the component `c`, and an endpoint `a` with a component of this name."""
    file = example()
    kmeans = {
        key: value for key, value in file["endpoints"]["kmeans"].items() if key not in ("image", "model_data_url")
    }
    table = component()
    file["endpoints"] = {
        "a-b": {**kmeans, "inference_components": {"c": table}},
        "a": {**kmeans, "inference_components": {name: table}},
    }
    return file


_OTHER_ROLES = "use several roles, or let invokers assume a managed role for each endpoint (principals)"
_QUOTA = f"request an increase of IAM quota L-0DA4ABF3 (at most 25), or {_OTHER_ROLES}"


CASES = [
    (
        cross_endpoint.alarm_shared,
        _two_endpoints(_with_alarm("a-5xx"), _with_alarm("b-5xx")),
        _two_endpoints(_with_alarm("a-5xx"), _with_alarm("a-5xx")),
        "endpoints.b.deployment_config.auto_rollback_configuration.alarms[0].alarm_name: endpoint a uses the same "
        'alarm, which would roll back updates of both, got "a-5xx"; use an alarm for this endpoint only',
    ),
    (
        cross_endpoint.alarm_shared,  # a managed alarm belongs to its endpoint
        _two_endpoints({}, _with_alarm("acme-dev-b/rollback-errors")),
        _two_endpoints({}, _with_alarm("acme-dev-a/rollback-errors")),
        "endpoints.b.deployment_config.auto_rollback_configuration.alarms[0].alarm_name: endpoint a uses the same "
        'alarm, which would roll back updates of both, got "acme-dev-a/rollback-errors"; use an alarm for this '
        "endpoint only",
    ),
    (
        cross_endpoint.bucket_multiple_regions,
        _with_prod_in_europe(model_data_url="s3://my-bucket-eu/model.tar.gz"),
        _with_prod_in_europe(),
        "endpoints.kmeans.model_data_url: bucket my-bucket is also used in us-west-2, but a bucket is in one "
        'region, got "s3://my-bucket/model.tar.gz"; '
        "use a bucket in eu-west-1 for environment prod, in environments.prod of this endpoint",
    ),
    (
        cross_endpoint.bucket_multiple_regions,  # the path leads to the override where this names the bucket
        _with_prod_in_europe(model_data_url="s3://my-bucket-eu/other.tar.gz"),
        _with_prod_in_europe(model_data_url="s3://my-bucket/other.tar.gz"),
        "endpoints.kmeans.environments.prod.model_data_url: bucket my-bucket is also used in us-west-2, but a "
        'bucket is in one region, got "s3://my-bucket/other.tar.gz"; '
        "use a bucket in eu-west-1 for environment prod, in environments.prod of this endpoint",
    ),
    (
        cross_endpoint.output_prefix_shared,
        _two_endpoints(_capturing_to("s3://acme/a"), _capturing_to("s3://acme/b")),
        _two_endpoints(_capturing_to("s3://acme/a"), _capturing_to("s3://acme/a/")),
        'endpoints.b.data_capture.destination_s3_uri: stack dev-a writes under the same prefix, got "s3://acme/a/"; '
        "use a different prefix for each endpoint",
    ),
    (
        cross_endpoint.role_policy_count,
        _with_one_invoker(9, readers=1),
        _with_one_invoker(10, readers=1),
        "endpoints.e9.invokers[0]: this file attaches 11 managed policies to the role, but IAM allows 10 by default, "
        f'got "{_SAME_ROLE}"; {_QUOTA}',
    ),
]
_for_each_case = pytest.mark.parametrize(("rule", "passes", "fails", "message"), CASES)


@_for_each_case
def test_a_rule_warns_about_the_failing_file_and_not_about_the_passing_one(
    rule: Any, passes: Table, fails: Table, message: str
) -> None:
    assert load_parsed(passes).warnings == ()
    (warning,) = load_parsed(fails).warnings
    assert (str(warning), warning.severity) == (f"{message} [{rule.id}]", "warning")


@_for_each_case
def test_in_a_strict_project_a_warning_is_an_error_unless_it_is_about_a_quota(
    rule: Any, passes: Table, fails: Table, message: str
) -> None:
    strict = {"name": "acme", "strict": True}
    assert messages_of({**passes, "project": strict}) == []
    assert messages_of({**fails, "project": strict}) == ([f"{message} [{rule.id}]"] if rule.strict else [])


def test_more_policies_on_a_role_than_the_largest_quota_are_an_error() -> None:
    assert {warning.severity for warning in load_parsed(_with_one_invoker(25)).warnings} == {"warning"}
    assert messages_of(_with_one_invoker(26)) == [
        "endpoints.e25.invokers[0]: this file attaches 26 managed policies to the role, but IAM allows at most 25, "
        f'got "{_SAME_ROLE}"; {_OTHER_ROLES} [role-policy-count]'
    ]


def test_the_policies_of_a_role_are_counted_across_the_environments_of_its_account() -> None:
    file = _with_one_invoker(6)
    file["environments"]["prod"] = file["environments"]["dev"]
    (first, *_) = load_parsed(file).warnings
    assert "attaches 12 managed policies" in first.message
    file["environments"]["prod"] = {**file["environments"]["dev"], "account_id": "444455556666"}
    for endpoint in file["endpoints"].values():
        endpoint["environments"] = {"prod": {"invokers": [_ROLE.replace("111122223333", "444455556666")]}}
    assert load_parsed(file).warnings == ()


_IN_US = "in account 111122223333 and region us-west-2"


@pytest.mark.parametrize(
    ("first", "second", "environments", "message"),
    [
        (
            {"endpoint_name": "churn"},
            {"endpoint_name": "Churn"},  # SageMaker compares names without case
            {},
            f'endpoints.b.endpoint_name: stack dev-a has an endpoint with this name {_IN_US}, got "Churn"; ',
        ),
        (
            {"endpoint_name": "acme-dev-b"},
            {},
            {},
            f'endpoints.a.endpoint_name: stack dev-b has an endpoint with this name {_IN_US}, got "acme-dev-b"; ',
        ),
        (
            {"endpoint_name": "churn"},
            {},
            {"prod": {"account_id": "111122223333", "region": "us-west-2"}},
            f'endpoints.a.endpoint_name: stack dev-a has an endpoint with this name {_IN_US}, got "churn"; ',
        ),
    ],
)
def test_two_endpoints_of_an_account_and_region_have_different_names(
    first: Table, second: Table, environments: Table, message: str
) -> None:
    file = _two_endpoints(first, second)
    file["environments"] |= environments
    environment = "prod" if environments else "dev"
    suggestion = (
        f"choose another name, or set one for this environment in environments.{environment} of this endpoint"
        " [endpoint-name-shared]"
    )
    assert messages_of(file) == [message + suggestion]


def test_endpoints_of_different_regions_can_have_the_same_name() -> None:
    assert messages_of(_with_prod_in_europe(endpoint_name="churn")) == []
    file = _with_prod_in_europe()
    file["endpoints"]["kmeans"]["endpoint_name"] = "churn"
    assert messages_of(file) == []


def test_a_name_that_components_of_two_endpoints_share_is_an_error() -> None:
    assert messages_of(_with_component("c")) == []
    assert messages_of(_with_component("b-c")) == [
        "endpoints.a.inference_components.b-c: stack dev-a-b has a component of the same name in AWS, got "
        '"acme-dev-a-b-c"; rename one of the two [inference-component-name-shared]'
    ]


def test_every_rule_across_endpoints_has_a_case_and_a_docstring() -> None:
    others = {
        cross_endpoint.endpoint_name_shared,
        cross_endpoint.inference_component_name_shared,
        acknowledgements.cross_endpoint_acknowledgement_unused,
    }
    assert {rule for rule, *_ in CASES} | others == {*cross_endpoint_rule.rules.values()}
    assert all((rule.function.__doc__ or "").endswith(".") for rule in cross_endpoint_rule.rules.values())
