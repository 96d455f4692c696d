"""Weaknesses that are planted into the stacks of the example with a network, and who has to find each.

All of them at once, so that they cost one plan and one scan. What is found is `<scanner> <stack> <check> <resource>`.
"""

import json
from collections.abc import Callable
from typing import Any

from tests.scanners.scanned import Stack

_ANYBODY = {"AWS": "*"}
_EVERYWHERE = ["0.0.0.0/0"]
# What checkov says of a policy that allows everything; it reads whether it names actions and resources in a plan alone.
_EVERYTHING = (62, 63, 286, 287, 288, 289, 290, 355)
_EVERYTHING_BY_ATTRIBUTE = ("CKV_AWS_62 resource", "CKV_AWS_63 resource")
_EVERYTHING_BY_GRAPH = "CKV2_AWS_40 aws_iam_policy"


def plant(stacks: dict[str, Stack]) -> None:
    for weaken in WEAKNESSES:
        weaken(stacks)


def _key_does_not_rotate(stacks: dict[str, Stack]) -> None:
    _in_fraud(stacks, "aws_kms_key", "Key")["enable_key_rotation"] = False


def _anybody_uses_the_key(stacks: dict[str, Stack]) -> None:
    _add(_in_fraud(stacks, "aws_kms_key", "Key"), "policy", Principal=_ANYBODY, Action="kms:*", Resource="*")


def _model_is_not_isolated(stacks: dict[str, Stack]) -> None:
    _in_fraud(stacks, "aws_sagemaker_model", "Model")["enable_network_isolation"] = False


def _model_is_outside_the_vpc(stacks: dict[str, Stack]) -> None:
    del _in_fraud(stacks, "aws_sagemaker_model", "Model")["vpc_config"]


def _role_has_full_access(stacks: dict[str, Stack]) -> None:
    attachment = {"role": "somebody", "policy_arn": "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"}
    stacks["prod-fraud"]["resource"]["aws_iam_role_policy_attachment"]["Full"] = attachment


def _role_reads_and_passes_everything(stacks: dict[str, Stack]) -> None:
    role = _in_fraud(stacks, "aws_iam_role_policy", "Role_Running")
    _add(role, "policy", Action=["iam:PassRole", "s3:GetObject", "s3:PutObject", "sts:AssumeRole"], Resource="*")


def _callers_may_do_everything(stacks: dict[str, Stack]) -> None:
    _add(_in_fraud(stacks, "aws_iam_policy", "Invoke"), "policy", Action="*", Resource="*")


def _anybody_assumes_the_role(stacks: dict[str, Stack]) -> None:
    role = _in_fraud(stacks, "aws_iam_role", "Role")
    _add(role, "assume_role_policy", Principal=_ANYBODY, Action="sts:AssumeRole")


def _volumes_are_not_under_the_key(stacks: dict[str, Stack]) -> None:
    del _in_fraud(stacks, "aws_sagemaker_endpoint_configuration", "Configuration")["kms_key_arn"]


def _logs_are_short_and_in_clear(stacks: dict[str, Stack]) -> None:
    group = _in_fraud(stacks, "aws_cloudwatch_log_group", "Logs")
    del group["kms_key_id"]
    group["retention_in_days"] = 7


def _bucket_may_be_public(stacks: dict[str, Stack]) -> None:
    _in_fraud(stacks, "aws_s3_bucket_public_access_block", "Capture")["block_public_policy"] = False


def _anybody_reads_the_bucket_in_clear(stacks: dict[str, Stack]) -> None:
    bucket = _in_fraud(stacks, "aws_s3_bucket_policy", "Capture_Policy")
    document = json.loads(bucket["policy"])
    document["Statement"] = [statement for statement in document["Statement"] if statement["Sid"] != "NeverWithoutTls"]
    bucket["policy"] = json.dumps(document)
    _add(bucket, "policy", Principal=_ANYBODY, Action="s3:GetObject", Resource="arn:aws:s3:::acme/*")


def _model_is_open_to_the_world(stacks: dict[str, Stack]) -> None:
    group = _in_fraud(stacks, "aws_security_group", "Network")
    (egress, *_) = group["egress"]
    everything = {**egress, "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": _EVERYWHERE}
    group["egress"], group["ingress"] = [everything], [everything]


def _private_endpoints_are_open_to_the_world(stacks: dict[str, Stack]) -> None:
    group = stacks["prod-network"]["resource"]["aws_security_group"]["PrivateEndpoints"]
    group["ingress"][0].update(cidr_blocks=_EVERYWHERE, from_port=0, to_port=65535)


WEAKNESSES: dict[Callable[[dict[str, Stack]], None], set[str]] = {
    _key_does_not_rotate: {
        "checkov_json prod-fraud CKV_AWS_7 resource.Key",
        "checkov_plan prod-fraud CKV_AWS_7 aws_kms_key.Key",
        "tf_nag prod-fraud AwsSolutions-KMS5 aws_kms_key.Key",
    },
    _anybody_uses_the_key: {"checkov_plan prod-fraud CKV_AWS_33 aws_kms_key.Key"},
    _model_is_not_isolated: {
        "checkov_json prod-fraud CKV_AWS_370 resource.Model",
        "checkov_plan prod-fraud CKV_AWS_370 aws_sagemaker_model.Model",
    },
    _model_is_outside_the_vpc: {"modelmoat prod-fraud SMK-001 aws_sagemaker_model.Model"},
    _role_has_full_access: {
        "modelmoat prod-fraud IAM-001 aws_iam_role_policy_attachment.Full",
        "tf_nag prod-fraud AwsSolutions-IAM4 aws_iam_role_policy_attachment.Full",
    },
    # Credentials, exfiltration, permissions and writing, each without a resource: what a plan alone shows.
    _role_reads_and_passes_everything: {
        f"checkov_plan prod-fraud CKV_AWS_{check} aws_iam_role_policy.Role_Running_DC9EB263"
        for check in (287, 288, 289, 290, 355)
    },
    _callers_may_do_everything: {
        *(f"checkov_json prod-fraud {check}.Invoke" for check in (*_EVERYTHING_BY_ATTRIBUTE, _EVERYTHING_BY_GRAPH)),
        *(f"checkov_plan prod-fraud CKV_AWS_{check} aws_iam_policy.Invoke" for check in _EVERYTHING),
        f"checkov_plan prod-fraud {_EVERYTHING_BY_GRAPH}.Invoke",
        "modelmoat prod-fraud IAM-001 aws_iam_policy.Invoke",
        "tf_nag prod-fraud AwsSolutions-IAM5 aws_iam_policy.Invoke",
    },
    _anybody_assumes_the_role: {
        "checkov_json prod-fraud CKV_AWS_60 resource.Role",
        "checkov_plan prod-fraud CKV_AWS_60 aws_iam_role.Role",
    },
    _volumes_are_not_under_the_key: {
        "checkov_json prod-fraud CKV_AWS_98 resource.Configuration",
        "checkov_plan prod-fraud CKV_AWS_98 aws_sagemaker_endpoint_configuration.Configuration",
    },
    _logs_are_short_and_in_clear: {
        *(f"checkov_json prod-fraud CKV_AWS_{check} resource.Logs" for check in (158, 338)),
        *(f"checkov_plan prod-fraud CKV_AWS_{check} aws_cloudwatch_log_group.Logs" for check in (158, 338)),
    },
    _bucket_may_be_public: {
        "checkov_json prod-fraud CKV2_AWS_6 aws_s3_bucket.Capture",
        "checkov_json prod-fraud CKV_AWS_54 resource.Capture_PublicAccessBlock_67FBBA52",
        "checkov_plan prod-fraud CKV2_AWS_6 aws_s3_bucket.Capture",
        "checkov_plan prod-fraud CKV_AWS_54 aws_s3_bucket_public_access_block.Capture_PublicAccessBlock_67FBBA52",
        "tf_nag prod-fraud AwsSolutions-S2 aws_s3_bucket.Capture",
    },
    _anybody_reads_the_bucket_in_clear: {
        "checkov_json prod-fraud CKV_AWS_70 resource.Capture_Policy_9BA69B01",
        "checkov_plan prod-fraud CKV_AWS_70 aws_s3_bucket_policy.Capture_Policy_9BA69B01",
        "tf_nag prod-fraud AwsSolutions-S10 aws_s3_bucket.Capture",
    },
    # checkov looks for single ports and overlooks a group that is open on all of them.
    _model_is_open_to_the_world: {"tf_nag prod-fraud AwsSolutions-EC23 aws_security_group.Network"},
    _private_endpoints_are_open_to_the_world: {
        *(f"checkov_json prod-network CKV_AWS_{check} resource.PrivateEndpoints" for check in (24, 25, 260)),
        *(f"checkov_plan prod-network CKV_AWS_{check} aws_security_group.PrivateEndpoints" for check in (24, 25, 260)),
        "tf_nag prod-network AwsSolutions-EC23 aws_security_group.PrivateEndpoints",
    },
}


def _in_fraud(stacks: dict[str, Stack], type_: str, begin: str) -> dict[str, Any]:
    """Return the resource of a type whose id begins so; ids end with a hash."""
    named = stacks["prod-fraud"]["resource"][type_]
    exact = [resource for id_, resource in named.items() if id_ == begin]
    found: list[dict[str, Any]] = exact or [resource for id_, resource in named.items() if id_.startswith(begin)]
    (only,) = found
    return only


def _add(resource: dict[str, Any], attribute: str, **elements: Any) -> None:
    document = json.loads(resource[attribute])
    document["Statement"].append({"Effect": "Allow", **elements})
    resource[attribute] = json.dumps(document)
