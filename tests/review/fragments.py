"""Small plans for the tests of the review, written as the difference to a plan without changes."""

import copy
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from protected_endpoints.review.admission.plans import admit_plans
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.prices import Prices
from protected_endpoints.review.plan.plan import REMOVED_FROM_STATE, Plan, resource_type
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules import findings

Json = dict[str, Any]

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE, ENDPOINT_ARN = "acme-dev-kmeans-exec", f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/acme-dev-kmeans"
CAPTURE = "acme-dev-kmeans-capture"
NEW_FIRST, OLD_FIRST = ("create", "delete"), ("delete", "create")
_ROUTING = {"type": "CANARY", "canary_size": [{"type": "CAPACITY_PERCENT", "value": 10}]}
INVOKE = {
    "Sid": "InvokeThisEndpoint",
    "Effect": "Allow",
    "Action": "sagemaker:InvokeEndpoint",
    "Resource": ENDPOINT_ARN,
    "Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:SourceVpc": ["vpc-0a1b2c3d"]}},
}
WITHOUT_TLS = {
    "Sid": "NeverWithoutTls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def document(*statements: Json) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements]})


PROVIDER = {
    "name": "aws",
    "full_name": "registry.terraform.io/hashicorp/aws",
    "expressions": {
        "allowed_account_ids": {"constant_value": [ACCOUNT]},
        "default_tags": [{"tags": {"constant_value": {"project": "acme"}}}],
        "region": {"constant_value": "us-west-2"},
    },
}
# The deployed resources by address, with every protection.
DEPLOYED: dict[str, Json] = {
    "aws_sagemaker_endpoint.Endpoint": {
        "name": "acme-dev-kmeans",
        "arn": ENDPOINT_ARN,
        "endpoint_config_name": "acme-dev-kmeans-1",
        "deployment_config": [
            {
                "blue_green_update_policy": [{"traffic_routing_configuration": [_ROUTING]}],
                "auto_rollback_configuration": [{"alarms": [{"alarm_name": "kmeans-5xx"}]}],
            }
        ],
        "tags": {},
    },
    "aws_sagemaker_endpoint_configuration.Configuration": {
        "name": "acme-dev-kmeans-1",
        "kms_key_arn": KEY,
        "production_variants": [
            {
                "variant_name": "AllTraffic",
                "model_name": "acme-dev-kmeans-aa",
                "instance_type": "ml.m5.xlarge",
                "initial_instance_count": 2,
                "enable_ssm_access": False,
            }
        ],
        "data_capture_config": [
            {
                "enable_capture": True,
                "initial_sampling_percentage": 100,
                "kms_key_id": KEY,
                "destination_s3_uri": "s3://acme-dev-kmeans-capture/data-capture",
                "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
            }
        ],
    },
    "aws_sagemaker_model.Model": {
        "name": "acme-dev-kmeans-aa",
        "execution_role_arn": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
        "enable_network_isolation": True,
        "vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}],
        "primary_container": [
            {"image": f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com/kmeans:1", "environment": {"LOG_LEVEL": "info"}}
        ],
    },
    "aws_kms_key.Key": {
        "arn": KEY,
        "enable_key_rotation": True,
        "deletion_window_in_days": 30,
        "policy": document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:DescribeKey",
                "Resource": "*",
            }
        ),
    },
    "aws_iam_role.Role": {
        "name": ROLE,
        "arn": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
        "assume_role_policy": document(
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ),
    },
    "aws_iam_role_policy.Running": {
        "name": "running",
        "role": ROLE,
        "policy": document({"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:::group"}),
    },
    "aws_iam_role_policies_exclusive.RolePolicies": {"role_name": ROLE, "policy_names": ["running"]},
    "aws_iam_policy.Invoke": {
        "name": "acme-dev-kmeans-invoke",
        "arn": f"arn:aws:iam::{ACCOUNT}:policy/acme-dev-kmeans-invoke",
        "policy": document(INVOKE),
    },
    "aws_iam_role_policy_attachment.Invoke_checkout": {
        "role": "checkout-api",
        "policy_arn": f"arn:aws:iam::{ACCOUNT}:policy/acme-dev-kmeans-invoke",
    },
    "aws_s3_bucket.Capture": {"bucket": CAPTURE, "force_destroy": False},
    "aws_s3_bucket_policy.Capture": {"bucket": CAPTURE, "policy": document(WITHOUT_TLS)},
    "aws_s3_bucket_public_access_block.Capture": {
        "bucket": CAPTURE,
        "block_public_acls": True,
        "block_public_policy": True,
        "ignore_public_acls": True,
        "restrict_public_buckets": True,
    },
    "aws_s3_bucket_versioning.Capture": {
        "bucket": CAPTURE,
        "versioning_configuration": [{"status": "Enabled"}],
    },
    "aws_s3_bucket_server_side_encryption_configuration.Capture": {
        "bucket": CAPTURE,
        "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": KEY}]}],
    },
    "aws_cloudwatch_log_group.Logs": {"name": "/aws/sagemaker/x", "kms_key_id": KEY, "retention_in_days": 365},
    "aws_vpc_endpoint.Runtime": {"policy": document({**INVOKE, "Principal": "*"}), "vpc_id": "vpc-0a1b2c3d"},
}


def change(address: str, before: Json | None, after: Json | None, actions: Sequence[str], **more: Any) -> Json:
    """Return one change in the form of a plan."""
    return {
        "address": address,
        "mode": "managed",
        "type": resource_type(address),
        **{key: more.pop(key) for key in ("previous_address", "action_reason") if key in more},
        "change": {"actions": [*actions], "before": before, "after": after, **_flags(before, after), **more},
    }


def _flags(before: Json | None, after: Json | None) -> Json:
    """Return the flags of values that are all known and not sensitive."""
    return {
        "after_unknown": {},
        "before_sensitive": False if before is None else {},
        "after_sensitive": False if after is None else {},
    }


def raw(changed: dict[str, Any] | None = None, *others: Json, **more: Any) -> Json:
    """Return a plan that changes the deployed resources.

    `changed` holds by address: a dict of new arguments (`None` removes one), `"delete"`, or a pair of actions and such
    a dict. `others` are further changes in the form of a plan.
    """
    changes = []
    for address, before in DEPLOYED.items():
        new = (changed or {}).get(address, {})
        actions, arguments = new if isinstance(new, tuple) else (None, new)
        if arguments == "delete":
            changes.append(change(address, before, None, ("delete",)))
            continue
        after = {key: value for key, value in {**copy.deepcopy(before), **arguments}.items() if value is not None}
        default = ("update",) if after != before else ("no-op",)
        changes.append(change(address, before, None if actions == REMOVED_FROM_STATE else after, actions or default))
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "complete": True,
        "errored": False,
        "configuration": {"provider_config": {"aws": PROVIDER}, "root_module": {}},
        "resource_changes": [*changes, *others],
        **more,
    }


def plan(changed: dict[str, Any] | None = None, *others: Json, **more: Any) -> Plan:
    return parse_plan(raw(changed, *others, **more), "dev-kmeans", "plan.json")


def findings_by_rule(changed: dict[str, Any] | None = None, *others: Json, **more: Any) -> dict[str, list[str]]:
    """Return the messages of the findings in a plan, by rule."""
    messages: dict[str, list[str]] = {}
    prices = Prices(date(2026, 11, 1), more.pop("hourly", {}))
    # What only synthesized stacks show.
    defaults: Json = {"states": ({}, {}), "providers": ({}, {}), "ignored": ()}
    synthesized = {name: more.pop(name, default) for name, default in defaults.items()}
    (admitted,) = admit_plans([replace(plan(changed, *others, **more), **synthesized)], ())
    for finding in findings(ReviewContext(admitted, prices)):
        messages.setdefault(finding.rule, []).append(finding.message)
    return messages


def configuration(**variant: Any) -> Json:
    """Return the arguments of an endpoint configuration whose variant differs."""
    (before,) = DEPLOYED["aws_sagemaker_endpoint_configuration.Configuration"]["production_variants"]
    return {"name": "acme-dev-kmeans-2", "production_variants": [{**before, **variant}]}


def captured(**capture: Any) -> Json:
    (before,) = DEPLOYED["aws_sagemaker_endpoint_configuration.Configuration"]["data_capture_config"]
    return {"name": "acme-dev-kmeans-2", "data_capture_config": [{**before, **capture}]}


def container(**changes: Any) -> Json:
    (before,) = DEPLOYED["aws_sagemaker_model.Model"]["primary_container"]
    return {"name": "acme-dev-kmeans-bb", "primary_container": [{**before, **changes}]}


def allowing(address: str, *statements: Json, attribute: str = "policy") -> dict[str, Json]:
    """Return a policy with further statements."""
    before = json.loads(DEPLOYED[address][attribute])["Statement"]
    return {address: {attribute: document(*before, *statements)}}
