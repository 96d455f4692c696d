"""Parts of the plans of several rule files."""

from typing import Any

from tests.review.fragments import CAPTURE, NEW_FIRST, Json, change, document

# The ID of a rule, a plan in which it finds something, and a similar plan in which it finds nothing.
Cases = list[tuple[str, dict[str, Any], dict[str, Any]]]

ENDPOINT = "aws_sagemaker_endpoint.Endpoint"
MODEL = "aws_sagemaker_model.Model"
CONFIGURATION = "aws_sagemaker_endpoint_configuration.Configuration"
MANAGED_KEY = "aws_kms_key.Key"
BUCKET = "aws_s3_bucket.Capture"
LOGS = "aws_cloudwatch_log_group.Logs"
RUNNING = "aws_iam_role_policy.Running"
EXCLUSIVE = "aws_iam_role_policies_exclusive.RolePolicies"
INVOKE_POLICY = "aws_iam_policy.Invoke"
BUCKET_POLICY = "aws_s3_bucket_policy.Capture"
OTHER_BUCKET_DELETED = change("aws_s3_bucket.Other", {"bucket": "other", "id": "other"}, None, ("delete",))
ENDPOINT_UPDATED = {ENDPOINT: {"endpoint_config_name": "acme-dev-kmeans-2"}}
VPC = [{"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}]
OTHER_ACCOUNT = {"AWS": "arn:aws:iam::999988887777:root"}


def allow(action: str, resource: str = "arn:aws:s3:::a/b", **more: Any) -> Json:
    """Return a statement with the effect Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def new(arguments: Json) -> tuple[tuple[str, ...], Json]:
    """Return the replacement of a resource, created before the old one is destroyed."""
    return NEW_FIRST, arguments


def updated(arguments: Json) -> Json:
    """Return a replaced endpoint configuration, and the endpoint that is updated to it."""
    return {CONFIGURATION: new(arguments), **ENDPOINT_UPDATED}


def bounded(before: str | None, after: str | None) -> Json:
    """Return a role whose permissions boundary is added, changed or removed."""
    old, new_ = ({"name": "r", "permissions_boundary": arn} for arn in (before, after))
    return change("aws_iam_role.Bounded", old, new_, ("update",))


def updating(address: str, before: Json, after: Json | None) -> dict[str, Any]:
    """Return a further resource that is updated or deleted."""
    return {"others": [change(address, before, after, ("update",) if after else ("delete",))]}


def enabled(**arguments: Any) -> Json:
    """Return the arguments of a bucket setting with one enabled rule."""
    return {"bucket": CAPTURE, "rule": [{"status": "Enabled", **arguments}]}


def writing(before: Json, after: Json) -> dict[str, Any]:
    """Return an endpoint configuration whose output configuration changes."""
    old, new_ = ({"async_inference_config": [{"output_config": [output]}]} for output in (before, after))
    return {"others": [change("aws_sagemaker_endpoint_configuration.A", old, new_, NEW_FIRST)]}


def block(*, port: int = 443, protocol: str = "tcp", **destination: Any) -> Json:
    return {"protocol": protocol, "from_port": port, "to_port": port, **destination}


def group_rules(before: list[Json] | None, after: list[Json], actions: tuple[str, ...] = ("update",)) -> dict[str, Any]:
    """Return a security group whose egress rules change."""
    old = None if before is None else {"egress": before}
    return {"others": [change("aws_security_group.Network", old, {"egress": after}, actions)]}


def moved_model(after_unknown: Json | None = None, **arguments: Any) -> dict[str, Any]:
    """Return a protected model that is replaced by one with another address."""
    after = {"name": "b", "enable_network_isolation": True, "vpc_config": VPC, **arguments}
    created = change("aws_sagemaker_model.Moved", None, after, ("create",), after_unknown=after_unknown or {})
    return {"changed": {MODEL: "delete"}, "others": [created]}


def of_service(service: str, *, type_: str, removed: bool = False, **changes: Any) -> dict[str, Any]:
    """Return a policy that allows a service an action, whose statement changes or is removed."""
    statement = allow("x:Deliver", Principal={"Service": service}, Condition={"StringEquals": {"aws:SourceArn": "a"}})
    after = document(*([] if removed else [{**statement, **changes}]))
    return updating(f"{type_}.X", {"policy": document(statement)}, {"policy": after})
