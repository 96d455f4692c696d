"""Plans that people reported, rebuilt as `terraform show -json` writes them, and what their review has to find.

Each plan has an execution role that does not change, so that the account is known, and the resources of its subject.
"""

import json
from typing import Any

from protected_endpoints.review.plan.plan import resource_type
from tests.field.reported_plan import EXECUTION_ROLE, Findings, ReportedPlan
from tests.review.fragments import ACCOUNT, NEW_FIRST, OLD_FIRST, Json, change, document

_ENDPOINT, _ALARM = "aws_sagemaker_endpoint.Endpoint", "aws_cloudwatch_metric_alarm.Alarm"
_BUCKET, _KEY = "aws_s3_bucket.Capture", "aws_kms_key.Key"
_GROUP, _LIFECYCLE = "aws_security_group.Network", "aws_s3_bucket_lifecycle_configuration.Capture"
_MODEL, _NEW_MODEL = "aws_sagemaker_model.Old", "aws_sagemaker_model.New"
_CONFIGURATION = "aws_sagemaker_endpoint_configuration.Configuration"
_NEW_CONFIGURATION = "aws_sagemaker_endpoint_configuration.New"
_KEY_ARN = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"

_SERVED = {"name": "acme-dev-scoring", "endpoint_config_name": "acme-dev-scoring-1"}
_CAPTURE = {"bucket": "acme-capture", "id": "acme-capture", "arn": "arn:aws:s3:::acme-capture", "acl": "private"}
_ERRORS = {
    "alarm_name": "scoring-5xx",
    "metric_name": "Invocation5XXErrors",
    "namespace": "AWS/SageMaker",
    "dimensions": {"EndpointName": "acme-dev-scoring"},
    "statistic": "Sum",
    "period": 60,
    "evaluation_periods": 1,
    "datapoints_to_alarm": 1,
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 1,
    "treat_missing_data": "breaching",
    "alarm_actions": [f"arn:aws:sns:us-west-2:{ACCOUNT}:alarms"],
}


def _created(address: str, **attributes: Any) -> Json:
    return change(address, None, attributes, ("create",))


def _updated(address: str, before: Json, **attributes: Any) -> Json:
    return change(address, before, {**before, **attributes}, ("update",))


def _deleted(address: str, **attributes: Any) -> Json:
    return change(address, attributes, None, ("delete",))


def _alarm(**attributes: Any) -> ReportedPlan:
    return ReportedPlan([_updated(_ALARM, _ERRORS, **attributes)], warns={("alarms-removed", _ALARM)})


def _tagged(**more: Any) -> ReportedPlan:
    """Return a plan in which an endpoint gets a tag, with another part beside it."""
    before = {**_SERVED, "tags": {"team": "risk"}}
    return ReportedPlan([_updated(_ENDPOINT, before, tags={"team": "fraud"})], more=more)


def _allow_invocation(resource: str, **more: Any) -> str:
    return document({"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": resource, **more})


def _invocation_from(vpc: str) -> str:
    return _allow_invocation(_ENDPOINT_ARN, Condition={"StringEquals": {"aws:SourceVpc": vpc}})


def _granting(type_: str, attribute: str) -> ReportedPlan:
    """Return a plan with a policy for everyone, in a resource that this project does not create."""
    address = f"{type_}.Policy"
    policy = {"name": "everyone", attribute: _allow_invocation("*", Principal="*")}
    return ReportedPlan([_created(address, **policy)], blocks=_foreign(address, "public-access", "iam-wildcard-added"))


def _foreign(address: str, *rules: str) -> Findings:
    """Return the findings at a resource of a type that this project does not create."""
    return {("not-admitted", resource_type(address)), *((rule, address) for rule in rules)}


def _model(name: str, *, is_isolated: bool) -> Json:
    container = {"image": f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com/scoring@sha256:{'7' * 64}", "environment": {}}
    arguments = {
        "name": name,
        "execution_role_arn": EXECUTION_ROLE["arn"],
        "primary_container": [container],
        "vpc_config": [],
    }
    return {**arguments, "enable_network_isolation": is_isolated}


def _variants(**more: Any) -> list[Json]:
    return [{"variant_name": "AllTraffic", "model_name": "acme-dev-scoring-a", **more}]


def _configuration(name: str, key: str | None, model: str) -> Json:
    variants = _variants(instance_type="ml.m5.xlarge", initial_instance_count=1, model_name=model)
    return {"name": name, "kms_key_arn": key, "production_variants": variants, "data_capture_config": []}


_ENDPOINT_ARN = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/acme-dev-scoring"
_INSTANCES = {
    "name": "acme-dev-scoring-1",
    "kms_key_arn": _KEY_ARN,
    "production_variants": _variants(instance_type="ml.m5.xlarge", initial_instance_count=2),
    "data_capture_config": [],
}
_SERVERLESS = {
    **_INSTANCES,
    "name": "acme-dev-scoring-2",
    "production_variants": _variants(serverless_config=[{"memory_size_in_mb": 2048, "max_concurrency": 20}]),
}
_EXPIRING = {"id": "expire", "status": "Enabled", "filter": [{"prefix": ""}], "expiration": [{"days": 90}]}
_TCP = {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
_DEPLOYED_KEY = {"arn": _KEY_ARN, "enable_key_rotation": True, "deletion_window_in_days": 30}
_BLOCKED = dict.fromkeys(
    ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
)
_ACCOUNT_BLOCK = "aws_s3_account_public_access_block.Account"
_DEFAULT_GROUP = "aws_default_security_group.Default"
_INVOCATION = {
    "address": "action.aws_lambda_invoke.grant",
    "type": "aws_lambda_invoke",
    "name": "grant",
    "provider_name": "hashicorp/aws",
    "config_values": {"function_name": "grant-access", "payload": "{}"},
    "config_sensitive": {},
    "config_unknown": {},
    "lifecycle_action_trigger": {
        "triggering_resource_address": _ENDPOINT,
        "action_trigger_event": "AfterUpdate",
        "action_trigger_block_index": 0,
        "actions_list_index": 0,
    },
}
_CHECK = {"kind": "check", "name": "serves", "to_display": "check.serves"}
_FAILING = {"address": _CHECK, "status": "fail", "problems": [{"message": "the endpoint serves another configuration"}]}
_ATTACHMENTS = {
    f"aws_iam_role_policy_attachment.{name}": {"policy_arn": {"references": [f"{policy}.arn", policy]}}
    for name, policy in (("alice", "aws_iam_policy.Invoke_A"), ("bob", "aws_iam_policy.Invoke_B"))
}


def _reference_to_policy(address: str, role: str) -> Json:
    """Return the attachment of a policy whose ARN is known only after apply."""
    return change(address, None, {"role": role}, ("create",), after_unknown={"policy_arn": True})


PLANS: dict[str, ReportedPlan] = {
    "account-pab": ReportedPlan(
        [
            _updated(
                _ACCOUNT_BLOCK,
                {"account_id": ACCOUNT, **_BLOCKED},
                block_public_policy=False,
                restrict_public_buckets=False,
            )
        ],
        blocks=_foreign(_ACCOUNT_BLOCK, "public-access"),
    ),
    "actions-with-change": ReportedPlan(
        _tagged().changes,
        blocks={("action-invoked", "action.aws_lambda_invoke.grant"), ("not-admitted", "action_invocations")},
        more={"action_invocations": [_INVOCATION]},
    ),
    "actions-without": _tagged(),
    "alarm-comparison_operator": _alarm(comparison_operator="LessThanThreshold"),
    "alarm-evaluation_periods": _alarm(evaluation_periods=60),
    "alarm-metric_name": _alarm(metric_name="Invocations"),
    "alarm-period": _alarm(period=3600),
    "alarm-statistic": _alarm(statistic="Minimum"),
    "azure-owner": ReportedPlan(
        [
            _created("azurerm_role_assignment.Owner", role_definition_name="Owner", scope="/subscriptions/1"),
            _created("google_project_iam_member.Owner", role="roles/owner", member="allUsers"),
        ],
        blocks=_foreign("azurerm_role_assignment.Owner"),  # names the type of the other cloud as well
    ),
    "bucket-acl": ReportedPlan(
        [_updated(_BUCKET, _CAPTURE, acl="public-read")],
        blocks={("public-access", _BUCKET), ("not-admitted", _BUCKET)},
    ),
    "bucket-policy": ReportedPlan(
        [
            _updated(
                _BUCKET,
                {**_CAPTURE, "policy": ""},
                policy=document(
                    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-*/*"}
                ),
            )
        ],
        blocks={("public-access", _BUCKET), ("not-admitted", _BUCKET)},
    ),
    "checks-fail": ReportedPlan(
        _tagged().changes,
        blocks={("not-admitted", "check.serves")},
        warns={("check-not-passed", "check.serves")},
        more={"checks": [{"address": _CHECK, "status": "fail", "instances": [_FAILING]}]},
    ),
    "create-forget": ReportedPlan(
        [
            change(
                _ENDPOINT,
                _SERVED,
                {**_SERVED, "name": "acme-dev-scoring-2"},
                ("create", "forget"),
                replace_paths=[["name"]],
            )
        ],
        warns={("removed-from-state", _ENDPOINT)},
    ),
    "drift-key-gone": ReportedPlan(
        [
            change(_KEY, None, {"enable_key_rotation": True}, ("create",), after_unknown={"arn": True}),
            _created(_BUCKET, bucket="acme-capture"),
            _created(_ENDPOINT, **_SERVED),
        ],
        blocks={("key-destroyed", _KEY)},
        warns={("drift-on-protected", address) for address in (_KEY, _BUCKET, _ENDPOINT)},
        configuration={_KEY: {"policy": {"references": ["data.aws_iam_policy_document.Key.json"]}}},
        more={
            "resource_drift": [
                _deleted(_KEY, **_DEPLOYED_KEY),
                _deleted(_BUCKET, **_CAPTURE),
                _deleted(_ENDPOINT, **_SERVED),
            ]
        },
    ),
    "kms-window-default": ReportedPlan([_updated(_KEY, _DEPLOYED_KEY, deletion_window_in_days=None)]),
    "lifecycle-noncurrent-kept": ReportedPlan(
        [
            _updated(
                _LIFECYCLE,
                {
                    "bucket": "acme-capture",
                    "rule": [{**_EXPIRING, "noncurrent_version_expiration": [{"noncurrent_days": 30}]}],
                },
                rule=[_EXPIRING],
            )
        ],
        warns={("retention-removed", _LIFECYCLE)},
    ),
    "model-swapped": ReportedPlan(
        [
            _deleted(_MODEL, **_model("acme-dev-scoring-a", is_isolated=True)),
            _created(_NEW_MODEL, **_model("acme-dev-scoring-b", is_isolated=False)),
            _deleted(_CONFIGURATION, **_configuration("acme-dev-scoring-1", _KEY_ARN, "acme-dev-scoring-a")),
            _created(_NEW_CONFIGURATION, **_configuration("acme-dev-scoring-2", None, "acme-dev-scoring-b")),
            _updated(_ENDPOINT, _SERVED, endpoint_config_name="acme-dev-scoring-2"),
        ],
        blocks={("isolation-off", _NEW_MODEL), ("encryption-removed", _NEW_CONFIGURATION)},
    ),
    "new-endpoint-open": ReportedPlan(
        [
            _created(_NEW_MODEL, **_model("acme-dev-scoring-b", is_isolated=False)),
            _created(_NEW_CONFIGURATION, **_configuration("acme-dev-scoring-1", None, "acme-dev-scoring-b")),
            _created(_ENDPOINT, **_SERVED),
            _created(_BUCKET, bucket="acme-capture", force_destroy=True),
            _created(_KEY, enable_key_rotation=False, deletion_window_in_days=7, policy=document()),
        ],
        blocks={
            ("isolation-off", _NEW_MODEL),
            ("encryption-removed", _NEW_CONFIGURATION),
            ("encryption-removed", _BUCKET),
            ("public-access", _BUCKET),
            ("stateful-destroyed", _BUCKET),
        },
        warns={("rotation-off", _KEY), ("key-window-short", _KEY), ("capture-off", _NEW_CONFIGURATION)},
    ),
    "oidc-no-sub-new-role": ReportedPlan(
        [
            _created(
                "aws_iam_role.Deployer",
                name="acme-deployer",
                assume_role_policy=document(
                    {
                        "Effect": "Allow",
                        "Principal": {"Federated": _OIDC},
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}},
                    }
                ),
            )
        ],
        blocks={("trust-changed", "aws_iam_role.Deployer")},
    ),
    "pol-aws_cloudwatch_log_resource_policy": _granting("aws_cloudwatch_log_resource_policy", "policy_document"),
    "pol-aws_opensearch_domain_policy": _granting("aws_opensearch_domain_policy", "access_policies"),
    "pol-aws_ssoadmin_permission_set_inline_policy": _granting(
        "aws_ssoadmin_permission_set_inline_policy", "inline_policy"
    ),
    "rename-new-first": ReportedPlan(
        [change(_ENDPOINT, _SERVED, {**_SERVED, "name": "acme-dev-scores"}, NEW_FIRST, replace_paths=[["name"]])],
        blocks={("endpoint-down", _ENDPOINT)},
    ),
    "sg-aws_default_security_group": ReportedPlan(
        [_updated(_DEFAULT_GROUP, {"ingress": []}, ingress=[_TCP])], blocks=_foreign(_DEFAULT_GROUP, "public-access")
    ),
    "sg-ports": ReportedPlan(
        [_updated(_GROUP, {"egress": [_TCP]}, egress=[{**_TCP, "from_port": 0, "to_port": 0, "protocol": "-1"}])],
        warns={("egress-added", _GROUP)},
    ),
    "sg-unknown": ReportedPlan(
        [change(_GROUP, {"egress": []}, {"name": "acme"}, ("update",), after_unknown={"egress": True})],
        warns={("egress-added", _GROUP)},
        configuration={_GROUP: {"egress": {"references": ["var.egress"]}}},
    ),
    "tainted-endpoint": ReportedPlan(
        [change(_ENDPOINT, _SERVED, _SERVED, OLD_FIRST, action_reason="replace_because_tainted")],
        blocks={("endpoint-down", _ENDPOINT)},
    ),
    "to-serverless": ReportedPlan(
        [
            change(_CONFIGURATION, _INSTANCES, _SERVERLESS, NEW_FIRST),
            _updated(_ENDPOINT, _SERVED, endpoint_config_name="acme-dev-scoring-2"),
        ],
        blocks={("inference-option-changed", _ENDPOINT)},
    ),
    "two-new-callers": ReportedPlan(
        [
            change(_ENDPOINT, _SERVED, _SERVED, ("no-op",)),
            _created("aws_iam_policy.Invoke_A", name="invoke-a", policy=_invocation_from("vpc-0a1b2c3d")),
            _created("aws_iam_policy.Invoke_B", name="invoke-b", policy=_invocation_from("vpc-1a2b3c4d")),
            *(_reference_to_policy(address, address.rpartition(".")[2]) for address in _ATTACHMENTS),
        ],
        warns={("iam-added", "aws_iam_policy.Invoke_A"), ("iam-added", "aws_iam_policy.Invoke_B")},
        configuration=_ATTACHMENTS,
    ),
    "user-inline": ReportedPlan(
        [
            change(_ENDPOINT, _SERVED, _SERVED, ("no-op",)),
            _created("aws_iam_user_policy.Bob", user="bob", policy=_allow_invocation(_ENDPOINT_ARN)),
        ],
        blocks=_foreign("aws_iam_user_policy.Bob", "invoke-widened"),
    ),
}
# A plan that is refused, with the message after the name of its file.
UNREADABLE = {
    "invalid-actions": (
        ReportedPlan([change(_ENDPOINT, _SERVED, {**_SERVED, "name": "acme-dev-scores"}, ("explode",))]),
        "resource_changes[1].change.actions: not a combination of Terraform actions, got "
        f"{json.dumps(['explode'])}; with Terraform 1.10 or newer, write it with: terraform show -json plan.bin > "
        "plan.json",
    )
}
