"""Plans of any size, whose resources have all that a review compares."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tests.review.fragments import ACCOUNT, KEY, NEW_FIRST, Json, change, document

_ARN = f"arn:aws:iam::{ACCOUNT}"
_CREATE, _UPDATE, _NO_OP = ("create",), ("update",), ("no-op",)


def _changed(address: str, sides: Iterable[Json], actions: Sequence[str] = _UPDATE) -> Json:
    before, after = sides
    return change(address, before, after, actions)


def _statement(resource: str, action: Any = "s3:GetObject", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _role(number: int) -> Iterator[Json]:
    """Yield a role with an inline policy, a managed policy and its attachment, each of which changes."""
    name, arn = f"role-{number}", f"{_ARN}:policy/policy-{number}"
    trust = document(
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    )
    boundary = {"name": name, "arn": f"{_ARN}:role/{name}", "assume_role_policy": trust, "permissions_boundary": arn}
    yield change(f"aws_iam_role.R{number}", boundary, {**boundary, "permissions_boundary": None}, _UPDATE)
    for type_, more in (
        ("aws_iam_role_policy", {"role": name}),
        ("aws_iam_policy", {"name": f"p-{number}", "arn": arn}),
    ):
        before, after = (
            {**more, "policy": document(_statement(f"arn:aws:s3:::{name}-{side}/*", ["s3:GetObject", "s3:PutObject"]))}
            for side in ("a", "b")
        )
        yield change(f"{type_}.P{number}", before, after, _UPDATE)
    attachment = {"role": f"${{aws_iam_role.R{number}.name}}", "policy_arn": f"{_ARN}:policy/external-{number}"}
    yield change(f"aws_iam_role_policy_attachment.A{number}", None, attachment, _CREATE)


def _endpoint(number: int) -> Iterator[Json]:
    """Yield an endpoint whose configuration and model are replaced, without isolation and with another key."""
    name = f"acme-dev-{number}"
    config = {
        "name": f"{name}-1",
        "kms_key_arn": KEY,
        "production_variants": [{"variant_name": "A", "model_name": f"{name}-a", "initial_instance_count": 2}],
    }
    model = {
        "name": f"{name}-a",
        "enable_network_isolation": True,
        "execution_role_arn": f"{_ARN}:role/existing-{number}",
        "vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": [f"sg-{number}"]}],
        "primary_container": [{"image": f"registry-{number}/a:1", "environment": {"LOG_LEVEL": "info"}}],
    }
    endpoint = {"name": name, "endpoint_config_name": f"{name}-1"}
    after_model = {
        **model,
        "name": f"{name}-b",
        "enable_network_isolation": False,
        "execution_role_arn": f"{_ARN}:role/other-{number}",
        "vpc_config": [{"subnets": ["subnet-2"], "security_group_ids": [f"sg-{number}-b"]}],
    }
    after_config = {**config, "name": f"{name}-2", "kms_key_arn": f"{KEY}-{number}"}
    yield change(f"aws_sagemaker_endpoint.E{number}", endpoint, {**endpoint, "endpoint_config_name": "b"}, _UPDATE)
    yield change(f"aws_sagemaker_endpoint_configuration.C{number}", config, after_config, NEW_FIRST)
    yield change(f"aws_sagemaker_model.M{number}", model, after_model, NEW_FIRST)


def _created_model(number: int) -> Iterator[Json]:
    """Yield a model at a new address, which is compared with all models before."""
    container = [{"image": f"registry-{number}/a:1"}]
    model = {"name": f"m-{number}", "vpc_config": [{"subnets": [f"subnet-{number}"]}], "primary_container": container}
    yield change(f"aws_sagemaker_model.N{number}", None, model, _CREATE)
    yield change(f"aws_sagemaker_model.O{number}", {**model, "name": f"o-{number}"}, None, ("delete",))


def _unchanged(number: int) -> Iterator[Json]:
    """Yield an endpoint that does not change, with a configuration that is replaced under the same name."""
    name = f"acme-dev-{number}"
    config = {"name": name, "production_variants": [{"variant_name": "A", "model_name": name}]}
    yield _changed(f"aws_sagemaker_endpoint.U{number}", [{"name": name, "endpoint_config_name": name}] * 2, _NO_OP)
    yield _changed(f"aws_sagemaker_endpoint_configuration.V{number}", [config] * 2, _NO_OP)
    yield _changed(f"aws_sagemaker_model.W{number}", [{"name": name, "enable_network_isolation": True}] * 2, NEW_FIRST)


def _bucket(number: int) -> Iterator[Json]:
    """Yield a bucket that is deleted with its settings, and a key with another policy."""
    name = f"bucket-{number}"
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Sid": f"S{number}"}
    yield change(f"aws_s3_bucket.B{number}", {"bucket": name, "id": name}, None, ("delete",))
    policy = {"bucket": name, "policy": document(deny)}
    yield change(f"aws_s3_bucket_policy.P{number}", policy, None, ("delete",))
    yield change(f"aws_s3_bucket_public_access_block.A{number}", {"bucket": name}, None, ("delete",))
    keys = (document(_statement("*", "kms:Decrypt", Principal={"AWS": f"{_ARN}:role/{side}{number}"})) for side in "ab")
    yield _changed(f"aws_kms_key.K{number}", ({"arn": f"{KEY}{number}", "policy": policy} for policy in keys))


def _group(number: int) -> Iterator[Json]:
    """Yield a security group with another block of addresses, and an alarm that is weaker."""
    groups = (
        {"id": f"sg-{number}", "egress": [{"cidr_blocks": [f"10.{side}.{number % 250}.0/24"], "protocol": "-1"}]}
        for side in (1, 2)
    )
    yield _changed(f"aws_security_group.G{number}", groups)
    alarms = ({"threshold": threshold, "comparison_operator": "GreaterThanThreshold"} for threshold in (1, 2))
    yield _changed(f"aws_cloudwatch_metric_alarm.A{number}", alarms)


def _wildcards(number: int) -> Iterator[Json]:
    """Yield a policy with patterns of every length, before and after."""
    text = f"{number:06d}" * 3
    before, after = (
        {
            "name": "p",
            "arn": f"{_ARN}:policy/w{number}",
            "policy": document(
                *(
                    _statement(f"arn:aws:s3:::{text[:length]}*{side}", f"s3:Get{text[: length // 2]}*")
                    for length in range(1, 18)
                )
            ),
        }
        for side in "ab"
    )
    yield change(f"aws_iam_policy.W{number}", before, after, _UPDATE)


def _invoker(number: int) -> Iterator[Json]:
    """Yield an endpoint and the inline policy by which one role invokes it, under another condition than before."""
    name = f"acme-dev-{number}"
    endpoint = {"name": name, "endpoint_config_name": f"{name}-1"}
    yield change(f"aws_sagemaker_endpoint.E{number}", endpoint, {**endpoint, "tags": {"a": "b"}}, _UPDATE)
    policies = (
        _statement(
            f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/{name}",
            "sagemaker:InvokeEndpoint",
            Condition={"StringEquals": {key: "vpc-0a1b2c3d"}, "StringLike": {"aws:PrincipalTag/a": str(number)}},
        )
        for key in ("aws:SourceVpc", "aws:SourceVpce")
    )
    sides = ({"role": "caller", "policy": document(policy)} for policy in policies)
    yield _changed(f"aws_iam_role_policy.I{number}", sides)


def _denial(number: int) -> Iterator[Json]:
    """Yield a bucket policy with denials that one more role is exempt from, and one that is removed."""
    roles = [f"{_ARN}:role/a-{number}", f"{_ARN}:role/b-{number}"]
    denials: list[Json] = [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::b{number}/*",
            "Condition": {"ArnNotEquals": {"aws:PrincipalArn": roles[:count]}},
        }
        for count in (1, 2)
    ]
    other = {"Effect": "Deny", "Action": f"s3:Put{number}", "Resource": "*"}
    bucket = {"bucket": f"b{number}"}
    before, after = {**bucket, "policy": document(denials[0])}, {**bucket, "policy": document(denials[1])}
    yield change(f"aws_s3_bucket_policy.P{number}", before, after, _UPDATE)
    inline: Json = {"role": "caller", "policy": document(other, _statement(f"arn:aws:s3:::c{number}/*"))}
    yield change(f"aws_iam_role_policy.D{number}", inline, None, ("delete",))
    yield change(f"aws_iam_role_policy.C{number}", None, {**inline, "policy": document(_statement("x"))}, _CREATE)


def _unknown(number: int) -> Iterator[Json]:
    """Yield an endpoint whose new configuration has a name that is known only after apply."""
    name = f"acme-dev-{number}"
    config = {"name": f"{name}-1", "production_variants": [{"variant_name": "A", "model_name": name}]}
    unknown = {"after_unknown": {"name": True}}
    yield _changed(f"aws_sagemaker_model.M{number}", [{"name": name, "enable_network_isolation": True}] * 2, _NO_OP)
    after = {key: value for key, value in config.items() if key != "name"}
    yield change(f"aws_sagemaker_endpoint_configuration.C{number}", config, after, NEW_FIRST, **unknown)
    yield change(
        f"aws_sagemaker_endpoint.E{number}",
        {"name": name, "endpoint_config_name": f"{name}-1"},
        {"name": name},
        _UPDATE,
        after_unknown={"endpoint_config_name": True},
    )


SHAPES: dict[str, Callable[[int], Iterator[Json]]] = {
    "roles": _role,
    "endpoints": _endpoint,
    "created models": _created_model,
    "unchanged endpoints": _unchanged,
    "buckets": _bucket,
    "security groups": _group,
    "wildcards": _wildcards,
    "invokers": _invoker,
    "denials": _denial,
    "unknown names": _unknown,
}


def big_plan(shape: str, resources: int) -> Json:
    """Return a plan with a number of changes of a shape, each of which drifts as well."""
    changes: list[Json] = []
    number = 0
    while len(changes) < resources:
        changes += SHAPES[shape](number)
        number += 1
    configured = [
        {"address": item["address"], "expressions": {name: {} for name in item["change"]["after"] or {}}}
        for item in changes
    ]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "complete": True,
        "errored": False,
        "configuration": {"root_module": {"resources": configured}},
        "resource_changes": changes,
        "resource_drift": [item for item in changes if item["change"]["actions"] == ["update"]],
    }
    copied: Json = json.loads(json.dumps(plan))
    return copied
