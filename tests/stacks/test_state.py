"""The state stack: the state bucket, the roles of GitHub Actions workflows, and the backends of other stacks."""

import json
from pathlib import Path
from typing import Any

from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from tests.examples import ACCOUNT
from tests.support import Json, deployment, only, policy, resources, synth_stacks

_ROLE = f"arn:aws:iam::{ACCOUNT}:role"
_ALIAS = f"arn:aws:kms:us-west-2:{ACCOUNT}:alias/acme-dev-state"
_MANAGED = {"bucket": "acme-tfstate-dev", "create_bucket": True, "readers": [f"{_ROLE}/auditor"]}
_CLAIM = "token.actions.githubusercontent.com"


def _stacks(project: Json | None = None, **environment: Any) -> dict[str, Json]:
    return synth_stacks(
        [deployment(project=project, in_environment={"deployers": [f"{_ROLE}/platform"], **environment})]
    )


def _state(**environment: Any) -> Json:
    return _stacks(**{"state": _MANAGED, **environment})["dev-state"]


def _github(**changes: Any) -> Json:
    return _state(github_actions={"repository": "acme/endpoints", **changes})


def test_every_stack_of_the_environment_has_its_state_in_the_managed_bucket_with_key_and_lock_file() -> None:
    stacks = _stacks(state=_MANAGED)
    assert {*stacks} == {"dev-state", "dev-kmeans"}
    for name, stack in stacks.items():
        assert stack["terraform"]["backend"] == {
            "s3": {
                "bucket": "acme-tfstate-dev",
                "key": f"acme/{name}.tfstate",
                "region": "us-west-2",
                "encrypt": True,
                "kms_key_id": _ALIAS,
                "use_lockfile": True,
            }
        }


def test_an_existing_bucket_is_not_changed() -> None:
    stacks = _stacks(state={"bucket": "acme-tfstate-dev"})
    assert {*stacks} == {"dev-kmeans"}
    assert "kms_key_id" not in stacks["dev-kmeans"]["terraform"]["backend"]["s3"]


def test_bucket_and_key_are_protected_and_cannot_be_destroyed() -> None:
    stack = _state()
    bucket, key = only(stack, "aws_s3_bucket"), only(stack, "aws_kms_key")
    assert (bucket["lifecycle"], key["lifecycle"]) == ({"prevent_destroy": True}, {"prevent_destroy": True})
    assert (bucket["bucket"], bucket["force_destroy"]) == ("acme-tfstate-dev", False)
    assert (key["enable_key_rotation"], key["deletion_window_in_days"]) == (True, 30)
    assert only(stack, "aws_kms_alias")["name"] == "alias/acme-dev-state"
    public_access_block = only(stack, "aws_s3_bucket_public_access_block")
    assert [setting for setting in public_access_block.values() if setting is True] == [True] * 4
    assert only(stack, "aws_s3_bucket_versioning")["versioning_configuration"] == {"status": "Enabled"}
    (encryption,) = only(stack, "aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert encryption["apply_server_side_encryption_by_default"] == {
        "kms_master_key_id": "${aws_kms_key.Key.arn}",
        "sse_algorithm": "aws:kms",
    }
    assert only(stack, "aws_s3_bucket_ownership_controls")["rule"] == {"object_ownership": "BucketOwnerEnforced"}
    (rule,) = only(stack, "aws_s3_bucket_lifecycle_configuration")["rule"]
    assert "expiration" not in rule
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 365}]


def test_without_readers_only_deployers_have_access() -> None:
    stack = _state(state={"bucket": "acme-tfstate-dev", "create_bucket": True})
    assert "ReadersDecryptThroughS3" not in policy(only(stack, "aws_kms_key")["policy"])
    read = policy(only(stack, "aws_s3_bucket_policy")["policy"])["OnlyDeployersAndReadersRead"]
    assert read["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [f"{_ROLE}/platform"]}}


def test_without_administrators_the_deployers_are_and_the_role_of_workflows_is_not() -> None:
    denials = policy(only(_github(), "aws_s3_bucket_policy")["policy"])
    assert denials["OnlyAdministratorsWriteTheStateOfRoles"]["Condition"] == {
        "ArnNotEquals": {"aws:PrincipalArn": [f"{_ROLE}/platform"]}
    }
    assert denials["DeployersDoNotChangeTheBucket"]["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": [f"{_ROLE}/acme-dev-deployer"]}
    }
    assert "DeployersDoNotChangeTheBucket" not in policy(only(_state(), "aws_s3_bucket_policy")["policy"])


def test_the_roles_have_the_printed_policies_and_the_deployer_a_longer_session() -> None:
    stack = _github()
    names = {resource["name"] for resource in resources(stack, "aws_iam_policy")}
    printed = {"acme-dev-deployer-1", "acme-dev-deployer-2", "acme-dev-deployer-3", "acme-dev-planner"}
    assert names == {*printed, "acme-dev-boundary"}
    assert len(resources(stack, "aws_iam_role_policy_attachment")) == len(printed)
    durations = {role["name"]: role["max_session_duration"] for role in resources(stack, "aws_iam_role")}
    assert durations == {"acme-dev-planner": 3600, "acme-dev-deployer": 7200}


def test_the_deployer_trusts_jobs_of_the_configured_github_environment_or_of_the_same_name() -> None:
    assert _trust_conditions(_github(), "deployer") == {
        f"{_CLAIM}:aud": "sts.amazonaws.com",
        f"{_CLAIM}:sub": "repo:acme/endpoints:environment:dev",
        f"{_CLAIM}:ref": "refs/heads/main",
    }
    configured = _trust_conditions(_github(environment="Live", branch="release"), "deployer")
    assert configured[f"{_CLAIM}:sub"] == "repo:acme/endpoints:environment:Live"
    assert configured[f"{_CLAIM}:ref"] == "refs/heads/release"


def test_in_partitions_without_the_branch_claim_the_trust_policy_does_not_require_it() -> None:
    china = {
        "region": "cn-north-1",
        "deployers": [f"arn:aws-cn:iam::{ACCOUNT}:role/platform"],
        "state": {"bucket": "acme-tfstate-dev", "create_bucket": True},
        "github_actions": {"repository": "acme/endpoints"},
    }
    image = "174872318107.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1"
    stack = synth_stacks([deployment(in_environment=china, image=image)])["dev-state"]
    assert _trust_conditions(stack, "deployer").keys() == {f"{_CLAIM}:aud", f"{_CLAIM}:sub"}


def test_an_existing_openid_connect_provider_is_used() -> None:
    managed = only(_github(), "aws_iam_openid_connect_provider")
    assert (managed["url"], managed["client_id_list"]) == (f"https://{_CLAIM}", ["sts.amazonaws.com"])
    existing = _github(create_openid_connect_provider=False)
    assert not resources(existing, "aws_iam_openid_connect_provider")
    assert f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_CLAIM}" in _role(existing, "planner")["assume_role_policy"]


def test_with_an_existing_bucket_only_the_roles_are_managed() -> None:
    stack = _github_with_existing_bucket()
    assert not resources(stack, "aws_s3_bucket")
    assert not resources(stack, "aws_kms_key")
    assert len(resources(stack, "aws_iam_role")) == 2


def test_the_key_of_an_endpoint_allows_the_managed_deployer() -> None:
    environment: Json = {"state": _MANAGED, "github_actions": {"repository": "acme/endpoints"}}
    grants = policy(only(_stacks(**environment)["dev-kmeans"], "aws_kms_key")["policy"])["VolumeGrantsForSageMakerOnly"]
    assert f"{_ROLE}/acme-dev-deployer" in grants["Condition"]["ArnEquals"]["aws:PrincipalArn"]


def test_hcp_terraform_has_a_workspace_for_each_stack(tmp_path: Path, terraform_environment: dict[str, str]) -> None:
    project = {"aws_provider_version": mirrored_version()} if mirrored_version() else {}
    stacks = _stacks(project, cloud={"organization": "acme", "project": "model serving"})
    (stack,) = stacks.values()
    assert stack["terraform"]["cloud"] == {
        "hostname": "app.terraform.io",
        "organization": "acme",
        "workspaces": {"name": "acme-dev-kmeans", "project": "model serving"},
    }
    assert "backend" not in stack["terraform"]
    (tmp_path / "cdk.tf.json").write_text(json.dumps(stack))
    terraform = Terraform(tmp_path, terraform_environment)
    terraform.run("init", "-backend=false", "-input=false")
    terraform.run("validate")


def _role(stack: Json, suffix: str) -> Json:
    (role,) = (role for role in resources(stack, "aws_iam_role") if role["name"].endswith(suffix))
    return role


def _trust_conditions(stack: Json, suffix: str) -> Json:
    (statement,) = policy(_role(stack, suffix)["assume_role_policy"]).values()
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"].keys() == {"StringEquals"}
    condition: Json = statement["Condition"]["StringEquals"]
    return condition


def _github_with_existing_bucket() -> Json:
    return _state(state={"bucket": "acme-tfstate-dev"}, github_actions={"repository": "acme/endpoints"})
