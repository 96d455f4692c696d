"""The `endpoints.toml` of the measured projects: endpoints as the README describes them, with every default."""

from pathlib import Path

_PROJECT = """
[project]
name = "acme"

[environments.dev]
account_id = "111122223333"
region = "us-west-2"
"""
_ENDPOINT = """
[endpoints.kmeans-{number}]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
model_data_url = "s3://my-bucket/model.tar.gz"
instance_type = "{instance_type}"
invokers = ["arn:aws:iam::111122223333:role/checkout-{number}"]
"""
FIRST_STACK = "dev-kmeans-0"


def write_project(folder: Path, endpoints: int, instance_type: str = "ml.m4.xlarge") -> Path:
    """Create a folder with an `endpoints.toml`, and return it."""
    folder.mkdir(parents=True)
    tables = (_ENDPOINT.format(number=number, instance_type=instance_type) for number in range(endpoints))
    (folder / "endpoints.toml").write_text(_PROJECT + "".join(tables))
    return folder
