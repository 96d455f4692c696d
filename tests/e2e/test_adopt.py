"""Endpoints that boto3 created are printed as tables, imported and updated in place, on the sandbox.

Each stays in service: Terraform neither deletes nor creates an endpoint, and the second plan is empty.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sandbox.emulator import Emulator
from sandbox.workspace import Workspace
from tests.e2e.killed import recover

_IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
_ROLE = "arn:aws:iam::111122223333:role/serves"
_INSTANCES = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
_MODELS: dict[str, Any] = {
    "single": {"ModelDataUrl": "s3://my-bucket/model.tar.gz", "Environment": {"LEVEL": "2"}},
}
# By mode: the model, the hosting of each variant, and other arguments of the configuration.
_MODES: dict[str, tuple[str, dict[str, dict[str, Any]], dict[str, Any]]] = {
    "real-time": ("single", {"AllTraffic": _INSTANCES}, {}),
}


@pytest.fixture(scope="module", autouse=True)
def _role(aws: Emulator) -> None:
    """The execution role of endpoints that were made by hand, with too many permissions."""
    iam = aws.client("iam")
    trusted = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.create_role(
        RoleName="serves", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    )
    iam.put_role_policy(
        RoleName="serves",
        PolicyName="all",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [everything]}),
    )


@pytest.mark.parametrize("mode", _MODES)
def test_an_endpoint_is_adopted_without_an_outage(
    aws: Emulator, tmp_path: Path, terraform_environment: dict[str, str], mode: str
) -> None:
    name, stack = f"Old-{mode}", f"dev-old-{mode}"
    _create(aws, name, mode)
    workspace = Workspace(tmp_path / "project", {**terraform_environment, **aws.environment})
    text = _adopt(workspace, name)
    table = tomllib.loads(text)["endpoints"][f"old-{mode}"]
    assert table["relax"] == {"network_isolation": "as it was before"}
    assert (table["execution_role_arn"], table["data_capture"]) == (_ROLE, {"enable_capture": False})
    workspace.synth()
    calls = len(aws.calls())
    _tag(aws, text)
    recovered = recover(workspace, stack, "--auto-approve")
    assert recovered.returncode == 0, recovered.stdout
    assert f"import   aws_sagemaker_endpoint.Endpoint <- {name}" in recovered.stdout
    assert f"import   aws_cloudwatch_log_group.Logs <- /aws/sagemaker/Endpoints/{name}" in recovered.stdout
    assert "0 to destroy" in recovered.stdout
    terraform = workspace.stack(stack)
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    actions = [call.action for call in aws.calls()[calls:]]
    assert actions.count("UpdateEndpoint") == 1
    assert not {"CreateEndpoint", "DeleteEndpoint", "CreateLogGroup", "DeleteLogGroup"} & {*actions}
    sagemaker = aws.client("sagemaker")
    described = sagemaker.describe_endpoint(EndpointName=name)
    assert (described["EndpointStatus"], described["EndpointConfigName"] == name) == ("InService", False)
    after = sagemaker.describe_endpoint_config(EndpointConfigName=described["EndpointConfigName"])
    assert {variant["VariantName"] for variant in after["ProductionVariants"]} == {*_MODES[mode][1]}


def _create(aws: Emulator, name: str, mode: str) -> None:
    model, variants, other = _MODES[mode]
    sagemaker = aws.client("sagemaker")
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=_ROLE, PrimaryContainer={"Image": _IMAGE, **_MODELS[model]})
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            {"VariantName": variant, "ModelName": name, "InitialVariantWeight": 1, **hosting}
            for variant, hosting in variants.items()
        ],
        **other,
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    aws.client("logs").create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{name}")


def _adopt(workspace: Workspace, name: str) -> str:
    """Replace endpoints.toml by the printed tables; the provider is that of the machine."""
    file = workspace.directory / "endpoints.toml"
    head = "".join(file.read_text().partition("[environments")[:1])
    file.write_text(head)
    arguments = ("--name", name, "--region", "us-west-2", "--environment", "dev")
    printed = subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "adopt", *arguments],
        cwd=workspace.directory,
        env=workspace.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert printed.returncode == 0, printed.stdout + printed.stderr
    file.write_text(head + printed.stdout)
    return file.read_text()


def _tag(aws: Emulator, text: str) -> None:
    """Do what the printed commands of the AWS command line do."""
    endpoint = _argument(text, "sagemaker add-tags", "--resource-arn")
    group = _argument(text, "logs tag-resource", "--resource-arn")
    pairs = [pair.split(",") for pair in _argument(text, "sagemaker add-tags", "--tags").split()]
    tags = [dict(part.split("=") for part in pair) for pair in pairs]
    aws.client("sagemaker").add_tags(ResourceArn=endpoint, Tags=tags)
    aws.client("logs").tag_resource(resourceArn=group, tags={tag["Key"]: tag["Value"] for tag in tags})


def _argument(text: str, command: str, option: str) -> str:
    (line,) = (line for line in text.splitlines() if f"aws {command} " in line)
    return line.partition(f"{option} ")[2].partition(" --")[0]
