"""Environment variables that name a resource of AWS that a container calls by itself, such as a table or a bucket.

Objects in S3 with a URI, secrets and parameters are in `container_s3` and `secret_reference`.
"""

import re
from dataclasses import dataclass

from protected_endpoints.aws.arn import Arn

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[^:\s]*:\S+")
# Services whose resources a container reads or calls. ARNs of others, such as keys and roles, are mostly labels.
_NOUNS = {
    "appconfig": "a configuration of AWS AppConfig",
    "bedrock": "a resource of Amazon Bedrock",
    "dynamodb": "a DynamoDB table",
    "events": "an event bus",
    "firehose": "a Firehose stream",
    "kinesis": "a Kinesis stream",
    "lambda": "a Lambda function",
    "s3": "an S3 bucket",
    "sns": "an SNS topic",
    "sqs": "an SQS queue",
    "states": "a state machine",
}
_CALLED_IN_SAGEMAKER = re.compile(r"(?:endpoint|feature-group|inference-component|mlflow-[a-z-]+)/")
_SAGEMAKER = "a SageMaker resource"
# Names of variables whose value is the name of a resource.
_NAMES = (
    (re.compile(r"(?:^|_)BUCKET(?:_NAME)?$", re.IGNORECASE), re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), "s3"),
    (
        re.compile(r"(?:^|_)(?:DYNAMO_?DB|DDB)_(?:\w+_)?TABLE(?:_NAME)?$", re.IGNORECASE),
        re.compile(r"[\w.-]{3,255}", re.ASCII),
        "dynamodb",
    ),
    (
        re.compile(r"(?:^|_)FEATURE_GROUP(?:_NAME)?$", re.IGNORECASE),
        re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}"),
        "sagemaker",
    ),
)


@dataclass(frozen=True)
class ResourceReference:
    """A resource of AWS that an environment variable names."""

    service: str
    """The prefix of the IAM actions of its service, such as `dynamodb`."""
    noun: str
    """What it is, with its article, such as `a DynamoDB table`."""


def resource_reference(variable: str, value: str) -> ResourceReference | None:
    """Return the resource that a variable names, by an ARN or by its name, or None."""
    if _ARN.fullmatch(value):
        return _of_arn(Arn.parse(value))
    for name, pattern, service in _NAMES:
        if name.search(variable) and pattern.fullmatch(value):
            return ResourceReference(service, _NOUNS.get(service, _SAGEMAKER))
    return None


def _of_arn(arn: Arn) -> ResourceReference | None:
    if arn.service == "sagemaker" and _CALLED_IN_SAGEMAKER.match(arn.resource):
        return ResourceReference("sagemaker", _SAGEMAKER)
    return ResourceReference(arn.service, _NOUNS[arn.service]) if arn.service in _NOUNS else None
