"""What no scanner sees, asserted of every stack of every example, so that a new example is covered as well.

That a scanner does not see it was tried: each of these weaknesses was planted, and none of five found it.
"""

import json
import re
from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import ANSWERS, CORE_DUMPS
from tests.stacks.synthesized import (
    as_list,
    each_endpoint,
    listed,
    matches_any,
    namespaces,
    of_execution_role,
    statements_of,
)
from tests.support import Json, only, policy, resources, synth

_MADE_KEY = "${aws_kms_key.Key.arn}"
# Actions that know no resources, and describing the network, which names none either.
_WITHOUT_RESOURCES = {"ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"}
_USES = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")
_FOR_USE = ("kms:ViaService", "kms:EncryptionContext:aws:logs:arn")


@each_endpoint
def test_a_service_assumes_a_role_for_this_account_and_region_alone(deployment: Deployment, stack: Json) -> None:
    trusts = [each for role in resources(stack, "aws_iam_role") for each in listed(role["assume_role_policy"])]
    by_services = [each for each in trusts if "Service" in each["Principal"]]
    assert len(by_services) == 1
    for each in by_services:
        assert each["Condition"] == {
            "StringEquals": {"aws:SourceAccount": deployment.environment.account_id},
            # A literal asterisk, which SageMaker sends.
            "ArnLike": {"aws:SourceArn": deployment.names.sagemaker_source_arn},
        }


def _named_keys(deployment: Deployment) -> Iterator[str]:
    """Yield the keys that `endpoints.toml` names for model data, requests, answers, topics and core dumps."""
    yield from deployment.model_data_by_key
    for _, variant in deployment.endpoint.iter_variants_with_path():
        if variant.core_dump_config:
            yield variant.core_dump_config.kms_key_id
    if settings := deployment.endpoint.async_inference_config:
        told = settings.output_config.notification_config
        named = (settings.input_kms_key_id, settings.output_config.kms_key_id, told and told.kms_key_id)
        yield from (key for key in named if key)


@each_endpoint
def test_every_execution_role_is_bounded(deployment: Deployment, stack: Json) -> None:
    boundary = stack["resource"]["aws_iam_role"]["Role"]["permissions_boundary"]
    assert boundary == deployment.environment.permissions_boundary_arn or boundary.startswith("${aws_iam_policy.Role_")


@each_endpoint
def test_the_execution_role_names_what_it_uses(deployment: Deployment, stack: Json) -> None:
    for each in of_execution_role(stack):
        if each["Resource"] == "*":
            describing = all(action.startswith("ec2:Describe") for action in as_list(each["Action"]))
            assert describing or {*as_list(each["Action"])} <= _WITHOUT_RESOURCES
        if any(action.startswith("ecr:Batch") for action in as_list(each["Action"])):
            repository = r"arn:[\w-]+:ecr:[\w-]+:\d{12}:repository/[\w/-]+"
            assert all(re.fullmatch(repository, resource) for resource in as_list(each["Resource"]))
        if any(action.startswith("kms:") for action in as_list(each["Action"])):
            assert each["Resource"] in {deployment.endpoint.kms.key_arn or _MADE_KEY, *_named_keys(deployment)}
        if "cloudwatch:PutMetricData" in as_list(each["Action"]):
            assert all("SageMaker" in space or "sagemaker" in space for space in namespaces(each))


@each_endpoint
def test_whoever_uses_a_key_does_so_through_a_service(deployment: Deployment, stack: Json) -> None:
    used = [each for each in statements_of(stack) if each["Effect"] == "Allow" and matches_any(each["Action"], _USES)]
    assert used
    for each in used:
        assert {key for by_key in each["Condition"].values() for key in by_key} & {*_FOR_USE}
        if "kms:CreateGrant" in as_list(each["Action"]) and each["Sid"] != "UseKeysThroughServices":
            assert each["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
        if "kms:Decrypt" in as_list(each["Action"]) and each["Sid"] != "UseKeysThroughServices":
            assert "kms:EncryptionContext:aws:" in json.dumps(each["Condition"])


@each_endpoint
def test_a_key_is_of_principals_that_exist_and_of_nobody_in_full(deployment: Deployment, stack: Json) -> None:
    for key in resources(stack, "aws_kms_key"):
        if key.get("count") == 0:
            continue
        for each in listed(key["policy"]):
            # KMS refuses a policy that names a role which does not exist (yet).
            assert each["Effect"] == "Deny" or str(each["Principal"].get("AWS", ":root")).endswith(":root")
            assert each["Effect"] == "Deny" or not {"*", "kms:*"} & {*as_list(each["Action"])}
        # CloudWatch Logs sends the ARN of the group without the `:*` that others put behind it.
        logs = policy(key["policy"])["CloudWatchLogsEncryptsThisLogGroup"]["Condition"]
        assert logs == {"StringEquals": {"kms:EncryptionContext:aws:logs:arn": deployment.names.log_group_arn}}
        assert key["deletion_window_in_days"] == deployment.endpoint.kms.deletion_window_in_days


def test_a_deletion_of_a_key_can_be_taken_back_for_30_days_and_an_endpoint_has_two_instances() -> None:
    stack = synth()
    assert only(stack, "aws_kms_key")["deletion_window_in_days"] == 30
    (variant,) = only(stack, "aws_sagemaker_endpoint_configuration")["production_variants"]
    assert variant["initial_instance_count"] == 2


@each_endpoint
def test_what_is_kept_and_recorded_is_under_the_key(deployment: Deployment, stack: Json) -> None:
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    key = deployment.endpoint.kms.key_arn or _MADE_KEY
    # Serverless inference has no volume.
    assert configuration.get("kms_key_arn") == (None if deployment.endpoint.is_serverless else key)
    capture = configuration.get("data_capture_config")
    assert bool(capture) is deployment.endpoint.data_capture.enable_capture
    if capture:
        assert (capture["enable_capture"], capture["kms_key_id"]) == (True, key)


@each_endpoint
def test_answers_and_core_dumps_are_under_a_key(deployment: Deployment, stack: Json) -> None:
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    variants = [*configuration["production_variants"], *configuration.get("shadow_production_variants", [])]
    written = [each["core_dump_config"] for each in variants if "core_dump_config" in each]
    if asynchronous := configuration.get("async_inference_config"):
        written.append(asynchronous["output_config"])
    assert bool(written) is bool({ANSWERS, CORE_DUMPS} & {*deployment.data_flows})
    assert all(each["kms_key_id"] for each in written)


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
    models = resources(stack, "aws_sagemaker_model")
    containers = [each for model in models for each in model.get("container", [model.get("primary_container")])]
    assert bool(containers) is not deployment.endpoint.uses_inference_components
    fixed = r"(@sha256:[0-9a-f]{64}|:(?!latest$)[\w.-]+)$"
    for each in containers:
        # A version of a model package never changes.
        assert "model_package_name" in each or re.search(fixed, each["image"]) or deployment.endpoint.relax.image_tag


@each_endpoint
def test_the_log_group_is_there_first_so_that_sagemaker_does_not_make_one(deployment: Deployment, stack: Json) -> None:
    endpoint, group = only(stack, "aws_sagemaker_endpoint"), only(stack, "aws_cloudwatch_log_group")
    assert group["name"] == f"/aws/sagemaker/Endpoints/{endpoint['name']}"
    assert group["kms_key_id"] == (deployment.endpoint.kms.key_arn or _MADE_KEY)
    assert "aws_cloudwatch_log_group.Logs" in endpoint["depends_on"]
    assert not [each for each in of_execution_role(stack) if "logs:CreateLogGroup" in as_list(each["Action"])]


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
