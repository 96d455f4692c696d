"""Plans for the rules of `artifacts`."""

from tests.review.cases.shapes import MODEL, Cases, new
from tests.review.fragments import NEW_FIRST, Json, change, container


def _loading(before: str, after: str) -> Json:
    was, becomes = ({"name": each, "primary_container": [{"model_data_url": each}]} for each in (before, after))
    return change("aws_sagemaker_model.M", was, becomes, NEW_FIRST)


CASES: Cases = [
    (
        "secret-in-env",
        {"changed": {MODEL: new(container(environment={"DB_PASSWORD": "x"}))}},
        {"changed": {MODEL: new(container(environment={"PASSWORDLESS": "x"}))}},
    ),
    (
        "artifact-moved",
        {"changed": {MODEL: new(container(image="999988887777.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"))}},
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/other:1"))}},
    ),
    (
        "artifact-moved",
        {"others": [_loading("s3://acme/model.tar.gz", "s3://others/model.tar.gz")]},
        {"others": [_loading("s3://acme/model.tar.gz", "s3://acme/2.tar.gz")]},
    ),
    (
        "image-unpinned",
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:latest"))}},
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:2"))}},
    ),
]
