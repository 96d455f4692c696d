"""Plans for the rules of `artifacts`."""

from tests.review.cases.shapes import MODEL, Cases, new
from tests.review.fragments import NEW_FIRST, Json, change, container


def _container_changed(before: Json, after: Json) -> Json:
    old, new_ = ({"name": str(settings), "primary_container": [settings]} for settings in (before, after))
    return change("aws_sagemaker_model.M", old, new_, NEW_FIRST)


def _more_data(uri: str) -> Json:
    return {"additional_model_data_source": [{"channel_name": "a", "s3_data_source": [{"s3_uri": uri}]}]}


def _package(name: str) -> Json:
    return {"model_package_name": f"arn:aws:sagemaker:us-west-2:111122223333:model-package/{name}"}


CASES: Cases = [
    (
        "secret-in-env",
        {"changed": {MODEL: new(container(environment={"DB_PASSWORD": "x"}))}},
        {"changed": {MODEL: new(container(environment={"PASSWORDLESS": "x"}))}},
    ),
    (
        "secret-in-env",
        {"changed": {MODEL: new(container(environment={"HUB": "hf_" + "x" * 30}))}},
        {"changed": {MODEL: new(container(environment={"HUB": "hf_transformers"}))}},
    ),
    (
        "artifact-source-changed",
        {"changed": {MODEL: new(container(image="999988887777.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"))}},
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/other:1"))}},
    ),
    (
        "artifact-source-changed",
        {
            "others": [
                _container_changed({"model_data_url": "s3://acme/1.tar.gz"}, {"model_data_url": "s3://others/1.tar.gz"})
            ]
        },
        {
            "others": [
                _container_changed({"model_data_url": "s3://acme/1.tar.gz"}, {"model_data_url": "s3://acme/2.tar.gz"})
            ]
        },
    ),
    (
        "artifact-source-changed",
        {"others": [_container_changed(_more_data("s3://acme/a/"), _more_data("s3://others/a/"))]},
        {"others": [_container_changed(_more_data("s3://acme/a/"), _more_data("s3://acme/b/"))]},
    ),
    (
        "artifact-source-changed",
        {"others": [_container_changed(_package("acme/1"), _package("others/1"))]},
        {"others": [_container_changed(_package("acme/1"), _package("acme/2"))]},
    ),
    (
        "image-unpinned",
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:latest"))}},
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:2"))}},
    ),
]
