"""A container in a VPC that reads the feature store: deployed on the sandbox, updated and destroyed."""

import json
from typing import Any

import pytest

from protected_endpoints.commands.registry_mirror import mirrored_version
from sandbox.emulator import Emulator
from tests.attacks.simulator import Request, Simulator
from tests.examples import MODES
from tests.network import Vpc
from tests.workspace import Workspace

_STACKS = ("dev-network", "dev-fraud")
_FEATURES = "arn:aws:sagemaker:us-west-2:111122223333:feature-group/accounts"
_EXAMPLE_VPC = """vpc_id = "vpc-0a1b2c3d4e5f60718"
subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
route_table_ids = ["rtb-0a1b2c3d4e5f60718"]
"""
_EXAMPLE_GROUP = "sg-0a1b2c3d4e5f60718"
_RELAXED = 'relax.prevent_destroy = "it is a test"\nrelax.network_isolation'
# Two blocks with the same port and reason, which the AWS provider merges when it reads the security group.
_MIRRORS = "".join(
    f'[[endpoints.fraud.egress]]\ncidr_ipv4 = "10.1.{number}.0/24"\nport = 8443\nreason = "mirror of the hub"\n'
    for number in range(2)
)


class Deployed:
    """The example in a VPC that has a VPC endpoint of the feature store."""

    def __init__(self, aws: Emulator, workspace: Workspace) -> None:
        self.aws, self.workspace, self.vpc = aws, workspace, Vpc.create(aws)
        ec2 = aws.client("ec2")
        self.group_id, self.existing_group_id = (
            ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc.vpc_id)["GroupId"]
            for name in ("feature-store", "audited")
        )
        ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=self.vpc.vpc_id,
            ServiceName="com.amazonaws.us-west-2.sagemaker.featurestore-runtime",
            SubnetIds=self.vpc.subnet_ids,
            SecurityGroupIds=[self.group_id],
        )

    def apply(self) -> None:
        self.workspace.synth()
        for name in _STACKS:
            stack = self.workspace.stack(name)
            stack.init()
            stack.run("apply", "-auto-approve")

    def resources(self, type_: str) -> list[dict[str, Any]]:
        """Return the values of the endpoint's resources of a type."""
        state = json.loads(self.workspace.stack("dev-fraud").run("show", "-json").stdout)
        found = state["values"]["root_module"]["resources"]
        return [resource["values"] for resource in found if (resource["type"], resource["mode"]) == (type_, "managed")]

    @property
    def model_name(self) -> str:
        (model,) = self.resources("aws_sagemaker_model")
        return str(model["name"])

    def model_groups(self) -> list[dict[str, Any]]:
        """Return the security groups of the model, as AWS has them."""
        described = self.aws.client("sagemaker").describe_model(ModelName=self.model_name)
        assert not described.get("EnableNetworkIsolation")
        groups: list[dict[str, Any]] = self.aws.client("ec2").describe_security_groups(
            GroupIds=described["VpcConfig"]["SecurityGroupIds"]
        )["SecurityGroups"]
        return groups


@pytest.fixture(scope="module")
def deployed(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Deployed:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    workspace = Workspace(tmp_path_factory.mktemp("features") / "project", {**terraform_environment, **aws.environment})
    deployed = Deployed(aws, workspace)
    text = MODES["feature-store"].read_text()
    if version := mirrored_version():
        text = text.replace("[project]\n", f'[project]\naws_provider_version = "{version}"\n')
    (workspace.directory / "endpoints.toml").write_text(text)
    workspace.edit(f"[environments.dev.network]\n{_EXAMPLE_VPC}", deployed.vpc.table("dev"))
    workspace.edit(_EXAMPLE_GROUP, deployed.group_id)
    workspace.edit("relax.network_isolation", f"data_capture.enable_capture = false\n{_RELAXED}")
    deployed.apply()
    return deployed


def test_a_second_plan_of_each_stack_is_empty(deployed: Deployed) -> None:
    assert [deployed.workspace.stack(name).has_no_changes() for name in _STACKS] == [True, True]


def test_the_container_connects_to_the_vpc_endpoint_of_the_feature_store(deployed: Deployed) -> None:
    (group,) = deployed.model_groups()
    pairs = [pair["GroupId"] for rule in group["IpPermissionsEgress"] for pair in rule["UserIdGroupPairs"]]
    assert deployed.group_id in pairs
    assert group["IpPermissions"] == []
    assert not [block for rule in group["IpPermissionsEgress"] for block in rule["IpRanges"]]
    assert {(rule["FromPort"], rule["ToPort"]) for rule in group["IpPermissionsEgress"]} == {(443, 443)}


def test_the_execution_role_reads_one_feature_group(deployed: Deployed) -> None:
    (role,) = (role for role in deployed.resources("aws_iam_role") if "-exec-" in role["name"])
    policies = [json.loads(policy["policy"]) for policy in deployed.resources("aws_iam_role_policy")]
    boundaries = [
        json.loads(policy["policy"])
        for policy in deployed.resources("aws_iam_policy")
        if policy["arn"] == role["permissions_boundary"]
    ]
    assert len(boundaries) == 1
    with Simulator() as simulator:
        answers = [
            simulator.allows(
                Request(role["arn"], action, resource, "111122223333", identity=policies, boundary=boundaries)
            )
            for action, resource in (
                ("sagemaker:GetRecord", _FEATURES),
                ("sagemaker:GetRecord", f"{_FEATURES}-2"),
                ("sagemaker:PutRecord", _FEATURES),
            )
        ]
    assert answers == [True, False, False]


def test_the_endpoint_answers_from_the_vpc(aws: Emulator, deployed: Deployed) -> None:
    runtime = aws.client("sagemaker-runtime", as_role="checkout-api", from_vpc=deployed.vpc.vpc_id)
    answer = runtime.invoke_endpoint(EndpointName="acme-dev-fraud", Body=b"1,2", ContentType="text/csv")
    assert b"closest_cluster" in answer["Body"].read()


def test_more_egress_changes_the_group_and_an_existing_group_the_model(deployed: Deployed) -> None:
    model = deployed.model_name
    file = deployed.workspace.directory / "endpoints.toml"
    file.write_text(f"{file.read_text()}\n{_MIRRORS}")
    deployed.apply()
    assert deployed.model_name == model
    assert deployed.workspace.stack("dev-fraud").has_no_changes()

    groups = f'security_group_ids = ["{deployed.existing_group_id}"]\nrelax.network_isolation'
    deployed.workspace.edit("relax.network_isolation", groups)
    deployed.apply()
    managed, existing = sorted(deployed.model_groups(), key=lambda group: str(group["GroupName"]) == "audited")
    assert existing["GroupId"] == deployed.existing_group_id
    blocks = [block["CidrIp"] for rule in managed["IpPermissionsEgress"] for block in rule["IpRanges"]]
    assert sorted(blocks) == ["10.1.0.0/24", "10.1.1.0/24"]
    assert deployed.model_name != model
    assert deployed.workspace.stack("dev-fraud").has_no_changes()


def test_destroying_leaves_the_existing_groups(aws: Emulator, deployed: Deployed) -> None:
    for name in reversed(_STACKS):
        deployed.workspace.stack(name).run("destroy", "-auto-approve")
    groups = aws.client("ec2").describe_security_groups()["SecurityGroups"]
    assert {group["GroupName"] for group in groups} == {"default", "feature-store", "audited"}
    assert [role["RoleName"] for role in aws.client("iam").list_roles()["Roles"]] == ["checkout-api"]
