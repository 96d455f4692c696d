"""Resource policies of endpoints, which Terraform does not see, are found; an unknown result is a warning."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from protected_endpoints.commands import endpoint_policies
from sandbox.emulator import Emulator
from tests.examples import ROOT
from tests.support import IMAGE

_ENDPOINT = "acme-dev-kmeans"
_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::999988887777:root"},
                "Action": "sagemaker:InvokeEndpoint",
                "Resource": f"arn:aws:sagemaker:us-west-2:111122223333:endpoint/{_ENDPOINT}",
            }
        ],
    }
)


@pytest.fixture(scope="module")
def head(aws: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthesized folder with an endpoint that exists, one that does not, and a network."""
    iam, sagemaker = aws.client("iam"), aws.client("sagemaker")
    for role, action in (("planner", "sagemaker:GetEndpointPolicy"), ("older", "sagemaker:DescribeEndpoint")):
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement":[]}')
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=role, PolicyName="reads", PolicyDocument=document)
    executes = "arn:aws:iam::111122223333:role/executes"
    sagemaker.create_model(ModelName="model", ExecutionRoleArn=executes, PrimaryContainer={"Image": IMAGE})
    variant = {"VariantName": "A", "ModelName": "model", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="configuration", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=_ENDPOINT, EndpointConfigName="configuration")
    folder = tmp_path_factory.mktemp("synthesized")
    endpoints = {
        "dev-kmeans": {"aws_sagemaker_endpoint": {"Endpoint": {"name": _ENDPOINT}}},
        "dev-other": {"aws_sagemaker_endpoint": {"Endpoint": {"name": "acme-dev-other"}}},
        "dev-network": {"aws_vpc_endpoint": {"Runtime": {}}},
    }
    for stack, resource in endpoints.items():
        content = {"provider": {"aws": [{"region": aws.region}]}, "resource": resource}
        (folder / "stacks" / stack).mkdir(parents=True)
        (folder / "stacks" / stack / "cdk.tf.json").write_text(json.dumps(content))
    return folder


def _look(aws: Emulator, head: Path, *stacks: str, role: str) -> subprocess.CompletedProcess[str]:
    return _run(head, *stacks, environment={**aws.environment, **aws.credentials(role)})


def _run(head: Path, *stacks: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "endpoint-policies", str(head), *stacks],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "modules", "AWS_EC2_METADATA_DISABLED": "true", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_endpoints_without_a_policy_pass(aws: Emulator, head: Path) -> None:
    looked = _look(aws, head, "dev-network", "dev-kmeans", "dev-other", role="planner")
    assert (looked.returncode, looked.stderr) == (0, "")
    assert looked.stdout == f"{_ENDPOINT} has no resource policy\nacme-dev-other has no resource policy\n"


def test_a_policy_fails_and_the_printed_command_deletes_it(aws: Emulator, head: Path) -> None:
    sagemaker = aws.client("sagemaker")
    sagemaker.put_endpoint_policy(EndpointName=_ENDPOINT, ResourcePolicy=_POLICY)
    looked = _look(aws, head, "dev-kmeans", "dev-other", role="planner")
    assert looked.returncode == 1
    assert looked.stderr == (
        f"::error::{_ENDPOINT} has a resource policy, which can allow other accounts to invoke it through an inference "
        "router; delete it unless it is intended: aws sagemaker delete-endpoint-policy --region us-west-2 "
        f"--endpoint-name {_ENDPOINT}\n"
    )
    assert "acme-dev-other has no resource policy" in looked.stdout  # the others are checked as well
    sagemaker.delete_endpoint_policy(EndpointName=_ENDPOINT)
    assert _look(aws, head, "dev-kmeans", role="planner").returncode == 0


def test_a_denied_look_up_is_a_warning_and_no_result(aws: Emulator, head: Path) -> None:
    looked = _look(aws, head, "dev-kmeans", role="older")
    assert (looked.returncode, looked.stdout) == (0, "")
    assert looked.stderr == (
        f"::warning::cannot determine whether {_ENDPOINT} has a resource policy: access is denied; attach the "
        "policies that make planner-policy prints\n"
    )


def test_a_look_up_that_fails_otherwise_is_an_error(head: Path) -> None:
    looked = _run(head, "dev-kmeans", environment={})
    assert looked.returncode == 1
    assert looked.stderr == f"::error::cannot read the resource policy of {_ENDPOINT}: Unable to locate credentials\n"


def test_a_stack_that_is_not_synthesized_is_an_error(head: Path) -> None:
    looked = _run(head, "dev-removed", environment={})
    assert (looked.returncode, looked.stderr) == (1, f"dev-removed: not synthesized in {head}; run make synth there\n")


@pytest.mark.parametrize(
    ("known", "code", "status", "said"),
    [
        ([], "", 0, "::warning::cannot determine whether acme-dev-kmeans has a resource policy: botocore "),
        (
            ["GetEndpointPolicy"],
            "UnknownOperationException",
            0,
            "SageMaker does not support GetEndpointPolicy",
        ),
        (["GetEndpointPolicy"], "ThrottlingException", 1, "::error::cannot read the resource policy of "),
    ],
)
def test_an_unsupported_call_is_a_warning_and_any_other_refusal_an_error(
    head: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    known: list[str],
    code: str,
    status: int,
    said: str,
) -> None:
    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "GetEndpointPolicy")

    model = SimpleNamespace(operation_names=known)
    client = SimpleNamespace(meta=SimpleNamespace(service_model=model), get_endpoint_policy=refuse)
    session = SimpleNamespace(create_client=lambda *_, **__: client)
    monkeypatch.setattr(endpoint_policies, "get_session", lambda: session)
    assert endpoint_policies.run([str(head), "dev-kmeans"]) == status
    assert said in capsys.readouterr().err
