"""Check that tools define the same resources, so that their times can be compared."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

Json = dict[str, Any]

# The CloudFormation type for every Terraform type. None: a property of another resource, or not supported.
COUNTERPARTS: dict[str, str | None] = {
    "aws_cloudwatch_log_group": "AWS::Logs::LogGroup",
    "aws_cloudwatch_metric_alarm": "AWS::CloudWatch::Alarm",
    "aws_iam_policy": "AWS::IAM::ManagedPolicy",
    "aws_iam_role": "AWS::IAM::Role",
    "aws_iam_role_policies_exclusive": None,
    "aws_iam_role_policy": "AWS::IAM::RolePolicy",
    "aws_iam_role_policy_attachment": None,
    "aws_kms_alias": "AWS::KMS::Alias",
    "aws_kms_key": "AWS::KMS::Key",
    "aws_s3_bucket": "AWS::S3::Bucket",
    "aws_s3_bucket_lifecycle_configuration": None,
    "aws_s3_bucket_ownership_controls": None,
    "aws_s3_bucket_policy": "AWS::S3::BucketPolicy",
    "aws_s3_bucket_public_access_block": None,
    "aws_s3_bucket_server_side_encryption_configuration": None,
    "aws_s3_bucket_versioning": None,
    "aws_sagemaker_endpoint": "AWS::SageMaker::Endpoint",
    "aws_sagemaker_endpoint_configuration": "AWS::SageMaker::EndpointConfig",
    "aws_sagemaker_model": "AWS::SageMaker::Model",
}


class Different(Exception):
    """Raised when two tools do not define the same resources."""


def check_terraform(expected: Path, actual: Path) -> None:
    """Raise `Different` unless two `cdktf.out` folders have the same stacks with the same arguments."""
    for name, stack in _stacks(expected).items():
        other = actual / "stacks" / name / "cdk.tf.json"
        if _without_comments(stack) != _without_comments(json.loads(other.read_text())):
            raise Different(f"{other} has other resources than this project defines")


def check_cloudformation(expected: Path, templates: Path) -> None:
    """Raise `Different` unless CloudFormation templates have the resources of the stacks in a `cdktf.out` folder."""
    for name, stack in _stacks(expected).items():
        required = Counter[str]()
        for type_, resources in stack["resource"].items():
            if type_ not in COUNTERPARTS:
                raise Different(
                    f"{type_} has no counterpart in {Path(__file__).name}; add it there and to the other tools"
                )
            if counterpart := COUNTERPARTS[type_]:
                required[counterpart] += len(resources)
        template = json.loads((templates / f"{name}.template.json").read_text())
        actual = Counter(resource["Type"] for resource in template["Resources"].values())
        if actual != required:
            raise Different(f"AWS CDK, {name}: missing {[*(required - actual)]}, unexpected {[*(actual - required)]}")
        outputs = len(template.get("Outputs", {})), len(stack.get("output", {}))
        if outputs[0] != outputs[1]:
            raise Different(f"AWS CDK, {name}: {outputs[0]} outputs instead of {outputs[1]}")


def _stacks(folder: Path) -> dict[str, Json]:
    stacks = {file.parent.name: json.loads(file.read_text()) for file in folder.glob("stacks/*/cdk.tf.json")}
    if not stacks:
        raise Different(f"{folder} has no stacks")
    return stacks


def _without_comments(value: Any) -> Any:
    """Return a value without the metadata of CDKTF: construct paths differ between tools."""
    if isinstance(value, dict):
        return {name: _without_comments(inner) for name, inner in value.items() if name != "//"}
    return [_without_comments(inner) for inner in value] if isinstance(value, list) else value
