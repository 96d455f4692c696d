"""What changes between two plans, each as an edit of `endpoints.toml`, or of the Terraform JSON of its stack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.plans import edits
from tests.plans.edits import Change

Edit = tuple[str, str]
Actions = tuple[str, ...]

_NEW_FIRST, _OLD_FIRST = ("create", "delete"), ("delete", "create")
_IN_PLACE, _COMES, _GOES, _STAYS = ("update",), ("create",), ("delete",), ("no-op",)
_MODEL, _ENDPOINT = "aws_sagemaker_model.Model", "aws_sagemaker_endpoint.Endpoint"
_CONFIGURATION = "aws_sagemaker_endpoint_configuration.Configuration"
_KEY, _BUCKET, _LOGS = "aws_kms_key.Key", "aws_s3_bucket.Capture", "aws_cloudwatch_log_group.Logs"
_POLICIES = "aws_iam_role_policies_exclusive.RolePolicies"
_ROLE, _RUNNING = "aws_iam_role.Role", "aws_iam_role_policy.Role_Running"
_BUCKET_POLICY, _PRIVATE = "aws_s3_bucket_policy.Capture_Policy", "aws_s3_bucket_public_access_block.Capture"
_UPDATED: dict[str, Actions] = {_CONFIGURATION: _NEW_FIRST, _ENDPOINT: _IN_PLACE}
_NEW_MODEL: dict[str, Actions] = {_MODEL: _NEW_FIRST, **_UPDATED}
_CANARY = 'type = "CANARY"\nwait_interval_in_seconds = 300\ncanary_size = { type = "CAPACITY_PERCENT", value = 10 }'
_OTHER = {"condition": '${self.name == "acme-dev-kmeans"}', "error_message": "another name"}
_ALARMS = (
    "[endpoints.kmeans.deployment_config.auto_rollback_configuration]\n"
    'alarms = [{ alarm_name = "kmeans-5xx" }, { alarm_name = "kmeans-latency" }]\n'
)
_KEY_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@dataclass(frozen=True)
class Scenario:
    """Define one plan: what it is about, what is edited, and what it does to the resources that it names.

    `behind` changes AWS behind Terraform's back and returns how to change it back.
    """

    says: str
    shows: dict[str, Actions]
    toml: Sequence[Edit] = ()
    json: Change | None = None
    base: str = "endpoint"
    arguments: Sequence[str] = ()
    behind: Callable[[Any], Callable[[], object]] | None = None


def _relaxed(protection: str, reason: str, before: str = "") -> Edit:
    """Return an edit that relaxes a protection."""
    environment = "[endpoints.kmeans.environment]\n"
    return environment, f'{before}[endpoints.kmeans.relax]\n{protection} = "{reason}"\n\n{environment}'


def _widened_running(statements: list[dict[str, Any]]) -> None:
    statements.append({"Sid": "Everything", "Effect": "Allow", "Action": "s3:*", "Resource": "*"})


def _widened_trust(statements: list[dict[str, Any]]) -> None:
    stranger = {"AWS": "arn:aws:iam::999988887777:root"}
    statements.append({"Effect": "Allow", "Principal": stranger, "Action": "sts:AssumeRole"})


def _without_tls(statements: list[dict[str, Any]]) -> None:
    statements[:] = [each for each in statements if not each["Sid"].startswith("NeverWithoutTls")]


def _open_to_all(statements: list[dict[str, Any]]) -> None:
    statements.append(
        {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    )


def _any_caller(statements: list[dict[str, Any]]) -> None:
    for each in statements:
        each.pop("Condition", None)


def _role_policy_drifted(aws: Any) -> Callable[[], object]:
    iam, role = aws.client("iam"), "acme-dev-kmeans-exec-de91fccc"
    before = iam.get_role_policy(RoleName=role, PolicyName="running")["PolicyDocument"]
    import json

    wide = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    iam.put_role_policy(RoleName=role, PolicyName="running", PolicyDocument=wide)
    return lambda: iam.put_role_policy(RoleName=role, PolicyName="running", PolicyDocument=json.dumps(before))


def _inline_policy_beside(aws: Any) -> Callable[[], object]:
    """As a killed apply leaves one behind."""
    iam, policy = aws.client("iam"), {"RoleName": "acme-dev-kmeans-exec-de91fccc", "PolicyName": "version-orphan"}
    wide = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
    iam.put_role_policy(**policy, PolicyDocument=wide)
    return lambda: iam.delete_role_policy(**policy)


def _logs_drifted(aws: Any) -> Callable[[], object]:
    logs, group = aws.client("logs"), "/aws/sagemaker/Endpoints/acme-dev-kmeans"
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    return lambda: logs.put_retention_policy(logGroupName=group, retentionInDays=365)


def _group_beside(aws: Any) -> Callable[[], object]:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/acme/beside")
    return lambda: logs.delete_log_group(logGroupName="/acme/beside")


def _imported(stack: dict[str, Any]) -> None:
    stack["resource"]["aws_cloudwatch_log_group"]["Beside"] = {"name": "/acme/beside"}
    stack["import"] = [{"to": "aws_cloudwatch_log_group.Beside", "id": "/acme/beside"}]


def _forgotten(stack: dict[str, Any]) -> None:
    edits.without(_LOGS)(stack)
    stack["removed"] = [{"from": _LOGS, "lifecycle": [{"destroy": False}]}]


def _sensitive(stack: dict[str, Any]) -> None:
    stack["variable"] = {"token": {"type": "string", "sensitive": True, "default": "s3cr3t-of-a-variable"}}
    (container,) = [edits.resource(stack, _MODEL)["primary_container"]]
    container["environment"] = {**container["environment"], "FEATURES": "${var.token}"}


def _scaled(stack: dict[str, Any]) -> None:
    stack["resource"]["aws_appautoscaling_target"] = {
        "Target": {
            "max_capacity": 8,
            "min_capacity": 2,
            "resource_id": "endpoint/acme-dev-kmeans/variant/AllTraffic",
            "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
            "service_namespace": "sagemaker",
        }
    }


def _by_data_source(stack: dict[str, Any]) -> None:
    statement = {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::acme-models/*"]}
    document = {"depends_on": [_KEY], "statement": [statement]}
    stack["data"] = {"aws_iam_policy_document": {"Running": document}}
    edits.setting(_RUNNING, policy="${data.aws_iam_policy_document.Running.json}")(stack)
    edits.setting(_KEY, enable_key_rotation=False)(stack)
    edits.dropping(_KEY, "rotation_period_in_days")(stack)


def _stolen_secret(stack: dict[str, Any]) -> None:
    edits.resource(stack, _MODEL)["primary_container"]["environment"]["DB_PASSWORD"] = "hunter2-never-shown"  # noqa: S105  reason: the review has to hide it


def _wide_network(statements: list[dict[str, Any]]) -> None:
    statements.append({"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})


SCENARIOS: dict[str, Scenario] = {
    "first-plan": Scenario("Nothing is there yet", {_ENDPOINT: _COMES, _KEY: _COMES}, base="nothing"),
    "no-op": Scenario("Nothing changes", {_ENDPOINT: _STAYS}),
    "image": Scenario("A new image (shape D2)", _NEW_MODEL, [('kmeans:1"', 'kmeans:2"')]),
    "model-data": Scenario("New model data", _NEW_MODEL, [("/model.tar.gz", "/2/model.tar.gz")]),
    "instance-type": Scenario("Another instance type (shape A)", _UPDATED, [("ml.m5.xlarge", "ml.c5.xlarge")]),
    "no-postcondition": Scenario(
        "Another instance type, of an endpoint that compares nothing",
        _UPDATED,
        [("ml.m5.xlarge", "ml.c5.xlarge")],
        edits.dropping(_ENDPOINT, "lifecycle"),
    ),
    "other-postcondition": Scenario(
        "Another instance type, of an endpoint that compares something else",
        _UPDATED,
        [("ml.m5.xlarge", "ml.c5.xlarge")],
        edits.setting(_ENDPOINT, lifecycle={"postcondition": [_OTHER]}),
    ),
    "instance-count": Scenario(
        "Fewer instances", _UPDATED, [("initial_instance_count = 2", "initial_instance_count = 1")]
    ),
    "capture-reduced": Scenario(
        "A tenth of the requests is recorded",
        _UPDATED,
        [("[endpoints.kmeans.data_capture]\n", "[endpoints.kmeans.data_capture]\ninitial_sampling_percentage = 10\n")],
    ),
    "capture-off": Scenario(
        "Nothing is recorded any more",
        {**_UPDATED, _BUCKET: _GOES},
        [
            ("[endpoints.kmeans.data_capture]\n", "[endpoints.kmeans.data_capture]\nenable_capture = false\n"),
            _relaxed("prevent_destroy", "it is retired"),
        ],
    ),
    "caller-added": Scenario(
        "Another role may invoke",
        {"aws_iam_role_policy_attachment.Invoke_Invoker-batch": _COMES, _ENDPOINT: _STAYS},
        [('role/checkout-api",\n', 'role/checkout-api",\n  "arn:aws:iam::111122223333:role/batch",\n')],
    ),
    "caller-removed": Scenario(
        "A role may not invoke any more",
        {"aws_iam_role_policy_attachment.Invoke_Invoker-checkout-api": _GOES},
        [('  "arn:aws:iam::111122223333:role/checkout-api",\n', "")],
    ),
    "partner-changed": Scenario(
        "A partner assumes its role with another external id",
        {"aws_iam_role.Invoke_Role-partner": _IN_PLACE},
        [("acme-7f3a", "acme-0b1c")],
    ),
    "reader-added": Scenario(
        "Another role reads what is recorded",
        {_KEY: _IN_PLACE, "aws_iam_role_policy_attachment.Read-capture_Reader-auditor": _COMES},
        [('role/analyst"', 'role/analyst", "arn:aws:iam::111122223333:role/auditor"')],
    ),
    "isolation-relaxed": Scenario(
        "The container gets a network and credentials, with a reason (shape G, made right)",
        _NEW_MODEL,
        [_relaxed("network_isolation", "it calls the feature store, RISK-881")],
    ),
    "isolation-off-in-place": Scenario(
        "Isolation goes under the name of the model (shape G)",
        {_MODEL: _NEW_FIRST},
        json=edits.setting(_MODEL, enable_network_isolation=False),
    ),
    "model-under-its-name": Scenario(
        "New model data under the name of the old model (shape D)",
        {_MODEL: _NEW_FIRST},
        json=lambda stack: edits.resource(stack, _MODEL)["primary_container"].update(
            model_data_url="s3://my-bucket/3.tar.gz"
        ),
    ),
    "own-key": Scenario(
        "A key that is there already takes the place of the made one",
        {**_UPDATED, _KEY: _GOES},
        [
            _relaxed(
                "prevent_destroy",
                "the key is of the security team now",
                f'[endpoints.kmeans.kms]\nkey_arn = "{_KEY_ARN}"\n',
            )
        ],
    ),
    "key-replaced": Scenario(
        "The key is replaced, and everything under it (shape J2)",
        {_KEY: _NEW_FIRST, **_UPDATED},
        json=edits.unprotected,
        arguments=["-replace=aws_kms_key.Key"],
    ),
    "rotation-off": Scenario(
        "The key does not rotate any more (shape J)",
        {_KEY: _IN_PLACE, _ENDPOINT: _STAYS},
        json=edits.both(
            edits.setting(_KEY, enable_key_rotation=False), edits.dropping(_KEY, "rotation_period_in_days")
        ),
    ),
    "policy-of-a-data-source": Scenario(
        "The key changes, and a policy that comes from a data source is unknown (shape J)",
        {_KEY: _IN_PLACE, _RUNNING: _IN_PLACE},
        json=_by_data_source,
    ),
    "key-window": Scenario(
        "A deleted key could be saved for a shorter time",
        {_KEY: _IN_PLACE},
        json=edits.setting(_KEY, deletion_window_in_days=7),
    ),
    "encryption-off": Scenario(
        "Volumes are no longer under the key", _UPDATED, json=edits.dropping(_CONFIGURATION, "kms_key_arn")
    ),
    "bucket-destroyed": Scenario(
        "The bucket goes with what was recorded",
        {_BUCKET: _GOES},
        json=edits.both(
            edits.unprotected,
            edits.without(
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
            edits.dropping(_CONFIGURATION, "data_capture_config"),
        ),
    ),
    "bucket-opened": Scenario(
        "Everybody may read what is recorded",
        {_BUCKET_POLICY: _IN_PLACE},
        json=edits.rewriting(_BUCKET_POLICY, _open_to_all),
    ),
    "bucket-public": Scenario(
        "Public policies are allowed", {_PRIVATE: _IN_PLACE}, json=edits.setting(_PRIVATE, block_public_policy=False)
    ),
    "tls-not-demanded": Scenario(
        "The bucket takes requests without TLS",
        {_BUCKET_POLICY: _IN_PLACE},
        json=edits.rewriting(_BUCKET_POLICY, _without_tls),
    ),
    "versioning-suspended": Scenario(
        "Versions of what was recorded are not kept",
        {"aws_s3_bucket_versioning.Capture": _IN_PLACE},
        json=lambda stack: edits.resource(stack, "aws_s3_bucket_versioning.Capture").update(
            versioning_configuration={"status": "Suspended"}
        ),
    ),
    "role-widened": Scenario(
        "The execution role may do everything in S3 (shape H)",
        {_RUNNING: _IN_PLACE},
        json=edits.rewriting(_RUNNING, _widened_running),
    ),
    "trust-widened": Scenario(
        "Another account may assume the execution role",
        {_ROLE: _IN_PLACE},
        json=edits.rewriting(_ROLE, _widened_trust, "assume_role_policy"),
    ),
    "caller-unconditional": Scenario(
        "Callers need neither TLS nor anything else",
        {"aws_iam_policy.Invoke": _IN_PLACE},
        json=edits.rewriting("aws_iam_policy.Invoke", _any_caller),
    ),
    "logs-removed": Scenario("The log group goes", {_LOGS: _GOES}, json=edits.without(_LOGS)),
    "endpoint-renamed": Scenario(
        "The endpoint gets another name (shape C)",
        {_ENDPOINT: _OLD_FIRST},
        json=edits.setting(_ENDPOINT, name="acme-dev-kmeans-v2"),
    ),
    "endpoint-tainted": Scenario(
        "The endpoint is replaced by hand",
        {_ENDPOINT: _OLD_FIRST},
        arguments=["-replace=aws_sagemaker_endpoint.Endpoint"],
    ),
    "everything-destroyed": Scenario(
        "The stack is destroyed", {_ENDPOINT: _GOES, _KEY: _GOES}, json=edits.unprotected, arguments=["-destroy"]
    ),
    "rollout-at-once": Scenario(
        "Requests move all at once",
        {_ENDPOINT: _IN_PLACE},
        [(_CANARY, 'type = "ALL_AT_ONCE"\nwait_interval_in_seconds = 0')],
    ),
    "alarms-changed": Scenario(
        "Another alarm watches updates (shape T8)", {_ENDPOINT: _IN_PLACE}, [("kmeans-latency", "kmeans-p99")]
    ),
    "alarms-removed": Scenario("No alarm watches updates (shape T6)", {_ENDPOINT: _OLD_FIRST}, [(_ALARMS, "")]),
    "shell": Scenario(
        "People get a shell in the container",
        _UPDATED,
        [
            ('instance_type = "ml.m5.xlarge"', 'instance_type = "ml.m5.xlarge"\nenable_ssm_access = true'),
            _relaxed("ssm_access", "an incident, INC-17"),
        ],
    ),
    "secret": Scenario("A secret in the environment", {_MODEL: _NEW_FIRST}, json=_stolen_secret),
    "sensitive": Scenario("A sensitive variable in the environment", {_MODEL: _NEW_FIRST}, json=_sensitive),
    "scaled": Scenario(
        "A scalable target comes with another instance type",
        {**_UPDATED, "aws_appautoscaling_target.Target": _COMES},
        [("ml.m5.xlarge", "ml.c5.xlarge")],
        json=_scaled,
    ),
    "tags": Scenario(
        "Tags alone",
        {_ENDPOINT: _IN_PLACE, _KEY: _IN_PLACE},
        [('name = "acme"\n', 'name = "acme"\ntags = { cost-center = "ml" }\n')],
    ),
    "moved": Scenario(
        "A resource has another address",
        {"aws_cloudwatch_log_group.Log": _STAYS},
        json=edits.renamed(_LOGS, "aws_cloudwatch_log_group.Log"),
    ),
    "imported": Scenario(
        "A resource is taken over", {"aws_cloudwatch_log_group.Beside": _IN_PLACE}, json=_imported, behind=_group_beside
    ),
    "forgotten": Scenario("A resource is forgotten and stays", {_LOGS: ("forget",)}, json=_forgotten),
    "drift-on-a-policy": Scenario(
        "Somebody widened the execution role's policy in AWS", {_RUNNING: _IN_PLACE}, behind=_role_policy_drifted
    ),
    "inline-policy-beside": Scenario(
        "Somebody put another inline policy on the execution role", {_POLICIES: _IN_PLACE}, behind=_inline_policy_beside
    ),
    "drift-elsewhere": Scenario("Somebody keeps logs for a week only", {_LOGS: _IN_PLACE}, behind=_logs_drifted),
    "targeted": Scenario(
        "A part of a change",
        {"aws_iam_role_policy_attachment.Invoke_Invoker-batch": _COMES},
        [
            ('role/checkout-api",\n', 'role/checkout-api",\n  "arn:aws:iam::111122223333:role/batch",\n'),
            ("ml.m5.xlarge", "ml.c5.xlarge"),
        ],
        arguments=["-target=aws_iam_role_policy_attachment.Invoke_Invoker-batch_F1770BF3"],
    ),
    "fixed-name": Scenario(
        "A configuration of a fixed name changes, and the endpoint stays on the old one (shape B)",
        {_CONFIGURATION: _OLD_FIRST, _ENDPOINT: _STAYS},
        json=lambda stack: edits.resource(stack, _CONFIGURATION)["production_variants"][0].update(
            instance_type="ml.c5.xlarge"
        ),
        base="fixed",
    ),
    "fixed-name-new-first": Scenario(
        "The same, made before the old one goes (shape B2)",
        {_CONFIGURATION: _NEW_FIRST, _ENDPOINT: _STAYS},
        json=lambda stack: edits.resource(stack, _CONFIGURATION).update(
            lifecycle={"create_before_destroy": True},
            production_variants=[
                {**edits.resource(stack, _CONFIGURATION)["production_variants"][0], "instance_type": "ml.c5.xlarge"}
            ],
        ),
        base="fixed",
    ),
    "network-first-plan": Scenario(
        "Private endpoints come", {"aws_vpc_endpoint.Runtime": _COMES}, base="network-nothing"
    ),
    "network-caller-added": Scenario(
        "A caller passes the private endpoint",
        {"aws_vpc_endpoint.Runtime": _IN_PLACE},
        [('role/checkout-api",\n', 'role/checkout-api",\n  "arn:aws:iam::111122223333:role/batch",\n')],
        base="network",
    ),
    "network-opened": Scenario(
        "Everybody passes the private endpoint",
        {"aws_vpc_endpoint.Runtime": _IN_PLACE},
        json=edits.rewriting("aws_vpc_endpoint.Runtime", _wide_network),
        base="network",
    ),
    # Last of its base: what it applies cannot be taken back.
    "after-a-rollback": Scenario(
        "SageMaker rolled an update back, and the apply failed (shape T4)",
        {_ENDPOINT: _IN_PLACE},
        [("/model.tar.gz", "/unhealthy/model.tar.gz")],
        base="rolled-back",
    ),
}
