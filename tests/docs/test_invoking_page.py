"""The Python code of the page about invocations runs on the emulator, with the credentials of a role."""

import json
import re
from typing import Any

import boto3
import pytest

from sandbox.emulator import Emulator
from tests.examples import REGION, ROOT
from tests.sandbox.hosted import create_endpoint, create_execution_role

_PAGE = (ROOT / "docs" / "invoking.md").read_text(encoding="utf-8")
_ACTIONS = ["sagemaker:InvokeEndpoint*", "s3:PutObject", "s3:GetObject", "ssm:GetParameter"]
_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": _ACTIONS, "Resource": "*"}]}


def test_the_code_receives_predictions(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    create_execution_role(aws)
    create_endpoint(aws, "acme-dev-kmeans")
    output = {"OutputConfig": {"S3OutputPath": "s3://my-responses/output/"}}
    create_endpoint(aws, "acme-dev-scoring", AsyncInferenceConfig=output)
    for bucket in ("my-requests", "my-responses"):
        aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    aws.client("ssm").put_parameter(Name="/acme/dev/kmeans/name", Type="String", Value="acme-dev-kmeans")
    iam = aws.client("iam")
    iam.create_role(RoleName="application", AssumeRolePolicyDocument='{"Statement":[]}')
    iam.put_role_policy(RoleName="application", PolicyName="all", PolicyDocument=json.dumps(_POLICY))
    for name, value in {**aws.environment, **aws.credentials("application")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    blocks = re.findall(r"^```python\n(.*?)^```", _PAGE, flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    names: dict[str, Any] = {}
    exec("".join(blocks), names)  # noqa: S102
    expected = json.loads(names["prediction"])
    assert [point["closest_cluster"] for point in expected["predictions"]] == [0, 1]
    assert [json.loads(line) for line in names["streamed"].splitlines()] == expected["predictions"]
    assert json.loads(names["result"]) == expected
    assert names["endpoint_name"] == "acme-dev-kmeans"
