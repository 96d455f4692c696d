"""Environment variables that name a resource of AWS, or contain a reference."""

from tests.loading.support import Table
from tests.rules.pair import REASON, ROLE, Pair

_RELAXED: Table = {"relax": {"network_isolation": REASON}}
_QUEUE = "arn:aws:sqs:us-west-2:111122223333:jobs"
_PERMISSION = {"actions": ["dynamodb:GetItem"], "resources": ["arn:aws:dynamodb:us-west-2:111122223333:table/f"]}
_TABLE: Table = {**_RELAXED, "environment": {"DYNAMODB_TABLE": "features"}}
_SEND = {"actions": ["sqs:SendMessage"], "resources": [_QUEUE], "reason": REASON}
_ACKNOWLEDGE = "or give a reason in acknowledge.environment-names-resource if the container does not call it"

PAIRS = [
    Pair(
        "environment-names-resource",
        passes={"environment": {"BUCKET_COUNT": "128"}},
        fails={"environment": {"S3_BUCKET": "acme-features"}},
        messages=(
            "endpoints.kmeans.environment.S3_BUCKET: names an S3 bucket, but an isolated container has neither network "
            'access nor credentials, got "acme-features"; set relax.network_isolation to the reason why the container '
            f"may open connections and add the actions of s3 that the container calls to permissions, {_ACKNOWLEDGE}",
        ),
    ),
    Pair(
        "environment-names-resource",
        passes={**_TABLE, "permissions": [{**_PERMISSION, "reason": REASON}]},
        fails=_TABLE,
        messages=(
            "endpoints.kmeans.environment.DYNAMODB_TABLE: names a DynamoDB table, but the execution role has no "
            'permission for it, got "features"; add the actions of dynamodb that the container calls to permissions, '
            f"{_ACKNOWLEDGE}",
        ),
    ),
    Pair(
        "environment-names-resource",  # a permission for another service does not help
        passes={**_RELAXED, "environment": {"QUEUE": _QUEUE, "S3_BUCKET": ""}, "permissions": [_SEND]},
        fails={**_TABLE, "permissions": [_SEND]},
        messages=(
            "endpoints.kmeans.environment.DYNAMODB_TABLE: names a DynamoDB table, but the execution role has no "
            'permission for it, got "features"; add the actions of dynamodb that the container calls to permissions, '
            f"{_ACKNOWLEDGE}",
        ),
    ),
    Pair(
        "environment-names-resource",  # what an existing role allows is not known
        passes={**_TABLE, "execution_role_arn": f"{ROLE}/sagemaker"},
        fails={"environment": {"QUEUE": _QUEUE}, "execution_role_arn": f"{ROLE}/sagemaker"},
        messages=(
            "endpoints.kmeans.environment.QUEUE: names an SQS queue, but an isolated container has neither network "
            f'access nor credentials, got "{_QUEUE}"; set relax.network_isolation to the reason why the container may '
            f"open connections and add the actions of sqs that the container calls to permissions, {_ACKNOWLEDGE}",
        ),
    ),
    *(
        Pair(
            "environment-reference",
            passes={"environment": {"CACHE": "${HOME}/cache"}},
            fails={"environment": {"A": value}},
            messages=(
                "endpoints.kmeans.environment.A: contains a reference, which is not evaluated: the container gets this "
                f'text, got "{value}"; write the value of {value} instead',
            ),
        )
        for value in ("${var.stage}", "${aws_dynamodb_table.features.name}", "${AWS::Region}")
    ),
]
