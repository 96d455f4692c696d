"""Weaknesses of the stacks of the example with a network, and the findings that the scanners report for each.

The stacks have all of them at once, so that one plan and one scan are enough. A finding is
`<scanner> <stack> <check> <resource>`.
"""

import json
from collections.abc import Callable
from typing import Any

from tests.scanners.scanned import Stack

_ANYONE = {"AWS": "*"}
_ERRORS = "Alarms_errors_C0CE6D2C"  # the alarm `errors`
_ANY_ADDRESS = ["0.0.0.0/0"]
# Checks of checkov that fail for a policy that allows everything; most of them only read plans.
_EVERYTHING = (62, 63, 286, 287, 288, 289, 290, 355)
_EVERYTHING_BY_ATTRIBUTE = ("CKV_AWS_62 resource", "CKV_AWS_63 resource")
_EVERYTHING_BY_GRAPH = "CKV2_AWS_40 aws_iam_policy"


def weaken(stacks: dict[str, Stack]) -> None:
    """Add every weakness to the stacks."""
    for add_weakness in WEAKNESSES:
        add_weakness(stacks)


def _key_without_rotation(stacks: dict[str, Stack]) -> None:
    _in_fraud(stacks, "aws_kms_key", "Key")["enable_key_rotation"] = False


def _public_key_policy(stacks: dict[str, Stack]) -> None:
    _add(_in_fraud(stacks, "aws_kms_key", "Key"), "policy", Principal=_ANYONE, Action="kms:*", Resource="*")


def _model_without_network_isolation(stacks: dict[str, Stack]) -> None:
    _in_fraud(stacks, "aws_sagemaker_model", "Model")["enable_network_isolation"] = False


def _model_outside_of_the_vpc(stacks: dict[str, Stack]) -> None:
    del _in_fraud(stacks, "aws_sagemaker_model", "Model")["vpc_config"]


def _role_with_full_access(stacks: dict[str, Stack]) -> None:
    attachment = {"role": "another-role", "policy_arn": "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"}
    stacks["prod-fraud"]["resource"]["aws_iam_role_policy_attachment"]["Full"] = attachment


def _role_without_resource_constraints(stacks: dict[str, Stack]) -> None:
    role = _in_fraud(stacks, "aws_iam_role_policy", "Role_Running")
    _add(role, "policy", Action=["iam:PassRole", "s3:GetObject", "s3:PutObject", "sts:AssumeRole"], Resource="*")


def _invokers_with_all_actions(stacks: dict[str, Stack]) -> None:
    _add(_in_fraud(stacks, "aws_iam_policy", "Invoke"), "policy", Action="*", Resource="*")


def _public_trust_policy(stacks: dict[str, Stack]) -> None:
    role = _in_fraud(stacks, "aws_iam_role", "Role")
    _add(role, "assume_role_policy", Principal=_ANYONE, Action="sts:AssumeRole")


def _volumes_not_encrypted_with_the_key(stacks: dict[str, Stack]) -> None:
    del _in_fraud(stacks, "aws_sagemaker_endpoint_configuration", "Configuration")["kms_key_arn"]


def _logs_unencrypted_with_short_retention(stacks: dict[str, Stack]) -> None:
    group = _in_fraud(stacks, "aws_cloudwatch_log_group", "Logs")
    del group["kms_key_id"]
    group["retention_in_days"] = 7


def _bucket_allows_public_policies(stacks: dict[str, Stack]) -> None:
    _in_fraud(stacks, "aws_s3_bucket_public_access_block", "Capture")["block_public_policy"] = False


def _public_bucket_policy_without_tls(stacks: dict[str, Stack]) -> None:
    bucket = _in_fraud(stacks, "aws_s3_bucket_policy", "Capture_Policy")
    document = json.loads(bucket["policy"])
    document["Statement"] = [statement for statement in document["Statement"] if statement["Sid"] != "NeverWithoutTls"]
    bucket["policy"] = json.dumps(document)
    _add(bucket, "policy", Principal=_ANYONE, Action="s3:GetObject", Resource="arn:aws:s3:::acme/*")


def _model_open_to_any_address(stacks: dict[str, Stack]) -> None:
    group = _in_fraud(stacks, "aws_security_group", "Network")
    (egress, *_) = group["egress"]
    everything = {**egress, "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": _ANY_ADDRESS}
    group["egress"], group["ingress"] = [everything], [everything]


def _vpc_endpoints_open_to_any_address(stacks: dict[str, Stack]) -> None:
    group = stacks["prod-network"]["resource"]["aws_security_group"]["PrivateEndpoints"]
    group["ingress"][0].update(cidr_blocks=_ANY_ADDRESS, from_port=0, to_port=65535)


def _alarm_that_notifies_nobody(stacks: dict[str, Stack]) -> None:
    _in_fraud(stacks, "aws_cloudwatch_metric_alarm", _ERRORS)["actions_enabled"] = False


def _topic_without_key(stacks: dict[str, Stack]) -> None:
    del stacks["prod-operations"]["resource"]["aws_sns_topic"]["Alarms"]["kms_master_key_id"]


WEAKNESSES: dict[Callable[[dict[str, Stack]], None], set[str]] = {
    _key_without_rotation: {
        "checkov_json prod-fraud CKV_AWS_7 resource.Key",
        "checkov_plan prod-fraud CKV_AWS_7 aws_kms_key.Key",
        "tf_nag prod-fraud AwsSolutions-KMS5 aws_kms_key.Key",
    },
    _topic_without_key: {"checkov_json prod-operations CKV_AWS_26 resource.Alarms"},
    _public_key_policy: {"checkov_plan prod-fraud CKV_AWS_33 aws_kms_key.Key"},
    _model_without_network_isolation: {
        "checkov_json prod-fraud CKV_AWS_370 resource.Model",
        "checkov_plan prod-fraud CKV_AWS_370 aws_sagemaker_model.Model",
    },
    _model_outside_of_the_vpc: {"modelmoat prod-fraud SMK-001 aws_sagemaker_model.Model"},
    _role_with_full_access: {
        "modelmoat prod-fraud IAM-001 aws_iam_role_policy_attachment.Full",
        "tf_nag prod-fraud AwsSolutions-IAM4 aws_iam_role_policy_attachment.Full",
    },
    # Credentials, exfiltration, permissions management and writing without resource constraints, in a plan only.
    _role_without_resource_constraints: {
        f"checkov_plan prod-fraud CKV_AWS_{check} aws_iam_role_policy.Role_Running_DC9EB263"
        for check in (287, 288, 289, 290, 355)
    },
    _invokers_with_all_actions: {
        *(f"checkov_json prod-fraud {check}.Invoke" for check in (*_EVERYTHING_BY_ATTRIBUTE, _EVERYTHING_BY_GRAPH)),
        *(f"checkov_plan prod-fraud CKV_AWS_{check} aws_iam_policy.Invoke" for check in _EVERYTHING),
        f"checkov_plan prod-fraud {_EVERYTHING_BY_GRAPH}.Invoke",
        "modelmoat prod-fraud IAM-001 aws_iam_policy.Invoke",
        "tf_nag prod-fraud AwsSolutions-IAM5 aws_iam_policy.Invoke",
    },
    _public_trust_policy: {
        "checkov_json prod-fraud CKV_AWS_60 resource.Role",
        "checkov_plan prod-fraud CKV_AWS_60 aws_iam_role.Role",
    },
    _volumes_not_encrypted_with_the_key: {
        "checkov_json prod-fraud CKV_AWS_98 resource.Configuration",
        "checkov_plan prod-fraud CKV_AWS_98 aws_sagemaker_endpoint_configuration.Configuration",
    },
    _logs_unencrypted_with_short_retention: {
        *(f"checkov_json prod-fraud CKV_AWS_{check} resource.Logs" for check in (158, 338)),
        *(f"checkov_plan prod-fraud CKV_AWS_{check} aws_cloudwatch_log_group.Logs" for check in (158, 338)),
    },
    _alarm_that_notifies_nobody: {
        f"checkov_json prod-fraud CKV_AWS_319 resource.{_ERRORS}",
        f"checkov_plan prod-fraud CKV_AWS_319 aws_cloudwatch_metric_alarm.{_ERRORS}",
    },
    _bucket_allows_public_policies: {
        "checkov_json prod-fraud CKV2_AWS_6 aws_s3_bucket.Capture",
        "checkov_json prod-fraud CKV_AWS_54 resource.Capture_PublicAccessBlock_67FBBA52",
        "checkov_plan prod-fraud CKV2_AWS_6 aws_s3_bucket.Capture",
        "checkov_plan prod-fraud CKV_AWS_54 aws_s3_bucket_public_access_block.Capture_PublicAccessBlock_67FBBA52",
        "tf_nag prod-fraud AwsSolutions-S2 aws_s3_bucket.Capture",
    },
    _public_bucket_policy_without_tls: {
        "checkov_json prod-fraud CKV_AWS_70 resource.Capture_Policy_9BA69B01",
        "checkov_plan prod-fraud CKV_AWS_70 aws_s3_bucket_policy.Capture_Policy_9BA69B01",
        "tf_nag prod-fraud AwsSolutions-S10 aws_s3_bucket.Capture",
    },
    # checkov checks single ports and does not report a group that is open on all of them.
    _model_open_to_any_address: {"tf_nag prod-fraud AwsSolutions-EC23 aws_security_group.Network"},
    _vpc_endpoints_open_to_any_address: {
        *(f"checkov_json prod-network CKV_AWS_{check} resource.PrivateEndpoints" for check in (24, 25, 260)),
        *(f"checkov_plan prod-network CKV_AWS_{check} aws_security_group.PrivateEndpoints" for check in (24, 25, 260)),
        "tf_nag prod-network AwsSolutions-EC23 aws_security_group.PrivateEndpoints",
    },
}


def _in_fraud(stacks: dict[str, Stack], type_: str, begin: str) -> dict[str, Any]:
    """Return the resource of a type whose id has this beginning; ids end with a hash."""
    by_id = stacks["prod-fraud"]["resource"][type_]
    exact = [resource for id_, resource in by_id.items() if id_ == begin]
    matching: list[dict[str, Any]] = exact or [resource for id_, resource in by_id.items() if id_.startswith(begin)]
    (resource,) = matching
    return resource


def _add(resource: dict[str, Any], attribute: str, **elements: Any) -> None:
    document = json.loads(resource[attribute])
    document["Statement"].append({"Effect": "Allow", **elements})
    resource[attribute] = json.dumps(document)
