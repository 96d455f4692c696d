"""The actions by which a principal can gain further permissions. `make snapshots` rewrites their list."""

import json
import os
from pathlib import Path

import pytest

from protected_endpoints.review.analysis import powerful_actions
from protected_endpoints.review.analysis.powerful_actions import is_powerful
from tests.examples import ROOT

_PACKAGE = ROOT / "node_modules" / "@cloud-copilot" / "iam-data"
_FILE = Path(powerful_actions.__file__).with_suffix(".json")


def _text() -> str:
    """Return the text of the file, with one line for each service."""
    services = {}
    for file in sorted((_PACKAGE / "data" / "actions").glob("*.json")):
        actions = json.loads(file.read_text(encoding="utf-8")).values()
        names = (action["name"] for action in actions if "Permissions management" in action["accessLevel"])
        services[file.stem] = " ".join(sorted(names))
    lines = ",\n".join(f"  {json.dumps(service)}: {json.dumps(names)}" for service, names in services.items())
    date = json.loads((_PACKAGE / "package.json").read_text(encoding="utf-8"))["updatedAt"][:10]
    return f'{{\n "date": "{date}",\n "services": {{\n{lines}\n }}\n}}\n'


def test_the_list_is_that_of_the_installed_package() -> None:
    text = _text()
    if os.environ.get("UPDATE_SNAPSHOTS"):
        _FILE.write_text(text, encoding="utf-8")
    assert _FILE.read_text(encoding="utf-8") == text, "iam-data changed; run: make snapshots, and review the diff"


@pytest.mark.parametrize(
    "action",
    [
        *("iam:PassRole", "iam:CreateAccessKey", "iam:Put*", "iam:P*", "sts:AssumeRole", "sts:AssumeRoot", "sts:*"),
        *("lambda:UpdateFunctionCode", "lambda:InvokeFunction", "lambda:Inv*", "lambda:*Function", "LAMBDA:invoke"),
        *(
            "ssm:SendCommand",
            "ssm:StartSession",
            "ssmmessages:OpenDataChannel",
            "ec2-instance-connect:SendSSHPublicKey",
        ),
        *("cloudformation:CreateStack", "cloudformation:CreateResource", "codebuild:StartBuild", "glue:StartJobRun"),
        *("states:StartExecution", "ecs:RunTask", "ecs:ExecuteCommand", "eks:CreateAccessEntry", "events:PutTargets"),
        *("ec2:RunInstances", "ec2:ModifyInstanceAttribute", "ec2:*", "ec2:CreateRoute"),
        *("sagemaker:CreateTrainingJob", "sagemaker:CreatePresignedNotebookInstanceUrl", "sagemaker:UpdateEndpoint"),
        *("organizations:LeaveOrganization", "secretsmanager:PutResourcePolicy", "kms:PutKeyPolicy", "kms:CreateGrant"),
        *("kms:ReplicateKey", "kms:ScheduleKeyDeletion", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
        *("s3:PutBucketAcl", "s3:Put*", "s3:PutReplicationConfiguration", "ecr:SetRepositoryPolicy", "ecr:PutImage"),
        *("s3:PutNewPolicy", "newservice:GetThing", "all except s3:GetObject", "*", "s3"),
    ],
)
def test_an_action_is_powerful(action: str) -> None:
    assert is_powerful(action)


@pytest.mark.parametrize(
    "action",
    [
        *("s3:GetObject", "s3:PutObject", "s3:Get*", "s3:ListBucket", "s3:GetBucketPolicy", "s3:DeleteObject"),
        *("kms:Decrypt", "kms:GenerateDataKey*", "kms:Describe*", "kms:ReEncrypt*", "kms:TagResource"),
        *("ec2:CreateNetworkInterface", "ec2:DescribeVpcs", "sagemaker:InvokeEndpoint", "sagemaker:GetRecord"),
        *("lambda:GetFunction", "iam:Get*", "ssm:GetParameter", "sns:Publish", "sqs:SendMessage", "logs:PutLogEvents"),
        *("secretsmanager:GetSecretValue", "dynamodb:PutItem", "cloudwatch:PutMetricData", "bedrock:InvokeModel"),
        *("ecr:BatchGetImage", "athena:StartQueryExecution"),
    ],
)
def test_an_action_is_not_powerful(action: str) -> None:
    assert not is_powerful(action)
