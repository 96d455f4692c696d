"""Assertions about every stack of every example that no scanner makes.

tests/scanners plants these weaknesses and shows that none of five scanners finds them.
"""

import json
import re
from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import CORE_DUMPS, RESPONSES
from tests.stacks.synthesized import (
    all_statements,
    as_list,
    execution_role_statements,
    for_every_endpoint,
    matches_any,
    namespaces,
    statements,
)
from tests.support import Json, only, policy, resources, synth

_MANAGED_KEY = "${aws_kms_key.Key.arn}"
# Actions that support no resources.
_WITHOUT_RESOURCES = {"ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"}
_KEY_ACTIONS = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")
_SERVICE_CONDITIONS = {"kms:ViaService", "kms:EncryptionContext:aws:logs:arn"}


@for_every_endpoint
def test_a_service_assumes_a_role_for_this_account_and_region_only(deployment: Deployment, stack: Json) -> None:
    trusts = [trust for role in resources(stack, "aws_iam_role") for trust in statements(role["assume_role_policy"])]
    conditions = [trust["Condition"] for trust in trusts if "Service" in trust["Principal"]]
    expected = {
        "StringEquals": {"aws:SourceAccount": deployment.environment.account_id},
        # A literal asterisk, which SageMaker sends.
        "ArnLike": {"aws:SourceArn": deployment.names.sagemaker_source_arn},
    }
    assert conditions == ([] if deployment.endpoint.execution_role_arn else [expected])


def _existing_keys(deployment: Deployment) -> Iterator[str]:
    """Yield the existing keys in `endpoints.toml` for model data, requests, responses, topics and core dumps."""
    yield from deployment.model_data_by_key
    for _, variant in deployment.endpoint.iter_variants_with_path():
        if variant.core_dump_config:
            yield variant.core_dump_config.kms_key_id
    if settings := deployment.endpoint.async_inference_config:
        topics = settings.output_config.notification_config
        keys = (settings.input_kms_key_id, settings.output_config.kms_key_id, topics and topics.kms_key_id)
        yield from (key for key in keys if key)


@for_every_endpoint
def test_every_execution_role_has_a_permissions_boundary(deployment: Deployment, stack: Json) -> None:
    roles = stack["resource"].get("aws_iam_role", {})
    if deployment.endpoint.execution_role_arn:
        assert "Role" not in roles
        return
    boundary = roles["Role"]["permissions_boundary"]
    assert boundary == deployment.environment_boundary_arn or boundary.startswith("${aws_iam_policy.Role_")


@for_every_endpoint
def test_the_statements_of_the_execution_role_name_their_resources(deployment: Deployment, stack: Json) -> None:
    for statement in execution_role_statements(stack):
        actions, resource = as_list(statement["Action"]), statement["Resource"]
        if _is_permission(statement):
            continue
        if resource == "*":
            describes_network = all(action.startswith("ec2:Describe") for action in actions)
            assert describes_network or {*actions} <= _WITHOUT_RESOURCES
        if any(action.startswith("ecr:Batch") for action in actions):
            repository = r"arn:[\w-]+:ecr:[\w-]+:\d{12}:repository/[\w/-]+"
            assert all(re.fullmatch(repository, arn) for arn in as_list(resource))
        if any(action.startswith("kms:") for action in actions):
            assert resource in {deployment.endpoint.kms.key_arn or _MANAGED_KEY, *_existing_keys(deployment)}
        if "cloudwatch:PutMetricData" in actions:
            assert all("SageMaker" in space or "sagemaker" in space for space in namespaces(statement))


@for_every_endpoint
def test_the_role_and_its_managed_boundary_have_the_configured_permissions(deployment: Deployment, stack: Json) -> None:
    configured = [
        {
            "Sid": f"Permission{number}",
            "Effect": "Allow",
            "Action": [*permission.actions],
            "Resource": [*permission.resources],
            **(
                {"Condition": {key: _lists(keys) for key, keys in permission.conditions.items()}}
                if permission.conditions
                else {}
            ),
        }
        for number, permission in enumerate(deployment.endpoint.permissions, 1)
    ]
    if deployment.endpoint.execution_role_arn:
        assert not resources(stack, "aws_iam_role")  # an existing role is not changed
        return
    assert [statement for statement in execution_role_statements(stack) if _is_permission(statement)] == configured
    if not deployment.environment_boundary_arn:
        boundary = stack["resource"]["aws_iam_role"]["Role"]["permissions_boundary"].split(".")[1]
        bounded = statements(stack["resource"]["aws_iam_policy"][boundary]["policy"])
        assert [statement for statement in bounded if _is_permission(statement)] == configured


def _is_permission(statement: Json) -> bool:
    """Return whether a statement is one of `permissions`, for the container itself."""
    return str(statement["Sid"]).startswith("Permission")


def _lists(values_by_key: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {key: [*values] for key, values in values_by_key.items()}


@for_every_endpoint
def test_keys_are_used_through_a_service_only(deployment: Deployment, stack: Json) -> None:
    usage = [
        statement
        for statement in all_statements(stack)
        if statement["Effect"] == "Allow" and matches_any(statement["Action"], _KEY_ACTIONS)
    ]
    assert usage
    for statement in usage:
        actions, condition = as_list(statement["Action"]), statement["Condition"]
        assert {key for keys in condition.values() for key in keys} & _SERVICE_CONDITIONS
        if "kms:CreateGrant" in actions and statement["Sid"] != "UseKeysThroughServices":
            assert condition["Bool"] == {"kms:GrantIsForAWSResource": "true"}
        if "kms:Decrypt" in actions and statement["Sid"] != "UseKeysThroughServices" and not _is_permission(statement):
            assert "kms:EncryptionContext:aws:" in json.dumps(condition)


@for_every_endpoint
def test_the_key_policy_names_principals_that_exist_and_allows_none_all_actions(
    deployment: Deployment, stack: Json
) -> None:
    for key in resources(stack, "aws_kms_key"):
        if key.get("count") == 0:
            continue
        for statement in statements(key["policy"]):
            # KMS refuses a policy with a role that does not exist (yet).
            assert statement["Effect"] == "Deny" or str(statement["Principal"].get("AWS", ":root")).endswith(":root")
            assert statement["Effect"] == "Deny" or not {"*", "kms:*"} & {*as_list(statement["Action"])}
        # CloudWatch Logs sends the ARN of the log group without the suffix `:*`.
        logs = policy(key["policy"])["CloudWatchLogsEncryptsThisLogGroup"]["Condition"]
        assert logs == {"StringEquals": {"kms:EncryptionContext:aws:logs:arn": deployment.names.log_group_arn}}
        assert key["deletion_window_in_days"] == deployment.endpoint.kms.deletion_window_in_days


def test_by_default_a_key_deletion_can_be_canceled_for_30_days_and_an_endpoint_has_two_instances() -> None:
    stack = synth()
    assert only(stack, "aws_kms_key")["deletion_window_in_days"] == 30
    (variant,) = only(stack, "aws_sagemaker_endpoint_configuration")["production_variants"]
    assert variant["initial_instance_count"] == 2


@for_every_endpoint
def test_volumes_and_captured_data_are_encrypted_with_the_key(deployment: Deployment, stack: Json) -> None:
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    key = deployment.endpoint.kms.key_arn or _MANAGED_KEY
    # Serverless inference has no volume.
    assert configuration.get("kms_key_arn") == (None if deployment.endpoint.is_serverless else key)
    capture = configuration.get("data_capture_config")
    # Serverless inference captures no data.
    assert bool(capture) is (deployment.endpoint.data_capture.enable_capture and not deployment.endpoint.is_serverless)
    if capture:
        assert (capture["enable_capture"], capture["kms_key_id"]) == (True, key)


@for_every_endpoint
def test_asynchronous_responses_and_core_dumps_are_encrypted(deployment: Deployment, stack: Json) -> None:
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    variants = [*configuration["production_variants"], *configuration.get("shadow_production_variants", [])]
    outputs = [variant["core_dump_config"] for variant in variants if "core_dump_config" in variant]
    if async_config := configuration.get("async_inference_config"):
        outputs.append(async_config["output_config"])
    assert bool(outputs) is bool({RESPONSES, CORE_DUMPS} & {*deployment.data_flows})
    assert all(output["kms_key_id"] for output in outputs)


@for_every_endpoint
def test_only_the_execution_role_writes_captured_data(deployment: Deployment, stack: Json) -> None:
    for bucket in resources(stack, "aws_s3_bucket_policy"):
        by_sid = policy(bucket["policy"])
        assert {statement["Effect"] for statement in by_sid.values()} == {"Deny"}
        exempts_role = {"ArnNotEquals": {"aws:PrincipalArn": deployment.execution_role_arn}}
        assert by_sid["OnlyTheExecutionRoleWrites"]["Condition"] == exempts_role


@for_every_endpoint
def test_no_container_allows_shell_access(deployment: Deployment, stack: Json) -> None:
    assert "enable_ssm_access" not in json.dumps(stack).lower()


@for_every_endpoint
def test_image_references_are_immutable_unless_that_is_relaxed(deployment: Deployment, stack: Json) -> None:
    models = resources(stack, "aws_sagemaker_model")
    containers = [
        container for model in models for container in model.get("container", [model.get("primary_container")])
    ]
    assert bool(containers) is not deployment.endpoint.has_external_components
    immutable = r"(@sha256:[0-9a-f]{64}|:(?!latest$)[\w.-]+)$"
    for container in containers:
        # A version of a model package never changes.
        assert (
            "model_package_name" in container
            or re.search(immutable, container["image"])
            or deployment.endpoint.relax.image_tag
        )


@for_every_endpoint
def test_the_log_group_exists_before_the_endpoint_so_that_sagemaker_does_not_create_it(
    deployment: Deployment, stack: Json
) -> None:
    endpoint, groups = only(stack, "aws_sagemaker_endpoint"), stack["resource"]["aws_cloudwatch_log_group"]
    assert groups["Logs"]["name"] == f"/aws/sagemaker/Endpoints/{endpoint['name']}"
    assert {group["kms_key_id"] for group in groups.values()} == {deployment.endpoint.kms.key_arn or _MANAGED_KEY}
    assert "aws_cloudwatch_log_group.Logs" in endpoint["depends_on"]
    for id_, component in stack["resource"].get("aws_cloudcontrolapi_resource", {}).items():
        logs = id_.replace("Component-", "Logs-")
        state = json.loads(component["desired_state"])
        if "BaseInferenceComponentName" not in state["Specification"]:  # the container of the base serves an adapter
            assert groups[logs]["name"] == f"/aws/sagemaker/InferenceComponents/{state['InferenceComponentName']}"
            assert f"aws_cloudwatch_log_group.{logs}" in component["depends_on"]
    assert not any(
        "logs:CreateLogGroup" in as_list(statement["Action"]) for statement in execution_role_statements(stack)
    )


@for_every_endpoint
def test_every_invoker_needs_tls_and_the_vpc_and_cannot_use_bearer_tokens(deployment: Deployment, stack: Json) -> None:
    invoke_policies = [
        policy(resource["policy"])
        for resource in resources(stack, "aws_iam_policy")
        if "InvokeThis" in resource["policy"]
    ]
    assert invoke_policies
    network = deployment.environment.network
    for by_sid in invoke_policies:
        allowed = by_sid["InvokeThisEndpoint"]["Condition"]
        assert allowed["Bool"] == {"aws:SecureTransport": "true"}
        assert by_sid["NeverWithoutTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert ("NeverBearerTokens" in by_sid) is (deployment.endpoint.relax.bearer_tokens is None)
        if network:
            assert allowed["StringEquals"]["aws:SourceVpc"] == [network.vpc_id]
            denied = by_sid["NeverFromOutsideTheVpc"]
            assert denied["Condition"] == {"StringNotEquals": {"aws:SourceVpc": [network.vpc_id]}}
            assert denied["Resource"] == deployment.names.endpoint_arn
