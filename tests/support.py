"""What the tests of the synthesized output share."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdktf import App

from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.deployment import Deployment, NetworkDeployment, StateDeployment
from protected_endpoints.loading.load import load
from protected_endpoints.stacks.endpoint import EndpointStack
from protected_endpoints.stacks.network import NetworkStack
from protected_endpoints.stacks.state import StateStack
from tests.examples import ACCOUNT, REGION

Json = dict[str, Any]

IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"


def deployment(*, project: Json | None = None, in_environment: Json | None = None, **endpoint: Any) -> Deployment:
    """Return the example of the README, changed by what a test is about."""
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
    made = deployment(**changes)
    return synthesized([made])[made.names.stack]


def synthesized(deployments: Sequence[Deployment]) -> dict[str, Json]:
    """Return the Terraform JSON of every stack of deployments in one environment, the private endpoints' included."""
    first = deployments[0]
    with tempfile.TemporaryDirectory() as outdir:
        app = App(outdir=outdir)
        if network := first.environment.network:
            shared = NetworkDeployment(first.project, first.environment, network, tuple(deployments))
            NetworkStack(app, shared.names.network_stack, deployment=shared)
        if first.environment.has_state_stack:
            state = StateDeployment(first.project, first.environment, tuple(deployments))
            StateStack(app, state.names.state_stack, deployment=state)
        for each in deployments:
            EndpointStack(app, each.names.stack, deployment=each)
        app.synth()
        return {file.parent.name: json.loads(file.read_text()) for file in Path(outdir).glob("stacks/*/cdk.tf.json")}


def write_stacks(file: Path, outdir: Path) -> dict[str, Path]:
    """Write every stack of a configuration, as `main.py` does, and return the folder of each by its name."""
    configuration, app = load(file), App(outdir=str(outdir))
    for state in configuration.states:
        StateStack(app, state.names.state_stack, deployment=state)
    for network in configuration.networks:
        NetworkStack(app, network.names.network_stack, deployment=network)
    for each in configuration.deployments:
        EndpointStack(app, each.names.stack, deployment=each)
    app.synth()
    return {folder.name: folder for folder in sorted((outdir / "stacks").iterdir())}


def resources(stack: Json, type_: str) -> list[Json]:
    """Return the resources of a type."""
    return [*stack["resource"].get(type_, {}).values()]


def only(stack: Json, type_: str) -> Json:
    """Return the one resource of a type."""
    (resource,) = resources(stack, type_)
    return resource


def policy(text: str) -> Json:
    """Return an IAM document with its statements by their ids."""
    document: Json = json.loads(text)
    return {statement["Sid"]: statement for statement in document["Statement"]}
