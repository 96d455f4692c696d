"""What the plans of several kinds of rules are made of."""

from typing import Any

from tests.review.fragments import CAPTURE, NEW_FIRST, Json, change

# For each case: the rule, a plan in which it finds something, and one in which it does not.
Cases = list[tuple[str, dict[str, Any], dict[str, Any]]]

ENDPOINT = "aws_sagemaker_endpoint.Endpoint"
MODEL = "aws_sagemaker_model.Model"
CONFIGURATION = "aws_sagemaker_endpoint_configuration.Configuration"
OWN_KEY = "aws_kms_key.Key"
BUCKET = "aws_s3_bucket.Capture"
LOGS = "aws_cloudwatch_log_group.Logs"
RUNNING = "aws_iam_role_policy.Running"
EXCLUSIVE = "aws_iam_role_policies_exclusive.RolePolicies"
INVOKE_POLICY = "aws_iam_policy.Invoke"
BUCKET_POLICY = "aws_s3_bucket_policy.Capture"
OTHER_BUCKET_GOES = change("aws_s3_bucket.Other", {"bucket": "other", "id": "other"}, None, ("delete",))
FOLLOWS = {ENDPOINT: {"endpoint_config_name": "acme-dev-kmeans-2"}}
STRANGER = {"AWS": "arn:aws:iam::999988887777:root"}


def allow(action: str, resource: str = "arn:aws:s3:::a/b", **more: Any) -> Json:
    """Return a statement that allows something."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def new(arguments: Json) -> tuple[tuple[str, ...], Json]:
    """Return how a resource is replaced, the new one first."""
    return NEW_FIRST, arguments


def updated(arguments: Json) -> Json:
    """Return a replaced endpoint configuration, and the endpoint that goes over to it."""
    return {CONFIGURATION: new(arguments), **FOLLOWS}


def bounded(before: str | None, after: str | None) -> Json:
    """Return a role whose boundary changes, comes or goes."""
    was, becomes = ({"name": "r", "permissions_boundary": each} for each in (before, after))
    return change("aws_iam_role.Bounded", was, becomes, ("update",))


def updating(address: str, before: Json, after: Json | None) -> dict[str, Any]:
    """Return a resource beside the others that is updated, or goes."""
    return {"others": [change(address, before, after, ("update",) if after else ("delete",))]}


def enabled(**arguments: Any) -> Json:
    """Return the one rule of the bucket, in force."""
    return {"bucket": CAPTURE, "rule": [{"status": "Enabled", **arguments}]}


def writing(before: Json, after: Json) -> dict[str, Any]:
    """Return an endpoint configuration that writes its answers otherwise than before."""
    was, becomes = ({"async_inference_config": [{"output_config": [each]}]} for each in (before, after))
    return {"others": [change("aws_sagemaker_endpoint_configuration.A", was, becomes, NEW_FIRST)]}
