"""The table of data flows: every policy and rule about S3 data follows from it, also for a kind that is new."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from protected_endpoints import rules
from protected_endpoints.config import Endpoint
from protected_endpoints.deployment import Deployment, data_flows
from protected_endpoints.deployment.data_flows import DataFlow, FlowKind
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.policies import Statement
from protected_endpoints.policies.execution_role_version import key_permissions, version_permissions
from protected_endpoints.policies.kms_key import existing_key_statements, key_policy
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.vpc_endpoints import s3_policy
from tests.loading.support import Table, deployment

_KEY, _READER = "arn:aws:kms:us-west-2:111122223333:key/reports", "arn:aws:iam::111122223333:role/analyst"
_OBJECTS = "arn:aws:s3:::acme-reports/kmeans/*"
_REPORTS = FlowKind("reports", "Reports", "WriteReports", "s3:PutObject", can_have_readers=True)
_FEATURES = FlowKind("features", "Features", "ReadFeatures", "s3:GetObject")


@pytest.fixture
def _reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add an output under a key of its own, with a reader."""

    def source(_: Endpoint, __: EndpointNames) -> Iterator[DataFlow]:
        uri, readers = "s3://acme-reports/kmeans", ("reports", "readers")
        yield DataFlow(uri, ("reports", "s3_uri"), _KEY, readers=(_READER,), readers_path=readers)

    monkeypatch.setitem(data_flows.SOURCES, _REPORTS, source)


def _statement(statements: list[Statement], sid: str) -> Statement:
    (statement,) = (
        statement for statement in statements if statement["Sid"].startswith(sid) and _mentions_reports(statement)
    )
    return statement


def _mentions_reports(statement: Statement) -> bool:
    return "reports" in json.dumps(statement).lower()


def _in_europe(example: Deployment) -> Deployment:
    environment = example.environment.model_copy(update={"region": "eu-west-1", "name": "europe"})
    return Deployment(example.project, environment, example.endpoint)


@pytest.mark.usefixtures("_reports")
def test_the_execution_role_writes_a_new_output_under_its_key() -> None:
    example = deployment()
    write = _statement(version_permissions(example.names, example)["Statement"], "WriteReports")
    assert (write["Action"], write["Resource"]) == ("s3:PutObject", _OBJECTS)
    use = _statement(key_permissions(example.names, example, key_arn="key")["Statement"], "UseKeyThroughS3")
    assert use["Resource"] == _KEY


@pytest.mark.usefixtures("_reports")
def test_a_new_output_passes_the_vpc_endpoint_of_s3() -> None:
    example = deployment()
    statement = _statement(s3_policy([example])["Statement"], "WriteReports")
    assert (statement["Action"], statement["Resource"]) == ("s3:PutObject", [_OBJECTS])


@pytest.mark.usefixtures("_reports")
def test_the_key_of_a_new_output_is_for_the_execution_role_and_the_readers() -> None:
    example = deployment()
    statements = existing_key_statements(example.names, example)[_KEY]
    assert [statement["Sid"] for statement in statements] == [
        "ExecutionRoleUsesKeyThroughS3",
        "ReadersOfReportsDecryptThroughS3",
    ]
    assert not any(map(_mentions_reports, key_policy(example.names, example)["Statement"]))


@pytest.mark.usefixtures("_reports")
def test_readers_of_a_new_output_have_a_policy_that_deployers_can_create_and_attach() -> None:
    example = deployment()
    (output,) = (readable for readable in example.readable_outputs if readable.kind is _REPORTS)
    assert (output.readers, output.key_arn) == ((_READER,), _KEY)
    statements = {statement["Sid"]: statement for statement in deployer_statements(EnvironmentScope([example]))}
    assert any("-reports-read-" in arn for arn in statements["MakePolicies"]["Resource"])
    assert _READER in statements["LetIn"]["Resource"]


@pytest.mark.usefixtures("_reports")
def test_the_rules_across_endpoints_know_a_new_output() -> None:
    problems = rules.cross_endpoint_findings([deployment(), _in_europe(deployment())])
    found = {(problem.rule, problem.path[2:]) for problem in problems}
    assert {
        ("bucket-multiple-regions", ("reports", "s3_uri")),
        ("output-prefix-shared", ("reports", "s3_uri")),
    } <= found


def test_a_new_input_is_read_in_the_account_and_decrypted_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = DataFlow("s3://acme-features/kmeans", ("features", "s3_uri"), _KEY)
    monkeypatch.setitem(data_flows.SOURCES, _FEATURES, lambda *_: iter([flow]))
    example = deployment()
    statements = {statement["Sid"]: statement for statement in version_permissions(example.names, example)["Statement"]}
    assert statements["ReadFeatures"] == {
        "Sid": "ReadFeatures",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::acme-features/kmeans/*",
        "Condition": {"StringEquals": {"aws:ResourceAccount": "111122223333"}},
    }
    keys = {
        statement["Sid"]: statement for statement in key_permissions(example.names, example, key_arn="key")["Statement"]
    }
    assert keys["DecryptFeatures"]["Resource"] == _KEY
    assert [statement["Sid"] for statement in existing_key_statements(example.names, example)[_KEY]] == [
        "ExecutionRoleDecryptsFeatures"
    ]


_ASYNCHRONOUS: Table = {
    "input_locations": ["s3://acme/requests"],
    "output_config": {"s3_output_path": "s3://acme/answers", "s3_failure_path": "s3://acme/failures"},
}
_CORE_DUMPS = {"destination_s3_uri": "s3://acme/dumps", "kms_key_id": _KEY}


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"model_data_url": None}, ["capture"]),
        ({}, ["model-data", "capture"]),
        ({"data_capture": {"enable_capture": False}}, ["model-data"]),
        (
            {"async_inference_config": _ASYNCHRONOUS, "core_dump_config": _CORE_DUMPS},
            ["model-data", "requests", "capture", "answers", "core-dumps"],
        ),
    ],
)
def test_an_endpoint_has_the_flows_of_its_configuration_and_no_others(changes: Table, kinds: list[str]) -> None:
    assert [kind.name for kind in deployment(**changes).data_flows] == kinds


@pytest.mark.parametrize("kind", data_flows.SOURCES, ids=lambda kind: kind.name)
def test_every_location_in_the_file_has_its_key_path(kind: FlowKind) -> None:
    example = deployment(
        async_inference_config=_ASYNCHRONOUS,
        core_dump_config=_CORE_DUMPS,
        data_capture={"destination_s3_uri": "s3://acme/capture"},
    )
    for flow in example.data_flows[kind]:
        assert flow.path
        assert _value_at(example.endpoint, flow.path) == flow.uri


def _value_at(value: Any, path: tuple[str | int, ...]) -> object:
    for key in path:
        value = value[key] if isinstance(key, int) else getattr(value, key)
    return value
