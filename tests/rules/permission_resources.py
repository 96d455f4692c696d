"""Resources of the permissions of the container."""

from tests.rules.pair import Pair
from tests.rules.permissions import TABLE, permit

_ALL = (
    'includes resources of any name, but IAM supports resource-level permissions for {}, got "{}"; list the ARNs of '
    "the resources, with wildcards only in a part of a name"
)


PAIRS = [
    Pair(
        "permission-all-resources",
        passes=permit("s3:ListAllMyBuckets rekognition:DetectFaces", "*"),
        fails=permit("s3:GetObject s3:ListAllMyBuckets", "*"),
        messages=(f"endpoints.kmeans.permissions[0].resources[0]: {_ALL.format('s3:GetObject', '*')}",),
    ),
    Pair(
        "permission-all-resources",  # also as an ARN without a name
        passes=permit("s3:GetObject dynamodb:GetItem", "arn:aws:s3:::features/*", f"{TABLE}-*"),
        fails=permit(
            "s3:GetObject dynamodb:GetItem", "arn:aws:s3:::*", "arn:aws:s3:::*/*", TABLE.replace("features", "*")
        ),
        messages=tuple(
            f"endpoints.kmeans.permissions[0].resources[{number}]: "
            f"{_ALL.format('s3:GetObject, dynamodb:GetItem', resource)}"
            for number, resource in enumerate(
                ("arn:aws:s3:::*", "arn:aws:s3:::*/*", "arn:aws:dynamodb:us-west-2:111122223333:table/*")
            )
        ),
    ),
    Pair(
        "permission-all-resources",  # also with a wildcard in the type, and for any bucket or any access point
        passes=permit(
            "s3:GetObject dynamodb:GetItem", "arn:aws:s3:::*-features/data/*", TABLE.replace("features", "f*")
        ),
        fails=permit(
            "s3:GetObject dynamodb:GetItem",
            TABLE.replace("table/features", "t*"),
            TABLE.replace("table/features", "*/features"),
            "arn:aws:s3:::*/data/*",
            "arn:aws:s3:us-west-2:111122223333:accesspoint/*",
        ),
        messages=tuple(
            f"endpoints.kmeans.permissions[0].resources[{number}]: "
            f"{_ALL.format('s3:GetObject, dynamodb:GetItem', resource)}"
            for number, resource in enumerate(
                (
                    "arn:aws:dynamodb:us-west-2:111122223333:t*",
                    "arn:aws:dynamodb:us-west-2:111122223333:*/features",
                    "arn:aws:s3:::*/data/*",
                    "arn:aws:s3:us-west-2:111122223333:accesspoint/*",
                )
            )
        ),
    ),
    Pair(
        "permission-without-resource",
        passes=permit("cloudwatch:PutMetricData translate:TranslateText", "*"),
        fails=permit("s3:ListAllMyBuckets", "arn:aws:s3:::features"),
        messages=(
            "endpoints.kmeans.permissions[0].actions[0]: supports no resource-level permissions, so the resources of "
            'this statement never allow it, got "s3:ListAllMyBuckets"; move it to a separate permission with resources '
            '= ["*"]',
        ),
    ),
    Pair(
        "permission-resource-mismatch",
        passes=permit("s3:GetObject s3:ListBucket", "arn:aws:s3:::features", "arn:aws:s3:::features/*"),
        fails=permit("s3:GetObject", "arn:aws:s3:::features"),
        messages=(
            "endpoints.kmeans.permissions[0].actions[0]: no resource of this statement is an object, so that IAM never "
            'allows it, got "s3:GetObject"; add its ARN, such as arn:aws:s3:::my-bucket/*',
        ),
    ),
    Pair(
        "permission-resource-mismatch",  # an access point is both
        passes=permit(
            "s3:ListBucket s3:GetObject",
            "arn:aws:s3:us-west-2:111122223333:accesspoint/features",
            "arn:aws:s3:us-west-2:111122223333:accesspoint/features/object/*",
        ),
        fails=permit("s3:ListBucket dynamodb:GetItem", "arn:aws:s3:::features/*", TABLE),
        messages=(
            "endpoints.kmeans.permissions[0].actions[0]: no resource of this statement is a bucket, so that IAM never "
            'allows it, got "s3:ListBucket"; add its ARN, such as arn:aws:s3:::my-bucket',
        ),
    ),
    Pair(
        "permission-resource-mismatch",  # a resource of another service
        passes=permit("kafka-cluster:ReadData", "arn:aws:kafka:us-west-2:111122223333:topic/events/a1/features"),
        fails=permit("s3:GetObject dynamodb:GetItem", "arn:aws:s3:::features/*"),
        messages=(
            "endpoints.kmeans.permissions[0].actions[1]: no resource of this statement is of the service dynamodb, so "
            'that IAM never allows it, got "dynamodb:GetItem"; add the ARN of its resource, which begins with '
            "arn:aws:dynamodb:",
        ),
    ),
    Pair(
        "permission-wrong-partition",
        passes=permit("s3:GetObject", "arn:aws:s3:::features/*"),
        fails=permit("s3:GetObject", "arn:aws-cn:s3:::features/*"),
        messages=(
            "endpoints.kmeans.permissions[0].resources[0]: is not in the partition of region us-west-2, got "
            '"arn:aws-cn:s3:::features/*"; begin it with arn:aws:',
        ),
    ),
]
