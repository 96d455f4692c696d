"""The changes of the test plans, as edits of `endpoints.toml` or of the Terraform JSON of a stack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.plans import edits
from tests.plans.edits import Change

Edit = tuple[str, str]
Actions = tuple[str, ...]

_CREATE_FIRST, _DESTROY_FIRST = ("create", "delete"), ("delete", "create")
_UPDATED_IN_PLACE, _CREATED, _DELETED, _UNCHANGED = ("update",), ("create",), ("delete",), ("no-op",)
_MODEL, _ENDPOINT = "aws_sagemaker_model.Model", "aws_sagemaker_endpoint.Endpoint"
_CONFIGURATION = "aws_sagemaker_endpoint_configuration.Configuration"
_KEY, _BUCKET, _LOGS = "aws_kms_key.Key", "aws_s3_bucket.Capture", "aws_cloudwatch_log_group.Logs"
_POLICIES = "aws_iam_role_policies_exclusive.RolePolicies"
_ROLE, _RUNNING = "aws_iam_role.Role", "aws_iam_role_policy.Role_Running"
_BUCKET_POLICY, _PUBLIC_ACCESS_BLOCK = (
    "aws_s3_bucket_policy.Capture_Policy",
    "aws_s3_bucket_public_access_block.Capture",
)
_ENDPOINT_UPDATED: dict[str, Actions] = {_CONFIGURATION: _CREATE_FIRST, _ENDPOINT: _UPDATED_IN_PLACE}
_MODEL_REPLACED: dict[str, Actions] = {_MODEL: _CREATE_FIRST, **_ENDPOINT_UPDATED}
_CANARY = 'type = "CANARY"\nwait_interval_in_seconds = 300\ncanary_size = { type = "CAPACITY_PERCENT", value = 10 }'
_OTHER_POSTCONDITION = {"condition": '${self.name == "acme-dev-kmeans"}', "error_message": "another name"}
_ALARMS = (
    "[endpoints.kmeans.deployment_config.auto_rollback_configuration]\n"
    'alarms = [{ alarm_name = "kmeans-5xx" }, { alarm_name = "kmeans-latency" }]\n'
)
_ENVIRONMENT = "[endpoints.kmeans.environment]\n"
_SCALING = "[endpoints.kmeans.scaling]\nmin_capacity = 2\nmax_capacity = 8\ntarget_value = 70\n\n"
_KEY_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@dataclass(frozen=True)
class Scenario:
    """One plan: a title, the expected actions by address, and the edits that lead to it.

    `drift` changes AWS outside of Terraform and returns a function that reverts it.
    """

    title: str
    actions: dict[str, Actions]
    toml: Sequence[Edit] = ()
    json: Change | None = None
    base: str = "endpoint"
    arguments: Sequence[str] = ()
    drift: Callable[[Any], Callable[[], object]] | None = None


def _relaxation(protection: str, reason: str, before: str = "") -> Edit:
    """Return an edit that relaxes a protection."""
    return _ENVIRONMENT, f'{before}[endpoints.kmeans.relax]\n{protection} = "{reason}"\n\n{_ENVIRONMENT}'


def _allow_all_s3_actions(statements: list[dict[str, Any]]) -> None:
    statements.append({"Sid": "Everything", "Effect": "Allow", "Action": "s3:*", "Resource": "*"})


def _trust_another_account(statements: list[dict[str, Any]]) -> None:
    other_account = {"AWS": "arn:aws:iam::999988887777:root"}
    statements.append({"Effect": "Allow", "Principal": other_account, "Action": "sts:AssumeRole"})


def _remove_tls_denies(statements: list[dict[str, Any]]) -> None:
    statements[:] = [statement for statement in statements if not statement["Sid"].startswith("NeverWithoutTls")]


def _allow_everyone_to_read(statements: list[dict[str, Any]]) -> None:
    statements.append(
        {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    )


def _remove_conditions(statements: list[dict[str, Any]]) -> None:
    for statement in statements:
        statement.pop("Condition", None)


def _change_role_policy(aws: Any) -> Callable[[], object]:
    iam, role = aws.client("iam"), "acme-dev-kmeans-exec-de91fccc"
    before = iam.get_role_policy(RoleName=role, PolicyName="running")["PolicyDocument"]
    import json

    wide = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    iam.put_role_policy(RoleName=role, PolicyName="running", PolicyDocument=wide)
    return lambda: iam.put_role_policy(RoleName=role, PolicyName="running", PolicyDocument=json.dumps(before))


def _add_inline_policy(aws: Any) -> Callable[[], object]:
    """Add a policy as a canceled apply leaves one."""
    iam, policy = aws.client("iam"), {"RoleName": "acme-dev-kmeans-exec-de91fccc", "PolicyName": "version-orphan"}
    wide = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
    iam.put_role_policy(**policy, PolicyDocument=wide)
    return lambda: iam.delete_role_policy(**policy)


def _change_log_retention(aws: Any) -> Callable[[], object]:
    logs, group = aws.client("logs"), "/aws/sagemaker/Endpoints/acme-dev-kmeans"
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    return lambda: logs.put_retention_policy(logGroupName=group, retentionInDays=365)


def _create_log_group(aws: Any) -> Callable[[], object]:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/acme/existing")
    return lambda: logs.delete_log_group(logGroupName="/acme/existing")


def _import_log_group(stack: dict[str, Any]) -> None:
    stack["resource"]["aws_cloudwatch_log_group"]["Existing"] = {"name": "/acme/existing"}
    stack["import"] = [{"to": "aws_cloudwatch_log_group.Existing", "id": "/acme/existing"}]


def _remove_log_group_from_state(stack: dict[str, Any]) -> None:
    edits.remove_resources(_LOGS)(stack)
    stack["removed"] = [{"from": _LOGS, "lifecycle": [{"destroy": False}]}]


def _add_sensitive_variable(stack: dict[str, Any]) -> None:
    stack["variable"] = {"token": {"type": "string", "sensitive": True, "default": "s3cr3t-of-a-variable"}}
    (container,) = [edits.resource(stack, _MODEL)["primary_container"]]
    container["environment"] = {**container["environment"], "FEATURES": "${var.token}"}


def _use_data_source_policy(stack: dict[str, Any]) -> None:
    statement = {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::acme-models/*"]}
    document = {"depends_on": [_KEY], "statement": [statement]}
    stack["data"] = {"aws_iam_policy_document": {"Running": document}}
    edits.set_arguments(_RUNNING, policy="${data.aws_iam_policy_document.Running.json}")(stack)
    edits.set_arguments(_KEY, enable_key_rotation=False)(stack)
    edits.remove_arguments(_KEY, "rotation_period_in_days")(stack)


def _add_secret_variable(stack: dict[str, Any]) -> None:
    edits.resource(stack, _MODEL)["primary_container"]["environment"]["DB_PASSWORD"] = "hunter2-never-shown"  # noqa: S105  reason: the review must hide it


def _allow_everything(statements: list[dict[str, Any]]) -> None:
    statements.append({"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})


SCENARIOS: dict[str, Scenario] = {
    "first-plan": Scenario("The first plan", {_ENDPOINT: _CREATED, _KEY: _CREATED}, base="nothing"),
    "no-op": Scenario("No changes", {_ENDPOINT: _UNCHANGED}),
    "image": Scenario("A new image (shape D2)", _MODEL_REPLACED, [('kmeans:1"', 'kmeans:2"')]),
    "model-data": Scenario("New model data", _MODEL_REPLACED, [("/model.tar.gz", "/2/model.tar.gz")]),
    "instance-type": Scenario("Another instance type (shape A)", _ENDPOINT_UPDATED, [("ml.m5.xlarge", "ml.c5.xlarge")]),
    "no-postcondition": Scenario(
        "Another instance type, without a postcondition",
        _ENDPOINT_UPDATED,
        [("ml.m5.xlarge", "ml.c5.xlarge")],
        edits.remove_arguments(_ENDPOINT, "lifecycle"),
    ),
    "other-postcondition": Scenario(
        "Another instance type, with a postcondition on another attribute",
        _ENDPOINT_UPDATED,
        [("ml.m5.xlarge", "ml.c5.xlarge")],
        edits.set_arguments(_ENDPOINT, lifecycle={"postcondition": [_OTHER_POSTCONDITION]}),
    ),
    "instance-count": Scenario(
        "Fewer instances", _ENDPOINT_UPDATED, [("initial_instance_count = 2", "initial_instance_count = 1")]
    ),
    "capture-reduced": Scenario(
        "Data capture of 10% of the requests",
        _ENDPOINT_UPDATED,
        [("[endpoints.kmeans.data_capture]\n", "[endpoints.kmeans.data_capture]\ninitial_sampling_percentage = 10\n")],
    ),
    "capture-off": Scenario(
        "Data capture is disabled",
        {**_ENDPOINT_UPDATED, _BUCKET: _DELETED},
        [
            ("[endpoints.kmeans.data_capture]\n", "[endpoints.kmeans.data_capture]\nenable_capture = false\n"),
            _relaxation("prevent_destroy", "it is retired"),
        ],
    ),
    "invoker-added": Scenario(
        "An invoker is added",
        {"aws_iam_role_policy_attachment.Invoke_Invoker-batch": _CREATED, _ENDPOINT: _UNCHANGED},
        [('role/checkout-api",\n', 'role/checkout-api",\n  "arn:aws:iam::111122223333:role/batch",\n')],
    ),
    "invoker-removed": Scenario(
        "An invoker is removed",
        {"aws_iam_role_policy_attachment.Invoke_Invoker-checkout-api": _DELETED},
        [('  "arn:aws:iam::111122223333:role/checkout-api",\n', "")],
    ),
    "partner-changed": Scenario(
        "The external ID of an invoker in another account changes",
        {"aws_iam_role.Invoke_Role-partner": _UPDATED_IN_PLACE},
        [("acme-7f3a", "acme-0b1c")],
    ),
    "reader-added": Scenario(
        "A reader of captured data is added",
        {_KEY: _UPDATED_IN_PLACE, "aws_iam_role_policy_attachment.Read-capture_Reader-auditor": _CREATED},
        [('role/analyst"', 'role/analyst", "arn:aws:iam::111122223333:role/auditor"')],
    ),
    "isolation-relaxed": Scenario(
        "Network isolation is relaxed with a reason (shape G, under a new name)",
        _MODEL_REPLACED,
        [_relaxation("network_isolation", "it calls the feature store, RISK-881")],
    ),
    "isolation-off-in-place": Scenario(
        "Network isolation is disabled under the same model name (shape G)",
        {_MODEL: _CREATE_FIRST},
        json=edits.set_arguments(_MODEL, enable_network_isolation=False),
    ),
    "model-with-same-name": Scenario(
        "New model data under the same model name (shape D)",
        {_MODEL: _CREATE_FIRST},
        json=lambda stack: edits.resource(stack, _MODEL)["primary_container"].update(
            model_data_url="s3://my-bucket/3.tar.gz"
        ),
    ),
    "existing-key": Scenario(
        "An existing key replaces the managed one",
        {**_ENDPOINT_UPDATED, _KEY: _DELETED},
        [
            _relaxation(
                "prevent_destroy",
                "the key is of the security team now",
                f'[endpoints.kmeans.kms]\nkey_arn = "{_KEY_ARN}"\n',
            )
        ],
    ),
    "key-replaced": Scenario(
        "The key is replaced, and the resources encrypted with it are updated (shape J2)",
        {_KEY: _CREATE_FIRST, **_ENDPOINT_UPDATED},
        json=edits.remove_destroy_protection,
        arguments=["-replace=aws_kms_key.Key"],
    ),
    "rotation-off": Scenario(
        "Key rotation is disabled (shape J)",
        {_KEY: _UPDATED_IN_PLACE, _ENDPOINT: _UNCHANGED},
        json=edits.all_of(
            edits.set_arguments(_KEY, enable_key_rotation=False),
            edits.remove_arguments(_KEY, "rotation_period_in_days"),
        ),
    ),
    "policy-of-a-data-source": Scenario(
        "The key changes, and a policy from a data source is unknown (shape J)",
        {_KEY: _UPDATED_IN_PLACE, _RUNNING: _UPDATED_IN_PLACE},
        json=_use_data_source_policy,
    ),
    "key-window": Scenario(
        "The key deletion window is shorter",
        {_KEY: _UPDATED_IN_PLACE},
        json=edits.set_arguments(_KEY, deletion_window_in_days=7),
    ),
    "encryption-off": Scenario(
        "Volumes are no longer encrypted with the key",
        _ENDPOINT_UPDATED,
        json=edits.remove_arguments(_CONFIGURATION, "kms_key_arn"),
    ),
    "bucket-destroyed": Scenario(
        "The bucket is deleted with captured data",
        {_BUCKET: _DELETED},
        json=edits.all_of(
            edits.remove_destroy_protection,
            edits.remove_resources(
                _BUCKET,
                *(
                    f"aws_s3_bucket_{kind}.Capture"
                    for kind in (
                        "policy",
                        "public_access_block",
                        "ownership_controls",
                        "server_side_encryption_configuration",
                        "versioning",
                        "lifecycle_configuration",
                    )
                ),
            ),
            edits.remove_arguments(_CONFIGURATION, "data_capture_config"),
        ),
    ),
    "bucket-opened": Scenario(
        "Everyone can read captured data",
        {_BUCKET_POLICY: _UPDATED_IN_PLACE},
        json=edits.edit_statements(_BUCKET_POLICY, _allow_everyone_to_read),
    ),
    "bucket-public": Scenario(
        "Public policies are allowed",
        {_PUBLIC_ACCESS_BLOCK: _UPDATED_IN_PLACE},
        json=edits.set_arguments(_PUBLIC_ACCESS_BLOCK, block_public_policy=False),
    ),
    "tls-not-required": Scenario(
        "The bucket accepts requests without TLS",
        {_BUCKET_POLICY: _UPDATED_IN_PLACE},
        json=edits.edit_statements(_BUCKET_POLICY, _remove_tls_denies),
    ),
    "versioning-suspended": Scenario(
        "Versioning is suspended",
        {"aws_s3_bucket_versioning.Capture": _UPDATED_IN_PLACE},
        json=lambda stack: edits.resource(stack, "aws_s3_bucket_versioning.Capture").update(
            versioning_configuration={"status": "Suspended"}
        ),
    ),
    "role-widened": Scenario(
        "The execution role can perform all S3 actions (shape H)",
        {_RUNNING: _UPDATED_IN_PLACE},
        json=edits.edit_statements(_RUNNING, _allow_all_s3_actions),
    ),
    "trust-widened": Scenario(
        "Another account can assume the execution role",
        {_ROLE: _UPDATED_IN_PLACE},
        json=edits.edit_statements(_ROLE, _trust_another_account, "assume_role_policy"),
    ),
    "invoker-without-conditions": Scenario(
        "The conditions of invokers are removed",
        {"aws_iam_policy.Invoke": _UPDATED_IN_PLACE},
        json=edits.edit_statements("aws_iam_policy.Invoke", _remove_conditions),
    ),
    "logs-removed": Scenario("The log group is deleted", {_LOGS: _DELETED}, json=edits.remove_resources(_LOGS)),
    "endpoint-renamed": Scenario(
        "The endpoint is renamed (shape C)",
        {_ENDPOINT: _DESTROY_FIRST},
        json=edits.set_arguments(_ENDPOINT, name="acme-dev-kmeans-v2"),
    ),
    "endpoint-tainted": Scenario(
        "The endpoint is replaced with -replace",
        {_ENDPOINT: _DESTROY_FIRST},
        arguments=["-replace=aws_sagemaker_endpoint.Endpoint"],
    ),
    "everything-destroyed": Scenario(
        "The stack is destroyed",
        {_ENDPOINT: _DELETED, _KEY: _DELETED},
        json=edits.remove_destroy_protection,
        arguments=["-destroy"],
    ),
    "rollout-at-once": Scenario(
        "Traffic is shifted all at once",
        {_ENDPOINT: _UPDATED_IN_PLACE},
        [(_CANARY, 'type = "ALL_AT_ONCE"\nwait_interval_in_seconds = 0')],
    ),
    "alarms-changed": Scenario(
        "Another rollback alarm (shape T8)", {_ENDPOINT: _UPDATED_IN_PLACE}, [("kmeans-latency", "kmeans-p99")]
    ),
    "alarms-removed": Scenario("No rollback alarms (shape T6)", {_ENDPOINT: _DESTROY_FIRST}, [(_ALARMS, "")]),
    "shell": Scenario(
        "Shell access to the container is allowed",
        _ENDPOINT_UPDATED,
        [
            ('instance_type = "ml.m5.xlarge"', 'instance_type = "ml.m5.xlarge"\nenable_ssm_access = true'),
            _relaxation("ssm_access", "an incident, INC-17"),
        ],
    ),
    "secret": Scenario("A secret in the environment", {_MODEL: _CREATE_FIRST}, json=_add_secret_variable),
    "sensitive": Scenario(
        "A sensitive variable in the environment", {_MODEL: _CREATE_FIRST}, json=_add_sensitive_variable
    ),
    "scaled": Scenario(
        "Scaling is added, with another instance type",
        {**_ENDPOINT_UPDATED, "aws_appautoscaling_target.Scaling-AllTraffic_Target": _CREATED},
        [
            ("ml.m5.xlarge", "ml.c5.xlarge"),
            ("[endpoints.kmeans.environment]\n", f"{_SCALING}[endpoints.kmeans.environment]\n"),
        ],
    ),
    "tags": Scenario(
        "Only tags change",
        {_ENDPOINT: _UPDATED_IN_PLACE, _KEY: _UPDATED_IN_PLACE},
        [('name = "acme"\n', 'name = "acme"\ntags = { cost-center = "ml" }\n')],
    ),
    "moved": Scenario(
        "A resource is moved to another address",
        {"aws_cloudwatch_log_group.Log": _UNCHANGED},
        json=edits.move_resource(_LOGS, "aws_cloudwatch_log_group.Log"),
    ),
    "imported": Scenario(
        "A resource is imported",
        {"aws_cloudwatch_log_group.Existing": _UPDATED_IN_PLACE},
        json=_import_log_group,
        drift=_create_log_group,
    ),
    "removed-from-state": Scenario(
        "A resource is removed from the state", {_LOGS: ("forget",)}, json=_remove_log_group_from_state
    ),
    "drift-on-a-policy": Scenario(
        "A policy of the execution role was changed outside of Terraform",
        {_RUNNING: _UPDATED_IN_PLACE},
        drift=_change_role_policy,
    ),
    "inline-policy-added": Scenario(
        "An inline policy was added to the execution role outside of Terraform",
        {_POLICIES: _UPDATED_IN_PLACE},
        drift=_add_inline_policy,
    ),
    "drift-on-logs": Scenario(
        "The log retention was changed outside of Terraform", {_LOGS: _UPDATED_IN_PLACE}, drift=_change_log_retention
    ),
    "targeted": Scenario(
        "A plan with a target",
        {"aws_iam_role_policy_attachment.Invoke_Invoker-batch": _CREATED},
        [
            ('role/checkout-api",\n', 'role/checkout-api",\n  "arn:aws:iam::111122223333:role/batch",\n'),
            ("ml.m5.xlarge", "ml.c5.xlarge"),
        ],
        arguments=["-target=aws_iam_role_policy_attachment.Invoke_Invoker-batch_F1770BF3"],
    ),
    "fixed-name": Scenario(
        "A configuration with a fixed name is replaced, and the endpoint does not notice (shape B)",
        {_CONFIGURATION: _DESTROY_FIRST, _ENDPOINT: _UNCHANGED},
        json=lambda stack: edits.resource(stack, _CONFIGURATION)["production_variants"][0].update(
            instance_type="ml.c5.xlarge"
        ),
        base="fixed",
    ),
    "fixed-name-new-first": Scenario(
        "The same with create_before_destroy (shape B2)",
        {_CONFIGURATION: _CREATE_FIRST, _ENDPOINT: _UNCHANGED},
        json=lambda stack: edits.resource(stack, _CONFIGURATION).update(
            lifecycle={"create_before_destroy": True},
            production_variants=[
                {**edits.resource(stack, _CONFIGURATION)["production_variants"][0], "instance_type": "ml.c5.xlarge"}
            ],
        ),
        base="fixed",
    ),
    "network-first-plan": Scenario(
        "VPC endpoints are created", {"aws_vpc_endpoint.Runtime": _CREATED}, base="network-nothing"
    ),
    "network-invoker-added": Scenario(
        "An invoker is added to the policy of the VPC endpoint",
        {"aws_vpc_endpoint.Runtime": _UPDATED_IN_PLACE},
        [('role/checkout-api",\n', 'role/checkout-api",\n  "arn:aws:iam::111122223333:role/batch",\n')],
        base="network",
    ),
    "network-opened": Scenario(
        "The policy of the VPC endpoint allows everyone",
        {"aws_vpc_endpoint.Runtime": _UPDATED_IN_PLACE},
        json=edits.edit_statements("aws_vpc_endpoint.Runtime", _allow_everything),
        base="network",
    ),
    # Last of its base: its apply cannot be reverted.
    "after-a-rollback": Scenario(
        "SageMaker rolled an update back, and the apply failed (shape T4)",
        {_ENDPOINT: _UPDATED_IN_PLACE},
        [("/model.tar.gz", "/unhealthy/model.tar.gz")],
        base="rolled-back",
    ),
}
