"""What no scanner sees, asserted of every stack of every example, so that a new example is covered as well.

That a scanner does not see it was tried: each of these weaknesses was planted, and none of five found it.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from modules.config import Deployment, NetworkDeployment
from modules.load import load
from tests.examples import EXAMPLES
from tests.support import Json, only, policy, resources, synth, write_stacks

_LOADED = {name: load(file) for name, file in EXAMPLES.items()}
_ENDPOINTS = [
    pytest.param(name, each, id=f"{name}-{each.names.stack}") for name in EXAMPLES for each in _LOADED[name].deployments
]
_NETWORKS = [
    pytest.param(name, each, id=f"{name}-{each.names.network_stack}")
    for name in EXAMPLES
    for each in _LOADED[name].networks
]
_MADE_KEY = "${aws_kms_key.Key.arn}"
# Actions that know no resources, and describing the network, which names none either.
_WITHOUT_RESOURCES = {"ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"}
_USES = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")
_FOR_USE = ("kms:ViaService", "kms:EncryptionContext:aws:logs:arn")

each_endpoint = pytest.mark.parametrize(("name", "deployment"), _ENDPOINTS)
each_network = pytest.mark.parametrize(("name", "deployment"), _NETWORKS)


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Json]]:
    written = {name: write_stacks(file, tmp_path_factory.mktemp(name)) for name, file in EXAMPLES.items()}
    return {name: {stack: _read(folder) for stack, folder in each.items()} for name, each in written.items()}


@pytest.fixture
def stack(stacks: dict[str, dict[str, Json]], name: str, deployment: Deployment | NetworkDeployment) -> Json:
    names = deployment.names
    return stacks[name][names.stack if isinstance(deployment, Deployment) else names.network_stack]


@each_endpoint
def test_a_service_assumes_a_role_for_this_account_and_region_alone(deployment: Deployment, stack: Json) -> None:
    trusts = [each for role in resources(stack, "aws_iam_role") for each in _listed(role["assume_role_policy"])]
    by_services = [each for each in trusts if "Service" in each["Principal"]]
    assert len(by_services) == 1
    for each in by_services:
        assert each["Condition"] == {
            "StringEquals": {"aws:SourceAccount": deployment.environment.account_id},
            # A literal asterisk, which SageMaker sends.
            "ArnLike": {"aws:SourceArn": deployment.names.any_sagemaker_arn},
        }


@each_endpoint
def test_every_execution_role_is_bounded(deployment: Deployment, stack: Json) -> None:
    boundary = stack["resource"]["aws_iam_role"]["Role"]["permissions_boundary"]
    assert boundary == deployment.environment.permissions_boundary_arn or boundary.startswith("${aws_iam_policy.Role_")


@each_endpoint
def test_the_execution_role_names_what_it_uses(deployment: Deployment, stack: Json) -> None:
    for each in _of_execution_role(stack):
        if each["Resource"] == "*":
            describing = all(action.startswith("ec2:Describe") for action in _list(each["Action"]))
            assert describing or {*_list(each["Action"])} <= _WITHOUT_RESOURCES
        if any(action.startswith("ecr:Batch") for action in _list(each["Action"])):
            assert re.fullmatch(r"arn:[\w-]+:ecr:[\w-]+:\d{12}:repository/[\w/-]+", each["Resource"])
        if any(action.startswith("kms:") for action in _list(each["Action"])):
            assert each["Resource"] == (deployment.endpoint.kms.key_arn or _MADE_KEY)
        if "cloudwatch:PutMetricData" in _list(each["Action"]):
            assert all("SageMaker" in space or "sagemaker" in space for space in _namespaces(each))


@each_endpoint
def test_whoever_uses_a_key_does_so_through_a_service(deployment: Deployment, stack: Json) -> None:
    used = [each for each in _statements(stack) if each["Effect"] == "Allow" and _matches_any(each["Action"], _USES)]
    assert used
    for each in used:
        assert {key for by_key in each["Condition"].values() for key in by_key} & {*_FOR_USE}
        if "kms:CreateGrant" in _list(each["Action"]) and each["Sid"] != "UseKeysThroughServices":
            assert each["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
        if "kms:Decrypt" in _list(each["Action"]) and each["Sid"] != "UseKeysThroughServices":
            assert "kms:EncryptionContext:aws:" in json.dumps(each["Condition"])


@each_endpoint
def test_a_key_is_of_principals_that_exist_and_of_nobody_in_full(deployment: Deployment, stack: Json) -> None:
    for key in resources(stack, "aws_kms_key"):
        if key.get("count") == 0:
            continue
        for each in _listed(key["policy"]):
            # KMS refuses a policy that names a role which does not exist (yet).
            assert each["Effect"] == "Deny" or str(each["Principal"].get("AWS", ":root")).endswith(":root")
            assert each["Effect"] == "Deny" or not {"*", "kms:*"} & {*_list(each["Action"])}
            # CloudWatch Logs sends the ARN of the group without the `:*` that others put behind it.
            assert not json.dumps(each.get("Condition", {}).get("StringEquals", {})).endswith(':*"]}')
        assert key["deletion_window_in_days"] == deployment.endpoint.kms.deletion_window_in_days


def test_a_deletion_of_a_key_can_be_taken_back_for_30_days_and_an_endpoint_has_two_instances() -> None:
    stack = synth()
    assert only(stack, "aws_kms_key")["deletion_window_in_days"] == 30
    (variant,) = only(stack, "aws_sagemaker_endpoint_configuration")["production_variants"]
    assert variant["initial_instance_count"] == 2


@each_endpoint
def test_what_is_recorded_is_recorded_in_full_under_the_key(deployment: Deployment, stack: Json) -> None:
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    capture = configuration["data_capture_config"]
    key = deployment.endpoint.kms.key_arn or _MADE_KEY
    assert (capture["enable_capture"], capture["kms_key_id"], configuration["kms_key_arn"]) == (True, key, key)


@each_endpoint
def test_only_the_execution_role_records(deployment: Deployment, stack: Json) -> None:
    for bucket in resources(stack, "aws_s3_bucket_policy"):
        statements = policy(bucket["policy"])
        assert {each["Effect"] for each in statements.values()} == {"Deny"}
        only_role = {"ArnNotEquals": {"aws:PrincipalArn": deployment.names.role_arn}}
        assert statements["OnlyTheExecutionRoleWrites"]["Condition"] == only_role


@each_endpoint
def test_nobody_gets_a_shell_in_a_container(deployment: Deployment, stack: Json) -> None:
    assert "enable_ssm_access" not in json.dumps(stack).lower()


@each_endpoint
def test_an_image_does_not_change_unless_a_reason_is_given(deployment: Deployment, stack: Json) -> None:
    image = only(stack, "aws_sagemaker_model")["primary_container"]["image"]
    fixed = re.search(r"(@sha256:[0-9a-f]{64}|:(?!latest$)[\w.-]+)$", image)
    assert fixed or "image_tag" in deployment.endpoint.relax.reasons


@each_endpoint
def test_the_log_group_is_there_first_so_that_sagemaker_does_not_make_one(deployment: Deployment, stack: Json) -> None:
    endpoint, group = only(stack, "aws_sagemaker_endpoint"), only(stack, "aws_cloudwatch_log_group")
    assert group["name"] == f"/aws/sagemaker/Endpoints/{endpoint['name']}"
    assert group["kms_key_id"] == (deployment.endpoint.kms.key_arn or _MADE_KEY)
    assert "aws_cloudwatch_log_group.Logs" in endpoint["depends_on"]
    assert not [each for each in _of_execution_role(stack) if "logs:CreateLogGroup" in _list(each["Action"])]


@each_endpoint
def test_every_caller_invokes_over_tls_from_the_vpc_and_without_bearer_tokens(
    deployment: Deployment, stack: Json
) -> None:
    found = [policy(each["policy"]) for each in resources(stack, "aws_iam_policy") if "InvokeThis" in each["policy"]]
    assert found
    network = deployment.environment.network
    for each in found:
        allowed = each["InvokeThisEndpoint"]["Condition"]
        assert allowed["Bool"] == {"aws:SecureTransport": "true"}
        assert each["NeverWithoutTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert ("NeverBearerTokens" in each) is (deployment.endpoint.relax.bearer_tokens is None)
        if network:
            assert allowed["StringEquals"]["aws:SourceVpc"] == [network.vpc_id]
            denied = each["NeverFromOutsideTheVpc"]
            assert denied["Condition"] == {"StringNotEquals": {"aws:SourceVpc": [network.vpc_id]}}
            assert denied["Resource"] == deployment.names.endpoint_arn


@each_endpoint
def test_a_model_in_a_vpc_lets_nothing_in_and_out_to_https_of_endpoints_alone(
    deployment: Deployment, stack: Json
) -> None:
    if not deployment.environment.network:
        assert not resources(stack, "aws_security_group")
        return
    group = only(stack, "aws_security_group")
    assert group["ingress"] == []
    assert [(each["protocol"], each["from_port"], each["to_port"]) for each in group["egress"]] == [
        ("tcp", 443, 443)
    ] * 2
    assert not [each for each in group["egress"] if each["cidr_blocks"] or each["ipv6_cidr_blocks"]]
    assert all(len([*each["prefix_list_ids"], *each["security_groups"]]) == 1 for each in group["egress"])
    vpc = only(stack, "aws_sagemaker_model")["vpc_config"]
    assert vpc["security_group_ids"] == ["${aws_security_group.Network.id}"]
    assert vpc["subnets"] == [*deployment.environment.network.subnet_ids]


@each_network
def test_a_vpc_endpoint_lets_named_roles_through_to_named_resources(deployment: NetworkDeployment, stack: Json) -> None:
    made = resources(stack, "aws_vpc_endpoint")
    assert len(made) == 2
    for each in (statement for one in made for statement in _listed(one["policy"])):
        assert each["Condition"]["ArnEquals"]["aws:PrincipalArn"]
        assert each["Action"] in {"sagemaker:InvokeEndpoint", "s3:GetObject", "s3:PutObject"}
        assert "*" not in _list(each["Resource"])


@each_network
def test_the_runtime_api_has_its_own_name_in_the_vpc(deployment: NetworkDeployment, stack: Json) -> None:
    (runtime,) = [each for each in resources(stack, "aws_vpc_endpoint") if each["vpc_endpoint_type"] == "Interface"]
    assert runtime["private_dns_enabled"] is True
    # The policy of a VPC endpoint does nothing on the FIPS variant.
    assert runtime["service_name"] == f"com.amazonaws.{deployment.environment.region}.sagemaker.runtime"


@each_network
def test_a_private_endpoint_is_reached_from_its_vpc_alone(deployment: NetworkDeployment, stack: Json) -> None:
    group = only(stack, "aws_security_group")
    (ingress,) = group["ingress"]
    assert (ingress["from_port"], ingress["to_port"], ingress["cidr_blocks"]) == (
        443,
        443,
        ["${data.aws_vpc.Vpc.cidr_block}"],
    )
    assert group["egress"] == []


def _read(folder: Path) -> Json:
    stack: Json = json.loads((folder / "cdk.tf.json").read_text())
    return stack


def _listed(document: str) -> list[Json]:
    return [*policy(document).values()]


def _statements(stack: Json) -> list[Json]:
    """Return the statements of every document of a stack, those of roles, keys and buckets alike."""
    documents = [each["policy"] for type_ in stack["resource"].values() for each in type_.values() if "policy" in each]
    return [statement for document in documents for statement in _listed(document)]


def _of_execution_role(stack: Json) -> list[Json]:
    return [each for one in resources(stack, "aws_iam_role_policy") for each in _listed(one["policy"])]


def _namespaces(statement: Json) -> list[str]:
    return _list(statement["Condition"]["StringEquals"]["cloudwatch:namespace"])


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def _matches_any(patterns: Any, actions: tuple[str, ...]) -> bool:
    """Return whether a statement's actions, with their wildcards, contain one of these."""
    expressions = [re.escape(each).replace(r"\*", ".*") for each in _list(patterns)]
    return any(re.fullmatch(each, action, re.IGNORECASE) for each in expressions for action in actions)
