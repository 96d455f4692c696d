"""Whether what was synthesized in different ways is the same, so that their times may be compared."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_BUCKET, _POLICY = "AWS::S3::Bucket", "AWS::IAM::ManagedPolicy"
# What CloudFormation has for each type. Some are a property of another resource there, and one it does not have at all.
_COUNTERPARTS: dict[str, str | None] = {
    "aws_cloudwatch_log_group": "AWS::Logs::LogGroup",
    "aws_iam_policy": _POLICY,
    "aws_iam_role": "AWS::IAM::Role",
    "aws_iam_role_policies_exclusive": None,
    "aws_iam_role_policy": "AWS::IAM::RolePolicy",
    "aws_iam_role_policy_attachment": None,
    "aws_kms_alias": "AWS::KMS::Alias",
    "aws_kms_key": "AWS::KMS::Key",
    "aws_s3_bucket": _BUCKET,
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
    """Raised with what one way makes and another does not."""


def check_terraform(ours: Path, theirs: Path) -> None:
    """Raise `Different` unless two folders `cdktf.out` hold the same stacks, down to each argument."""
    for name, stack in _stacks(ours).items():
        other = theirs / "stacks" / name / "cdk.tf.json"
        if _without_comments(stack) != _without_comments(json.loads(other.read_text())):
            raise Different(f"{other} has other resources than this project makes")


def check_cloudformation(ours: Path, templates: Path) -> None:
    """Raise `Different` unless CloudFormation templates have the resources of the stacks in a folder `cdktf.out`."""
    for name, stack in _stacks(ours).items():
        wanted = Counter[str]()
        for type_, resources in stack["resource"].items():
            if type_ not in _COUNTERPARTS:
                raise Different(
                    f"{type_} has no counterpart in {Path(__file__).name}; add it there and to the other ways"
                )
            if counterpart := _COUNTERPARTS[type_]:
                wanted[counterpart] += len(resources)
        template = json.loads((templates / f"{name}.template.json").read_text())
        made = Counter(resource["Type"] for resource in template["Resources"].values())
        if made != wanted:
            raise Different(f"{name} lacks {[*(wanted - made)]} and has {[*(made - wanted)]} too many with AWS CDK")


def _stacks(folder: Path) -> dict[str, Json]:
    stacks = {file.parent.name: json.loads(file.read_text()) for file in folder.glob("stacks/*/cdk.tf.json")}
    if not stacks:
        raise Different(f"{folder} has no stacks, so there is nothing to compare")
    return stacks


def _without_comments(value: Any) -> Any:
    """Leave out what CDKTF writes for itself: the paths of constructs differ."""
    if isinstance(value, dict):
        return {name: _without_comments(inner) for name, inner in value.items() if name != "//"}
    return [_without_comments(inner) for inner in value] if isinstance(value, list) else value
