"""Helpers for tests of the synthesized output."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.deployment import Deployment
from protected_endpoints.loading.load import Configuration, load
from protected_endpoints.loading.shared_stacks import (
    audit_deployments,
    network_deployments,
    operations_deployments,
    state_deployments,
)
from protected_endpoints.stacks.app import synthesize
from tests.examples import ACCOUNT, REGION

Json = dict[str, Any]

NETWORK: Json = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    "route_table_ids": ["rtb-0a1b2c3d4e5f60718"],
}
IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"


def deployment(*, project: Json | None = None, in_environment: Json | None = None, **endpoint: Any) -> Deployment:
    """Return the deployment of the README's example with changed keys of project, environment and endpoint."""
    return Deployment(
        Project.model_validate({"name": "acme", **(project or {})}),
        Environment.model_validate({"name": "dev", "account_id": ACCOUNT, "region": REGION, **(in_environment or {})}),
        Endpoint.model_validate(
            {
                "name": "kmeans",
                "image": IMAGE,
                "model_data_url": "s3://my-bucket/model.tar.gz",
                "instance_type": "ml.m4.xlarge",
                **endpoint,
            }
        ),
    )


def synth(**changes: Any) -> Json:
    """Return the Terraform JSON of the changed example, as `cdktf synth` writes it."""
    changed = deployment(**changes)
    return synth_stacks([changed])[changed.names.stack]


def synth_stacks(deployments: Sequence[Deployment]) -> dict[str, Json]:
    """Return the Terraform JSON of the stacks of deployments and of the stacks that their environments share."""
    configuration = Configuration(
        tuple(deployments),
        network_deployments(deployments),
        state_deployments(deployments),
        warnings=(),
        operations=operations_deployments(deployments),
        audits=audit_deployments(deployments),
    )
    with tempfile.TemporaryDirectory() as folder:
        outdir = synthesize(configuration, Path(folder))
        return {file.parent.name: json.loads(file.read_text()) for file in outdir.glob("stacks/*/cdk.tf.json")}


def write_stacks(file: Path, outdir: Path) -> dict[str, Path]:
    """Write all stacks of a configuration, as `main.py` does, and return their folders by name."""
    synthesize(load(file), outdir)
    return {folder.name: folder for folder in sorted((outdir / "stacks").iterdir())}


def resources(stack: Json, type_: str) -> list[Json]:
    """Return all resources of a type."""
    return [*stack["resource"].get(type_, {}).values()]


def only(stack: Json, type_: str) -> Json:
    """Return the only resource of a type."""
    (resource,) = resources(stack, type_)
    return resource


def policy(text: str) -> Json:
    """Return the statements of an IAM policy document by their Sid."""
    document: Json = json.loads(text)
    return {statement["Sid"]: statement for statement in document["Statement"]}
