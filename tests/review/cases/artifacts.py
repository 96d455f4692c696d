"""Plans for the rules of `artifacts`."""

from typing import Any

from tests.review.cases.shapes import MODEL, Cases, allow, new
from tests.review.fragments import NEW_FIRST, ROLE, Json, change, container, document

_IMAGE = "111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"


def _container_changed(before: Json, after: Json) -> Json:
    old, new_ = ({"name": str(settings), "primary_container": [settings]} for settings in (before, after))
    return change("aws_sagemaker_model.M", old, new_, NEW_FIRST)


def _created(settings: Json) -> Json:
    return change("aws_sagemaker_model.M", None, {"name": "m", "primary_container": [settings]}, ("create",))


def _more_data(uri: str) -> Json:
    return {"additional_model_data_source": [{"channel_name": "a", "s3_data_source": [{"s3_uri": uri}]}]}


def _package(name: str) -> Json:
    return {"model_package_name": f"arn:aws:sagemaker:us-west-2:111122223333:model-package/{name}"}


def _reading(bucket: str, account: str | None) -> Json:
    """Return the execution role's policy, with a permission for the model data in a bucket of an account."""
    owner = {"Condition": {"StringEquals": {"aws:ResourceAccount": account}}} if account else {}
    return {"role": ROLE, "policy": document(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", **owner))}


def _owner_changed(before: tuple[str, str | None], after: tuple[str, str | None]) -> dict[str, Any]:
    """Return the replacement of the version policy of the execution role, by two buckets and their accounts."""
    return {"others": [change("aws_iam_role_policy.Version", _reading(*before), _reading(*after), NEW_FIRST)]}


CASES: Cases = [
    (
        "bucket-account-changed",
        _owner_changed(("acme", "111122223333"), ("acme", "999988887777")),
        _owner_changed(("acme", "111122223333"), ("acme-2", "111122223333")),
    ),
    (
        "bucket-account-changed",
        _owner_changed(("acme", "111122223333"), ("acme", None)),
        _owner_changed(("acme", None), ("acme", "111122223333")),
    ),
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
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:2"))}},
    ),
    (  # those who may push images to one repository may not do so to every other one
        "artifact-source-changed",
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/other:1"))}},
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans@sha256:0"))}},
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
    # A package instead of an image, and model data that the image contained.
    (
        "artifact-source-changed",
        {"others": [_container_changed({"image": _IMAGE}, _package("others/1"))]},
        {"others": [_container_changed(_package("acme/1"), {})]},
    ),
    (
        "artifact-source-changed",
        {
            "others": [
                _container_changed({"image": _IMAGE}, {"image": _IMAGE, "model_data_url": "s3://others/1.tar.gz"})
            ]
        },
        {"others": [_container_changed({"image": _IMAGE, "model_data_url": "s3://acme/1.tar.gz"}, {"image": _IMAGE})]},
    ),
    # A model with a new address, in a stack that has one already.
    (
        "artifact-source-changed",
        {"others": [_created(_package("others/1"))]},
        {"others": [_created({"image": _IMAGE})]},
    ),
    (
        "image-unpinned",
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:latest"))}},
        {"changed": {MODEL: new(container(image="111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:2"))}},
    ),
]
