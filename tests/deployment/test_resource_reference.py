"""Environment variables that name a resource of AWS."""

import pytest

from protected_endpoints.deployment.resource_reference import resource_reference

_ACCOUNT = "us-west-2:111122223333"


@pytest.mark.parametrize(
    ("variable", "value", "service"),
    [
        ("S3_BUCKET", "acme-features", "s3"),
        ("model_bucket_name", "acme-features", "s3"),
        ("DATA", "arn:aws:s3:::acme-features", "s3"),
        ("DYNAMODB_TABLE", "Features", "dynamodb"),
        ("DDB_FEATURES_TABLE_NAME", "features", "dynamodb"),
        ("TABLE", f"arn:aws:dynamodb:{_ACCOUNT}:table/features", "dynamodb"),
        ("QUEUE", f"arn:aws:sqs:{_ACCOUNT}:jobs", "sqs"),
        ("FEATURE_GROUP_NAME", "customers", "sagemaker"),
        ("MLFLOW_TRACKING_ARN", f"arn:aws:sagemaker:{_ACCOUNT}:mlflow-tracking-server/runs", "sagemaker"),
    ],
)
def test_a_resource_by_its_arn_or_name(variable: str, value: str, service: str) -> None:
    reference = resource_reference(variable, value)
    assert reference
    assert reference.service == service


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BUCKET", "s3://acme-features/a"),  # a URI
        ("BUCKET", "Customers"),
        ("BUCKET_COUNT", "128"),
        ("TABLE_NAME", "features"),  # of any database
        ("KEY", f"arn:aws:kms:{_ACCOUNT}:key/1234"),
        ("ROLE", "arn:aws:iam::111122223333:role/checkout-api"),
        ("TRAINING_JOB_ARN", f"arn:aws:sagemaker:{_ACCOUNT}:training-job/knn"),
        ("SECRET", f"arn:aws:secretsmanager:{_ACCOUNT}:secret:hf"),
    ],
)
def test_labels_and_what_other_rules_read(variable: str, value: str) -> None:
    assert resource_reference(variable, value) is None
