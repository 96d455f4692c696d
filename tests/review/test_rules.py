"""Each rule has plans that it finds something in, and one close to them in which it finds nothing."""

import inspect
from typing import Any

import pytest

from modules.review.rules import RULES
from tests.review.fragments import (
    DEPLOYED,
    ENDPOINT_ARN,
    INVOKE,
    KEY,
    NEW_FIRST,
    OLD_FIRST,
    Json,
    allowing,
    change,
    configuration,
    container,
    document,
    found,
    recorded,
)

_ENDPOINT, _MODEL = "aws_sagemaker_endpoint.Endpoint", "aws_sagemaker_model.Model"
_CONFIGURATION, _KEY = "aws_sagemaker_endpoint_configuration.Configuration", "aws_kms_key.Key"
_BUCKET, _LOGS = "aws_s3_bucket.Capture", "aws_cloudwatch_log_group.Logs"
_RUNNING, _INVOKE = "aws_iam_role_policy.Running", "aws_iam_policy.Invoke"
_POLICY, _BLOCK = "aws_s3_bucket_policy.Capture", "aws_s3_bucket_public_access_block.Capture"
_FOLLOWS = {_ENDPOINT: {"endpoint_config_name": "acme-dev-kmeans-2"}}
_TARGET = change(
    "aws_appautoscaling_target.Target",
    None,
    {"resource_id": "endpoint/acme-dev-kmeans/variant/AllTraffic"},
    ("create",),
)
_ATTACHED = change(
    "aws_iam_role_policy_attachment.Invoke_batch",
    None,
    {"role": "batch", "policy_arn": DEPLOYED[_INVOKE]["arn"]},
    ("create",),
)
_STRANGER = {"AWS": "arn:aws:iam::999988887777:root"}


def _allow(action: str, resource: str = "arn:aws:s3:::a/b", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _new(arguments: Json) -> tuple[tuple[str, ...], Json]:
    return NEW_FIRST, arguments


def _updated(arguments: Json) -> Json:
    return {_CONFIGURATION: _new(arguments), **_FOLLOWS}


def _trusting(principal: Any, **more: Any) -> Json:
    return allowing(
        "aws_iam_role.Role",
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more},
        attribute="assume_role_policy",
    )


def _attaching(arn: str) -> Json:
    attached = {"role": "acme-dev-kmeans-exec", "policy_arn": arn}
    return change("aws_iam_role_policy_attachment.More", None, attached, ("create",))


def _bounded(before: str | None, after: str | None) -> Json:
    was, becomes = ({"name": "r", "permissions_boundary": each} for each in (before, after))
    return change("aws_iam_role.Bounded", was, becomes, ("update",))


def _alarm(**changes: Any) -> Json:
    before: Json = {"comparison_operator": "GreaterThanThreshold", "threshold": 5, "actions_enabled": True}
    before["alarm_actions"] = ["a"]
    return change("aws_cloudwatch_metric_alarm.Errors", before, {**before, **changes}, ("update",))


def _group(cidr: str) -> Json:
    rule = {"type": "ingress", "cidr_blocks": [cidr]}
    return change("aws_security_group_rule.In", None, rule, ("create",))


def _policy_of(constant: str | None) -> tuple[Json, Json]:
    made = change("aws_iam_role_policy.New", None, {"role": "r"}, ("create",), after_unknown={"policy": True})
    expression: Json = {"references": ["x"], **({"constant_value": constant} if constant else {})}
    resources = [{"address": "aws_iam_role_policy.New", "expressions": {"policy": expression}}]
    return made, {"configuration": {"root_module": {"resources": resources}}}


def _drift(address: str, **after: Any) -> Json:
    before = DEPLOYED[address]
    resources = [{"address": address, "expressions": {key: {} for key in before}}]
    return {
        "resource_drift": [change(address, before, {**before, **after}, ("update",))],
        "configuration": {"root_module": {"resources": resources}},
    }


def _egress(cidr: str) -> dict[str, Any]:
    """Return a security group whose way out changes."""
    before, after = ({"egress": [{"cidr_blocks": each}]} for each in (["10.0.0.0/24"], [cidr]))
    return {"others": [change("aws_security_group.G", before, after, ("update",))]}


def _running(action: str) -> dict[str, Any]:
    """Return a resource with a provisioner."""
    resource = {"address": "terraform_data.T", "provisioners": [{"type": "local-exec"}]}
    side = None if action == "create" else {"input": "a"}
    return {
        "others": [change("terraform_data.T[0]", side, {"input": "a"}, (action,))],
        "configuration": {"root_module": {"resources": [resource]}},
    }


def _planning(kind: str) -> dict[str, Any]:
    """Return a data source."""
    source = {"address": f"data.{kind}.D", "mode": "data", "type": kind}
    return {"configuration": {"root_module": {"module_calls": {"m": {"module": {"resources": [source]}}}}}}


def _asynchronous(before: str, after: str) -> Json:
    was, becomes = (
        {"async_inference_config": [{"output_config": [{"s3_output_path": each}]}]} for each in (before, after)
    )
    return change("aws_sagemaker_endpoint_configuration.A", was, becomes, NEW_FIRST)


def _loading(before: str, after: str) -> Json:
    was, becomes = ({"name": each, "primary_container": [{"model_data_url": each}]} for each in (before, after))
    return change("aws_sagemaker_model.M", was, becomes, NEW_FIRST)


def _updating(address: str, before: Json, after: Json | None) -> dict[str, Any]:
    """Return a resource beside the others that is updated, or goes."""
    return {"others": [change(address, before, after, ("update",) if after else ("delete",))]}


def _rule(**arguments: Any) -> Json:
    return {"rule": [{"status": "Enabled", **arguments}]}


def _keeping(days: int, noncurrent: int = 30) -> Json:
    expires = {"noncurrent_version_expiration": [{"noncurrent_days": noncurrent}]}
    return _rule(expiration=[{"days": days}], **expires) if days else _rule(**expires)


def _rolled_out(**changes: Any) -> dict[str, Any]:
    routing = {"type": "CANARY", "canary_size": [{"type": "CAPACITY_PERCENT", "value": 10}], **changes}
    policy = {"blue_green_update_policy": [{"traffic_routing_configuration": [routing]}]}
    return {"changed": {_ENDPOINT: {"deployment_config": [{**DEPLOYED[_ENDPOINT]["deployment_config"][0], **policy}]}}}


def _weighted(*weights: float) -> Json:
    (variant,) = DEPLOYED[_CONFIGURATION]["production_variants"]
    named = [{"variant_name": f"V{number}", "initial_variant_weight": each} for number, each in enumerate(weights)]
    return {"production_variants": [{**variant, **each} for each in named]}


_SHADOW = {"variant_name": "S", "instance_type": "ml.m5.xlarge", "initial_instance_count": 1}
_LIFECYCLE, _OWNERSHIP = "aws_s3_bucket_lifecycle_configuration.L", "aws_s3_bucket_ownership_controls.O"
_OWNED = _rule(object_ownership="BucketOwnerEnforced")
_ELSEWHERE = "arn:aws:kms:us-west-2:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.Capture"
_SSE = "apply_server_side_encryption_by_default"

# For each rule: what it finds, and what is close to it and is nothing.
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("endpoint-down", {"changed": {_ENDPOINT: (OLD_FIRST, {"name": "b"})}}, {"changed": _FOLLOWS}),
    ("endpoint-down", {"changed": {_ENDPOINT: "delete"}}, {"changed": {_LOGS: "delete"}}),
    (
        "stale-serving",
        {"changed": {_CONFIGURATION: (OLD_FIRST, {"kms_key_arn": "x"})}},
        {"changed": {**_updated({"name": "acme-dev-kmeans-2"})}},
    ),
    (
        "stale-serving",
        {"changed": {_MODEL: (NEW_FIRST, {"enable_network_isolation": False})}},
        {"changed": {_MODEL: _new({"name": "new"}), **_updated(configuration(model_name="new"))}},
    ),
    (
        "name-collision",
        {"changed": {_MODEL: _new({"enable_network_isolation": False})}},
        {"changed": {_MODEL: _new({"name": "new"})}},
    ),
    (
        "serving-destroyed-first",
        {"changed": {_CONFIGURATION: (OLD_FIRST, {"name": "b"}), **_FOLLOWS}},
        {"changed": _updated({"name": "b"})},
    ),
    (
        "name-collision",
        {
            "changed": {_MODEL: (NEW_FIRST, {"name": "a"})},
            "others": [{**change(_MODEL, {"name": "a"}, None, ("delete",)), "deposed": "0123"}],
        },
        {
            "changed": {_MODEL: (NEW_FIRST, {"name": "a"})},
            "others": [{**change(_MODEL, {"name": "b"}, None, ("delete",)), "deposed": "0123"}],
        },
    ),
    ("key-destroyed", {"changed": {_KEY: "delete"}}, {"changed": {_KEY: {"enable_key_rotation": False}}}),
    (
        "key-destroyed",
        {"changed": {_KEY: {"deletion_window_in_days": 7}}},
        {"changed": {_KEY: {"deletion_window_in_days": 31}}},
    ),
    (
        "encryption-removed",
        {"changed": _updated({"name": "b", "kms_key_arn": None})},
        {"changed": _updated({"name": "b", "kms_key_arn": "k"})},
    ),
    ("encryption-removed", {"changed": {_LOGS: {"kms_key_id": None}}}, {"changed": {_LOGS: {"retention_in_days": 30}}}),
    (
        "isolation-off",
        {"changed": {_MODEL: _new({"name": "b", "enable_network_isolation": False})}},
        {"changed": {_MODEL: _new({"name": "b"})}},
    ),
    (
        "public-access",
        {"changed": {_BLOCK: {"block_public_policy": False}}},
        {"changed": {_BLOCK: {"block_public_policy": True}}},
    ),
    (
        "public-access",
        {"changed": allowing(_POLICY, _allow("s3:GetObject", Principal="*"))},
        {
            "changed": allowing(
                _POLICY,
                _allow("s3:GetObject", Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
            )
        },
    ),
    (
        "public-access",
        {"changed": allowing(_POLICY, _allow("s3:GetObject", Principal=_STRANGER))},
        {"changed": allowing(_POLICY, _allow("s3:GetObject", Principal={"AWS": "arn:aws:iam::111122223333:root"}))},
    ),
    ("public-access", {"others": [_group("0.0.0.0/0")]}, {"others": [_group("10.0.0.0/16")]}),
    (
        "vpc-removed",
        {"changed": {_MODEL: _new({"name": "b", "vpc_config": []})}},
        {"changed": {_MODEL: _new({"name": "b"})}},
    ),
    (
        "vpc-removed",
        {"changed": {"aws_vpc_endpoint.Runtime": "delete"}},
        {"changed": {"aws_vpc_endpoint.Runtime": {"tags": {"a": "b"}}}},
    ),
    (
        "invoke-widened",
        {
            "changed": {
                _INVOKE: {"policy": document({**INVOKE, "Condition": {"Bool": {"aws:SecureTransport": "true"}}})}
            }
        },
        {"others": [_ATTACHED]},
    ),
    (
        "invoke-widened",
        {"changed": allowing(_RUNNING, _allow("sagemaker:InvokeEndpoint", ENDPOINT_ARN))},
        {"changed": allowing(_RUNNING, _allow("sagemaker:DescribeEndpoint", ENDPOINT_ARN))},
    ),
    (
        "iam-wildcard-added",
        {"changed": allowing(_RUNNING, _allow("s3:*"))},
        {"changed": allowing(_RUNNING, _allow("s3:GetObject"))},
    ),
    (
        "iam-wildcard-added",
        {"changed": allowing(_RUNNING, _allow("s3:GetObject", "*"))},
        {"changed": allowing(_RUNNING, _allow("ecr:GetAuthorizationToken", "*"))},
    ),
    (
        "iam-escalation-added",
        {"changed": allowing(_RUNNING, _allow("iam:PassRole", "arn:aws:iam::111122223333:role/a"))},
        {"changed": allowing(_RUNNING, _allow("iam:GetRole", "arn:aws:iam::111122223333:role/a"))},
    ),
    (
        "iam-escalation-added",
        {"changed": allowing(_RUNNING, _allow("sts:AssumeRole", "arn:aws:iam::1:role/a"))},
        {"changed": {}},
    ),
    (
        "administrator-attached",
        {"others": [_attaching("arn:aws:iam::aws:policy/AdministratorAccess")]},
        {"others": [_attaching(DEPLOYED[_INVOKE]["arn"])]},
    ),
    (
        "iam-unreviewable",
        {"others": [_attaching("arn:aws:iam::111122223333:policy/of-others")]},
        {"others": [_attaching("arn:aws:iam::aws:policy/PowerUserAccess")]},
    ),
    ("boundary-removed", {"others": [_bounded("b", None)]}, {"others": [_bounded("b", "b")]}),
    (
        "retention-lowered",
        {"changed": {_LOGS: {"retention_in_days": 30}}},
        {"changed": {_LOGS: {"retention_in_days": 400}}},
    ),
    ("alarms-removed", {"others": [_alarm(threshold=9)]}, {"others": [_alarm(threshold=1)]}),
    ("alarms-removed", {"others": [_alarm(actions_enabled=False)]}, {"others": [_alarm()]}),
    ("alarms-removed", {"others": [_alarm(alarm_actions=[])]}, {"others": [_alarm(alarm_actions=["b"])]}),
    ("trust-changed", {"changed": _trusting(_STRANGER)}, {"changed": {"aws_iam_role.Role": {"tags": {"a": "b"}}}}),
    (
        "deny-removed",
        {"changed": {_POLICY: {"policy": document()}}},
        {
            "changed": allowing(
                _POLICY, {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*"}
            )
        },
    ),
    (
        "secret-in-env",
        {"changed": {_MODEL: _new(container(environment={"DB_PASSWORD": "x"}))}},
        {"changed": {_MODEL: _new(container(environment={"PASSWORDLESS": "x"}))}},
    ),
    ("stateful-destroyed", {"changed": {_BUCKET: "delete"}}, {"changed": {_BUCKET: {"tags": {"a": "b"}}}}),
    ("stateful-destroyed", {"changed": {_BUCKET: {"force_destroy": True}}}, {"changed": {_BUCKET: {}}}),
    (
        "stateful-destroyed",
        {"changed": {"aws_s3_bucket_versioning.Capture": {"versioning_configuration": [{"status": "Suspended"}]}}},
        {"changed": {"aws_s3_bucket_versioning.Capture": {}}},
    ),
    (
        "stateful-destroyed",
        {"changed": {"aws_s3_bucket_versioning.Capture": "delete"}},
        {"changed": {"aws_s3_bucket_versioning.Capture": (("forget",), {})}},
    ),
    (
        "serving-destroyed-first",
        {"changed": {_CONFIGURATION: "delete"}},
        {"changed": {_CONFIGURATION: "delete", _ENDPOINT: {"endpoint_config_name": "another"}}},
    ),
    (
        "serving-destroyed-first",
        {"changed": {_MODEL: "delete"}},
        {"changed": {_MODEL: "delete", **_updated(configuration(model_name="another"))}},
    ),
    ("isolation-off", _egress("0.0.0.0/0"), _egress("10.0.0.0/16")),
    (
        "vpc-removed",
        _updating("aws_vpc_endpoint.E", {"private_dns_enabled": True}, {"private_dns_enabled": False}),
        _updating("aws_vpc_endpoint.E", {"private_dns_enabled": False}, {"private_dns_enabled": True}),
    ),
    (
        "public-access",
        _updating(_OWNERSHIP, _OWNED, _rule(object_ownership="ObjectWriter")),
        _updating(_OWNERSHIP, _rule(object_ownership="ObjectWriter"), _OWNED),
    ),
    (
        "public-access",
        _updating(_OWNERSHIP, _OWNED, None),
        {"changed": {_BUCKET: "delete"}, **_updating(_OWNERSHIP, _OWNED, None)},
    ),
    (
        "encryption-removed",
        {"changed": {_ENCRYPTION: {"rule": [{_SSE: [{"sse_algorithm": "AES256", "kms_master_key_id": _ELSEWHERE}]}]}}},
        {"changed": {_ENCRYPTION: {"rule": [{_SSE: [{"sse_algorithm": "aws:kms:dsse", "kms_master_key_id": KEY}]}]}}},
    ),
    ("key-changed", {"changed": {_LOGS: {"kms_key_id": _ELSEWHERE}}}, {"changed": {_LOGS: {"kms_key_id": None}}}),
    (
        "data-moved",
        {"changed": _updated(recorded(destination_s3_uri="s3://others/data"))},
        {"changed": _updated(recorded(initial_sampling_percentage=10))},
    ),
    (
        "data-moved",
        {"others": [_asynchronous("s3://acme-out", "s3://others")]},
        {"others": [_asynchronous("s3://acme-out", "s3://acme-out")]},
    ),
    (
        "artifact-moved",
        {"changed": {_MODEL: _new(container(image="999988887777.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"))}},
        {"changed": {_MODEL: _new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/other:1"))}},
    ),
    (
        "artifact-moved",
        {"others": [_loading("s3://acme/model.tar.gz", "s3://others/model.tar.gz")]},
        {"others": [_loading("s3://acme/model.tar.gz", "s3://acme/2.tar.gz")]},
    ),
    (
        "retention-ended",
        _updating(_LIFECYCLE, _keeping(365), _keeping(0)),
        _updating(_LIFECYCLE, _keeping(365), _keeping(400)),
    ),
    (
        "retention-ended",
        _updating(_LIFECYCLE, _keeping(365), None),
        {"changed": {_BUCKET: "delete"}, **_updating(_LIFECYCLE, _keeping(365), None)},
    ),
    ("retention-ended", {"changed": {_LOGS: {"retention_in_days": 0}}}, {"changed": {_LOGS: "delete"}}),
    (
        "retention-lowered",
        _updating(_LIFECYCLE, _keeping(365), _keeping(365, 7)),
        _updating(_LIFECYCLE, _keeping(365), _keeping(365, 60)),
    ),
    (
        "retention-lowered",
        _updating(_LIFECYCLE, _keeping(0), _keeping(30)),
        _updating(_LIFECYCLE, _keeping(0), {"rule": [{**_keeping(30)["rule"][0], "status": "Disabled"}]}),
    ),
    (
        "rollout-weaker",
        _rolled_out(canary_size=[{"type": "CAPACITY_PERCENT", "value": 50}]),
        _rolled_out(canary_size=[{"type": "CAPACITY_PERCENT", "value": 5}]),
    ),
    (
        "traffic-changed",
        _updating("aws_sagemaker_endpoint_configuration.C", _weighted(9, 1), _weighted(1, 1)),
        _updating("aws_sagemaker_endpoint_configuration.C", _weighted(9, 1), _weighted(18, 2)),
    ),
    ("key-destroyed", {"changed": {_KEY: {"is_enabled": False}}}, {"changed": {_KEY: {"is_enabled": True}}}),
    (
        "data-moved",
        {"others": [change("aws_s3_bucket_replication_configuration.R", None, {"bucket": "b"}, ("create",))]},
        {"others": [change("aws_s3_bucket_replication_configuration.R", {"bucket": "b"}, None, ("delete",))]},
    ),
    (
        "capacity-low",
        {"changed": _updated(configuration(initial_instance_count=1))},
        {"changed": _updated({**configuration(), "shadow_production_variants": [_SHADOW]})},
    ),
    (
        "network-changed",
        {"changed": {_MODEL: _new({"vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-9"]}]})}},
        {"changed": {_MODEL: _new({"vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}]})}},
    ),
    ("runs-commands", _running("create"), _running("no-op")),
    ("runs-commands", _planning("external"), _planning("aws_iam_policy_document")),
    ("forgotten", {"changed": {_LOGS: (("forget",), {})}}, {"changed": {_LOGS: "delete"}}),
    (
        "deny-removed",
        {"changed": {_POLICY: "delete"}},
        {"changed": {_POLICY: "delete", _BUCKET: "delete"}},
    ),
    (
        "iam-unreviewable",
        {"changed": {_MODEL: _new({"name": "b", "execution_role_arn": "arn:aws:iam::1:role/other"})}},
        {"changed": {_MODEL: _new({"name": "b", "execution_role_arn": DEPLOYED["aws_iam_role.Role"]["arn"]})}},
    ),
    (
        "iam-unreviewable",
        {"others": [change("aws_kms_grant.G", None, {"operations": ["Decrypt"]}, ("create",))]},
        {"others": [change("aws_kms_grant.G", {"operations": ["Decrypt"]}, None, ("delete",))]},
    ),
    ("iam-unreviewable", {"others": [_bounded("b", "c")]}, {"others": [_bounded(None, "c")]}),
    ("plan-incomplete", {"complete": False}, {"complete": True}),
    ("plan-incomplete", {"errored": True}, {"errored": False}),
    (
        "iam-added",
        {"changed": allowing(_RUNNING, _allow("s3:GetObject"))},
        {"changed": {_RUNNING: {"policy": document()}}},
    ),
    ("iam-added", {"others": [_ATTACHED]}, {"changed": {_INVOKE: {"tags": {"a": "b"}}}}),
    (
        "iam-unreviewable",
        {"others": [_policy_of(None)[0]], **_policy_of(None)[1]},
        {"others": [_policy_of(document())[0]], **_policy_of(document())[1]},
    ),
    (
        "capture-off",
        {"changed": _updated({"name": "b", "data_capture_config": []})},
        {"changed": _updated(recorded(initial_sampling_percentage=10))},
    ),
    (
        "capture-reduced",
        {"changed": _updated(recorded(initial_sampling_percentage=10))},
        {"changed": _updated(recorded(kms_key_id="k"))},
    ),
    ("capture-reduced", {"changed": _updated(recorded(capture_options=[{"capture_mode": "Input"}]))}, {"changed": {}}),
    (
        "rotation-off",
        {"changed": {_KEY: {"enable_key_rotation": False}}},
        {"changed": {_KEY: {"rotation_period_in_days": 90}}},
    ),
    ("alarms-removed", {"changed": {_ENDPOINT: {"deployment_config": []}}}, {"changed": _FOLLOWS}),
    ("rollout-weaker", {"changed": {_ENDPOINT: {"deployment_config": []}}}, {"changed": _FOLLOWS}),
    (
        "ssm-access-on",
        {"changed": _updated(configuration(enable_ssm_access=True))},
        {"changed": _updated(configuration())},
    ),
    (
        "image-unpinned",
        {"changed": {_MODEL: _new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:latest"))}},
        {"changed": {_MODEL: _new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:2"))}},
    ),
    (
        "capacity-low",
        {"changed": _updated(configuration(initial_instance_count=1))},
        {"changed": _updated(configuration(initial_instance_count=3))},
    ),
    (
        "capacity-changed",
        {"changed": _updated(configuration(initial_instance_count=4))},
        {"changed": _updated(configuration())},
    ),
    (
        "cost",
        {"changed": _updated(configuration(initial_instance_count=4)), "hourly": {"ml.m5.xlarge": 0.25}},
        {"changed": _updated(configuration(initial_instance_count=4)), "hourly": {"ml.c5.xlarge": 0.25}},
    ),
    ("scale-reset", {"changed": _updated(configuration()), "others": [_TARGET]}, {"others": [_TARGET]}),
    ("drift-on-protected", _drift(_RUNNING, policy="wide"), _drift(_RUNNING, id="new")),
    (
        "rollback-unseen",
        {"changed": _updated(configuration())},
        {"changed": {**_updated(configuration()), _ENDPOINT: {"endpoint_config_name": "b", "deployment_config": []}}},
    ),
    ("blue-green", {"changed": _updated(configuration())}, {"changed": {_ENDPOINT: {"tags": {"a": "b"}}}}),
    (
        "iam-removed",
        {"changed": {_RUNNING: {"policy": document()}}},
        {"changed": allowing(_RUNNING, _allow("s3:GetObject"))},
    ),
    (
        "tags-only",
        {"changed": {_KEY: {"tags": {"a": "b"}}}},
        {"changed": {_KEY: {"tags": {"a": "b"}, "enable_key_rotation": False}}},
    ),
    (
        "moved",
        {
            "others": [
                change(
                    "aws_iam_policy.B", {"name": "p"}, {"name": "p"}, ("no-op",), previous_address="aws_iam_policy.A"
                )
            ]
        },
        {"others": [change("aws_iam_policy.B", {"name": "p"}, {"name": "p"}, ("no-op",))]},
    ),
    (
        "import",
        {"others": [change("aws_iam_policy.B", {"name": "p"}, {"name": "p"}, ("no-op",), importing={"id": "p"})]},
        {"others": [change("aws_iam_policy.B", {"name": "p"}, {"name": "p"}, ("no-op",))]},
    ),
]


def _found(told: dict[str, Any]) -> dict[str, list[str]]:
    told = dict(told)
    return found(told.pop("changed", None), *told.pop("others", []), **told)


@pytest.mark.parametrize(("rule", "told", "_close"), CASES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_rule_finds_what_it_is_for(rule: str, told: dict[str, Any], _close: object) -> None:
    assert all(_found(told)[rule])


@pytest.mark.parametrize(("rule", "_told", "close"), CASES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_rule_finds_nothing_close_to_it(rule: str, _told: object, close: dict[str, Any]) -> None:
    assert rule not in _found(close)


def test_every_rule_has_a_pair() -> None:
    assert {rule for rule, _, _ in CASES} == {*RULES}


def test_a_plan_that_changes_nothing_finds_nothing() -> None:
    assert found() == {}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_says_why_it_matters(name: str) -> None:
    assert (inspect.getdoc(RULES[name][1]) or "").endswith(".")
