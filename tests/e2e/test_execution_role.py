"""An endpoint with an existing name moves from a managed to an existing role and back, and never stops serving."""

import json
from pathlib import Path
from typing import Any

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.loading.load import load
from protected_endpoints.policies.execution_role import required_documents
from sandbox.emulator import Emulator
from tests.workspace import Workspace

_NAME, _STACK = "Churn-Predictor", "dev-kmeans"
_MANAGED = "acme-dev-kmeans-exec-de91fccc"
_EXISTING = "arn:aws:iam::111122223333:role/team/ml-models"
_ROLE_KEY = f'execution_role_arn = "{_EXISTING}"\n'
_TABLE = "[endpoints.kmeans]\n"
_ENDPOINT, _MODEL = "aws_sagemaker_endpoint.Endpoint", "aws_sagemaker_model.Model"
_CHANGING = ("Create", "Update", "Delete", "Put")


def test_a_managed_and_an_existing_role_replace_each_other_in_place(
    aws: Emulator, tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    iam, logs = aws.client("iam"), aws.client("logs")
    iam.create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    workspace = Workspace(tmp_path / "project", {**terraform_environment, **aws.environment})
    keys = f'endpoint_name = "{_NAME}"\nrelax.prevent_destroy = "it is a test"\ntags.team = "fraud"\n'
    workspace.edit(_TABLE, _TABLE + keys)

    terraform = _synthesized(workspace)
    terraform.run("apply", "-auto-approve")
    arn = aws.client("sagemaker").describe_endpoint(EndpointName=_NAME)["EndpointArn"]
    assert _role_in_use(aws).endswith(f":role/{_MANAGED}")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    assert groups == [f"/aws/sagemaker/Endpoints/{_NAME}"]
    tags = {tag["Key"]: tag["Value"] for tag in aws.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]}
    assert tags == {"team": "fraud", "project": "acme", "environment": "dev", "endpoint": "kmeans"}
    assert terraform.has_no_changes()

    workspace.edit(_TABLE, _TABLE + _ROLE_KEY)
    policies = _create_existing_role(aws, workspace)
    terraform = _synthesized(workspace)
    actions = _actions(terraform.plan())
    assert (actions[_MODEL], actions[_ENDPOINT]) == (["create", "delete"], ["update"])
    assert actions["aws_iam_role.Role"] == ["delete"]
    calls = _applied(terraform, aws)
    assert calls[:3] == ["CreateModel", "CreateEndpointConfig", "UpdateEndpoint"]  # the managed role is deleted later
    assert "DeleteRole" in calls[3:]
    assert "DeleteEndpoint" not in calls
    assert _role_in_use(aws) == _EXISTING
    assert terraform.has_no_changes()

    workspace.edit(_ROLE_KEY, "")
    terraform = _synthesized(workspace)
    calls = _applied(terraform, aws)
    assert calls.index("CreateRole") < calls.index("CreateModel") < calls.index("UpdateEndpoint")
    assert "DeleteRole" not in calls
    assert "DeleteEndpoint" not in calls
    assert _role_in_use(aws).endswith(f":role/{_MANAGED}")
    assert terraform.has_no_changes()

    terraform.run("destroy", "-auto-approve")
    assert sorted(role["RoleName"] for role in iam.list_roles()["Roles"]) == ["checkout-api", "ml-models"]
    assert sorted(iam.list_role_policies(RoleName="ml-models")["PolicyNames"]) == policies
    assert "PermissionsBoundary" not in iam.get_role(RoleName="ml-models")["Role"]
    assert iam.list_policies(Scope="Local")["Policies"] == []
    assert logs.describe_log_groups()["logGroups"] == []
    assert aws.client("sagemaker").list_endpoints()["Endpoints"] == []


def _create_existing_role(aws: Emulator, workspace: Workspace) -> list[str]:
    """Create the role with the printed documents, and return the names of its policies."""
    (deployment,) = load(workspace.directory / "endpoints.toml").deployments
    documents, iam = required_documents(deployment), aws.client("iam")
    trust = json.dumps(documents["trust_policy"])
    iam.create_role(RoleName="ml-models", Path="/team/", AssumeRolePolicyDocument=trust)
    for name, policy in documents["inline_policies"].items():
        iam.put_role_policy(RoleName="ml-models", PolicyName=name, PolicyDocument=json.dumps(policy))
    return sorted(documents["inline_policies"])


def _synthesized(workspace: Workspace) -> Terraform:
    workspace.synth()
    terraform = workspace.stack(_STACK)
    terraform.init()
    return terraform


def _applied(terraform: Terraform, aws: Emulator) -> list[str]:
    """Apply, and return the calls that change IAM roles and SageMaker, in their order."""
    before = len(aws.calls())
    terraform.run("apply", "-auto-approve")
    calls = [call for call in aws.calls()[before:] if call.action.startswith(_CHANGING)]
    return [call.action for call in calls if call.service == "sagemaker" or call.action in ("CreateRole", "DeleteRole")]


def _actions(plan: dict[str, Any]) -> dict[str, list[str]]:
    return {change["address"]: change["change"]["actions"] for change in plan["resource_changes"]}


def _role_in_use(aws: Emulator) -> str:
    """Return the execution role of the model that the endpoint serves."""
    sagemaker = aws.client("sagemaker")
    name = sagemaker.describe_endpoint(EndpointName=_NAME)["EndpointConfigName"]
    (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=name)["ProductionVariants"]
    return str(sagemaker.describe_model(ModelName=variant["ModelName"])["ExecutionRoleArn"])
