"""An endpoint is described for a terminal and as Markdown, for every way to host."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.explain.alarms import alarms
from protected_endpoints.commands.explain.pages import Table, as_markdown, for_terminal
from protected_endpoints.commands.explain.permissions import permissions
from protected_endpoints.commands.explain.protections import PROTECTION_BY_RELAX_KEY, protections
from protected_endpoints.commands.explain.resources import list_resources
from protected_endpoints.commands.explain.serving import serving
from protected_endpoints.config import Relax
from protected_endpoints.loading.load import load
from tests.examples import EXAMPLES, ROOT
from tests.support import NETWORK, Json, deployment, synth

_REASON = "required by the test"
_TABLES = ("secret_like_environment",)  # keys of `relax` that have a reason for each of several things


def _explained(file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "explain", *arguments],
        cwd=file.parent,
        env={
            "PYTHONPATH": str(ROOT / "modules"),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(Path.home()),
            "COLUMNS": "100",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def _state(name: str, **changes: Any) -> tuple[bool, str]:
    found = {item.name: item for item in protections(deployment(**changes))}
    return found[name].is_on, found[name].detail


def test_every_line_of_relax_has_its_protection() -> None:
    assert {*PROTECTION_BY_RELAX_KEY} == {*Relax.model_fields}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, (name, _) in PROTECTION_BY_RELAX_KEY.items()])
def test_a_relaxed_protection_is_off_with_its_reason_and_all_others_stay_on(key: str, name: str) -> None:
    changes: Json = {"relax": {key: {"TOKEN": _REASON} if key in _TABLES else _REASON}}
    if key == "ssm_access":
        changes["enable_ssm_access"] = True
    off = {item.name: item.detail for item in protections(deployment(**changes)) if not item.is_on}
    usual = {item.name for item in protections(deployment()) if not item.is_on}
    assert {*off} - usual == {name}
    assert off[name] == (f'relax.{key}: "{_REASON}"' if key not in _TABLES else f'relax.{key}.TOKEN: "{_REASON}"')


def test_each_permission_is_explained_and_the_boundary_that_has_to_allow_it() -> None:
    permission = {
        "actions": ["s3:GetObject", "s3:ListBucket"],
        "resources": ["arn:aws:s3:::features", "arn:aws:s3:::features/*"],
        "conditions": {"StringEquals": {"aws:ResourceAccount": ["111122223333"]}},
        "reason": _REASON,
    }
    rows = dict(permissions(deployment(permissions=[permission])))
    assert rows["permissions[0]"] == (
        "s3:GetObject, s3:ListBucket on arn:aws:s3:::features, arn:aws:s3:::features/*, if "
        f'{{ StringEquals = {{ aws:ResourceAccount = ["111122223333"] }} }}: "{_REASON}"'
    )
    assert rows["boundary"] == "the managed permissions boundary allows the same"
    boundary = "arn:aws:iam::111122223333:policy/ml"
    existing = deployment(permissions=[permission], in_environment={"permissions_boundary_arn": boundary})
    assert dict(permissions(existing))["boundary"].startswith(f"has to allow the same; {boundary} is existing")
    of_environment = deployment(permissions=[permission], in_environment=_BOOTSTRAPPED)
    assert dict(permissions(of_environment))["boundary"] == (
        "allows the same; before a change is deployed, run: make bootstrap ENVIRONMENT=dev"
    )
    assert [*permissions(deployment())] == []


_BOOTSTRAPPED = {"state": {"bucket": "acme-tfstate-dev"}, "github_actions": {"repository": "acme/endpoints"}}


def test_an_existing_execution_role_is_shown_as_existing() -> None:
    role = "arn:aws:iam::111122223333:role/team/ml-models"
    assert _state("bounded execution role") == (True, "a managed permissions boundary")
    assert _state("bounded execution role", in_environment=_BOOTSTRAPPED) == (
        True,
        "arn:aws:iam::111122223333:policy/acme-dev-boundary, which deployers cannot change",
    )
    assert _state("bounded execution role", execution_role_arn=role) == (
        False,
        f"existing role {role}, with the policies and the boundary of its owner; "
        "to print what it needs: protected-endpoints policy role dev-kmeans",
    )


def test_the_name_in_aws_and_the_tags_are_shown() -> None:
    named = deployment(project={"tags": {"team": "ml"}}, endpoint_name="Churn", tags={"team": "fraud", "stage": "live"})
    described = dict(serving(named))
    assert described["endpoint"] == "Churn in us-west-2, account 111122223333"
    assert described["tags"] == 'team = "fraud", stage = "live"'
    assert "tags" not in dict(serving(deployment()))


@pytest.mark.parametrize(
    ("example", "actions"),
    [
        (
            "real-time",
            "InvokeEndpoint, InvokeEndpointWithResponseStream, InvokeEndpointWithBidirectionalStream",
        ),
        ("serverless", "InvokeEndpoint"),
        ("asynchronous", "InvokeEndpointAsync"),
    ],
)
def test_the_api_actions_of_the_endpoint_are_listed(example: str, actions: str) -> None:
    (described,) = load(EXAMPLES[example]).deployments
    assert dict(serving(described))["actions"] == actions


def test_invokers_are_listed_with_their_conditions() -> None:
    role = "arn:aws:iam::111122223333:role/checkout-api"
    assert _state("invokers only") == (True, "none; add roles to invokers")
    tagged = {"role_arn": role, "principal_tags": {"team": "a"}}
    assert _state("invokers only", invokers=[role, {**tagged, "role_arn": f"{role}-2"}]) == (
        True,
        f'{role}; {role}-2 (principal_tags {{ team = "a" }})',
    )


_RELAXED: Json = {"relax": {"network_isolation": _REASON}}
_IN_VPC: Json = {**_RELAXED, "in_environment": {"network": NETWORK}}
_HUB: Json = {"environment": {"HF_MODEL_ID": "acme-ai/chat-7B"}}
_ANYWHERE: Json = {"cidr_ipv4": "0.0.0.0/0", "port": 443, "reason": "downloads from the hub"}


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({}, "can start unless its code needs the network: SageMaker downloads the model data"),
        (_RELAXED, "can start: SageMaker downloads the model data"),
        (
            {"model_data_url": None, "image": "111122223333.dkr.ecr.us-west-2.amazonaws.com/lmi:1"},
            "can start unless its code needs the network: the image has to contain the model",
        ),
        (
            {"model_data_url": None, "image": "763104351884.dkr.ecr.us-west-2.amazonaws.com/djl-inference:0.36.0"},
            "cannot start: there is no model data, and the images of AWS contain no model",
        ),
        (
            {**_HUB, **_RELAXED},
            "needs the network (HF_MODEL_ID): allowed, network isolation is relaxed, without a VPC",
        ),
        (
            {**_HUB, **_IN_VPC, "egress": [_ANYWHERE]},
            "needs the network (HF_MODEL_ID): allowed, egress to 0.0.0.0/0:443, if the subnets have a route",
        ),
        (
            {**_HUB, **_IN_VPC, "security_group_ids": ["sg-0a1b2c3d"]},
            "needs the network (HF_MODEL_ID): not judged, existing security groups sg-0a1b2c3d",
        ),
        (
            {"environment": {"CALLBACK": "https://acme.example"}},
            "may need the network (CALLBACK): blocked, network isolation is enabled",
        ),
        (
            {"environment": {"SOURCE": "s3://acme-models/a.py"}, **_RELAXED},
            "reads S3 by itself (SOURCE): allowed by the execution role",
        ),
    ],
)
def test_whether_a_container_can_start_is_explained(changes: Json, start: str) -> None:
    assert dict(serving(deployment(**changes)))["start of model"] == start


def test_destinations_and_existing_security_groups_are_listed() -> None:
    rows = dict(serving(deployment(**_IN_VPC, egress=[_ANYWHERE], security_group_ids=["sg-0a1b2c3d"])))
    assert rows["egress"] == "S3 and VPC endpoints; 0.0.0.0/0:443, downloads from the hub"
    assert rows["existing security groups"] == "sg-0a1b2c3d"
    assert not {"egress", "existing security groups"} & {*dict(serving(deployment(**_IN_VPC)))}


def test_model_data_under_an_existing_key_is_listed_with_the_key() -> None:
    arn = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    expected = True, f"the execution role can decrypt s3://my-bucket/model.tar.gz with {arn}, only through S3"
    assert _state("encrypted model data", model_data_kms_key_arn=arn) == expected
    assert _state("encrypted model data", kms={"key_arn": arn}) == expected
    assert "encrypted model data" not in {item.name for item in protections(deployment())}


def test_the_owners_of_model_data_in_other_accounts_are_listed() -> None:
    name, rejected = "model data of this account", "buckets of other accounts are rejected"
    assert _state(name) == (True, rejected)
    expected = True, f"{rejected}, except: account 444455556666 owns its model data"
    assert _state(name, model_data_account_id="444455556666") == expected
    bucket = "jumpstart-cache-prod-us-west-2"
    expected = True, f"{rejected}, except: {bucket} is a bucket of JumpStart, of which policies check the name only"
    assert _state(name, model_data_url=f"s3://{bucket}/model.tar.gz") == expected


def test_data_capture_has_its_location_and_retention() -> None:
    assert _state("data capture") == (
        True,
        "100 % of requests and responses to s3://acme-dev-kmeans-capture-de91fccc/data-capture, for 90 days",
    )
    assert _state("data capture", data_capture={"enable_capture": False}) == (
        False,
        "data_capture.enable_capture = false",
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_described_without_empty_cells(name: str) -> None:
    for described in load(EXAMPLES[name]).deployments:
        rows = [*serving(described), *((item.name, item.detail) for item in protections(described))]
        assert all(cell.strip() and "None" not in cell for row in rows for cell in row)
        assert len({first for first, *_ in rows}) == len(rows)


def test_alarms_have_their_thresholds_in_both_units() -> None:
    rows = dict(alarms(deployment(instance_type="ml.g5.12xlarge", alarms={"silent": True})))
    assert rows["acme-dev-kmeans/cpu"] == (
        "CPUUtilization Average from 3,840 (80 % of 48 vCPUs) in 3 of 3 periods of 300 s"
    )
    assert rows["acme-dev-kmeans/gpu"] == "GPUUtilization Average from 360 (90 % of 4 GPUs) in 3 of 3 periods of 300 s"
    assert rows["acme-dev-kmeans/latency"] == (
        "ModelLatency p99 from 48,000,000 microseconds (48 s) in 3 of 5 periods of 60 s"
    )
    assert rows["acme-dev-kmeans/silent"] == "Invocations Sum below 1 in 6 of 6 periods of 300 s"
    settings = {"output_config": {"s3_output_path": "s3://mine/x"}}
    rows = dict(alarms(deployment(async_inference_config=settings)))
    assert rows["acme-dev-kmeans/expired-requests"] == "ExpiredRequests Sum from 1 in 1 period of 300 s"
    assert [*alarms(deployment(alarms={"enable_alarms": False}))] == []


def test_the_listed_resources_are_the_synthesized_ones() -> None:
    listed = list_resources(deployment())
    resources = synth()["resource"]
    addresses = {
        f"{kind}.{id_}" for kind, by_id in resources.items() for id_, it in by_id.items() if it.get("count") != 0
    }
    assert {address for address, _ in listed} == addresses
    assert ("aws_sagemaker_endpoint.Endpoint", "acme-dev-kmeans") in listed
    assert ("aws_sagemaker_endpoint_configuration.Configuration", "acme-dev-kmeans-…") in listed
    assert not [name for _, name in listed if "${" in name]


def test_a_terminal_gets_columns_and_no_line_is_wider() -> None:
    table = Table("Protections", [("on", "invokers only", "word " * 40), ("off", "TLS", "short")])
    lines = for_terminal("Endpoint dev-kmeans", [table], 80).splitlines()
    assert lines[:3] == ["Endpoint dev-kmeans", "", "Protections"]
    assert lines[-1] == "  off  TLS            short"
    assert max(map(len, lines)) <= 80


def test_values_are_escaped_in_markdown() -> None:
    page = as_markdown("Endpoint a", [Table("Protections", [("off", "a", "x | y\n<b>@all</b> [a](b) `c`")])])
    assert page.splitlines()[-1] == r"| off | a | x \| y \<b\>\@all\</b\> \[a\](b) \`c\` |"


def test_an_address_is_a_link_in_markdown_and_other_text_around_one_is_escaped() -> None:
    rows = [
        ("a", "https://a.example/home?region=b#c/d_e"),
        ("b", "https://a.example/<b>"),
        ("c", "see https://a.example/_"),
    ]
    page = as_markdown("Endpoint a", [Table("Operations", rows)]).splitlines()
    assert page[-3:] == [
        "| a | <https://a.example/home?region=b#c/d_e> |",
        r"| b | https://a.example/\<b\> |",
        r"| c | see https://a.example/\_ |",
    ]


@pytest.mark.parametrize(
    ("arguments", "begins"), [((), "Endpoint prod-fraud\n"), (("--markdown",), "## Endpoint prod")]
)
def test_the_program_explains_one_endpoint(tmp_path: Path, arguments: tuple[str, ...], begins: str) -> None:
    (tmp_path / "endpoints.toml").write_text(EXAMPLES["everything"].read_text())
    done = _explained(tmp_path / "endpoints.toml", "prod-fraud", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(begins)
    warnings, acknowledged = done.stdout.partition("Warnings")[2].split("Acknowledged warnings")
    assert "no rule reports a warning" in warnings
    assert "has local NVMe storage" in acknowledged
    assert "RISK-884" in acknowledged
    assert [file.name for file in tmp_path.iterdir()] == ["endpoints.toml"]


def test_an_unknown_endpoint_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").write_text(EXAMPLES["everything"].read_text())
    done = _explained(tmp_path / "endpoints.toml", "prod-frod")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == 'endpoint: not in endpoints.toml, got "prod-frod"; use one of prod-fraud, prod-relaxed\n'
