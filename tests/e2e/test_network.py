"""An environment with a network is deployed by `cdktf deploy`, invoked from its VPC and destroyed, on the sandbox."""

import json
import subprocess

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import Emulator
from tests.network import Vpc
from tests.workspace import Workspace

_STACKS = ("dev-network", "dev-kmeans")


@pytest.fixture(scope="module")
def vpc(aws: Emulator) -> Vpc:
    return Vpc.create(aws)


@pytest.fixture(scope="module")
def deployed(
    aws: Emulator, vpc: Vpc, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Workspace:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    environment = {**terraform_environment, **aws.environment, "CI": "1", "FORCE_COLOR": "0"}
    workspace = Workspace(tmp_path_factory.mktemp("network") / "project", environment)
    relaxed = f'{vpc.table("dev")}\n[endpoints.kmeans]\nrelax.prevent_destroy = "it is a test"\n'
    workspace.edit("[endpoints.kmeans]\n", relaxed)
    _cdktf(workspace, "deploy", "*")
    return workspace


def test_the_network_is_deployed_first_and_a_second_plan_of_each_stack_is_empty(deployed: Workspace) -> None:
    assert [deployed.stack(name).has_no_changes() for name in _STACKS] == [True, True]


def test_a_model_runs_in_the_vpc_behind_a_group_that_lets_nothing_in(
    aws: Emulator, vpc: Vpc, deployed: Workspace
) -> None:
    (name,) = (resource["values"]["name"] for resource in _resources(deployed, "dev-kmeans", "aws_sagemaker_model"))
    described = aws.client("sagemaker").describe_model(ModelName=name)["VpcConfig"]
    assert sorted(described["Subnets"]) == sorted(vpc.subnet_ids)
    (group,) = aws.client("ec2").describe_security_groups(GroupIds=described["SecurityGroupIds"])["SecurityGroups"]
    assert group["IpPermissions"] == []
    assert {(rule["FromPort"], rule["ToPort"]) for rule in group["IpPermissionsEgress"]} == {(443, 443)}
    assert not [ip_range for rule in group["IpPermissionsEgress"] for ip_range in rule["IpRanges"]]


def test_the_private_endpoints_are_in_the_vpc_with_policies_of_their_own(
    aws: Emulator, vpc: Vpc, deployed: Workspace
) -> None:
    endpoints = {
        endpoint["ServiceName"]: endpoint for endpoint in aws.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    }
    runtime, s3 = endpoints["com.amazonaws.us-west-2.sagemaker.runtime"], endpoints["com.amazonaws.us-west-2.s3"]
    assert runtime["PrivateDnsEnabled"] is True
    assert s3["RouteTableIds"] == [vpc.route_table_id]
    for endpoint in (runtime, s3):
        assert endpoint["VpcId"] == vpc.vpc_id
        assert all("Condition" in statement for statement in json.loads(endpoint["PolicyDocument"])["Statement"])


def test_an_invoker_is_allowed_from_the_vpc_only(aws: Emulator, vpc: Vpc, deployed: Workspace) -> None:
    def call(from_vpc: str | None) -> bytes:
        runtime = aws.client("sagemaker-runtime", as_role="checkout-api", from_vpc=from_vpc)
        answer = runtime.invoke_endpoint(EndpointName="acme-dev-kmeans", Body=b"1,2", ContentType="text/csv")
        return bytes(answer["Body"].read())

    def stream(from_vpc: str | None) -> bytes:
        runtime = aws.client("sagemaker-runtime", as_role="checkout-api", from_vpc=from_vpc)
        answer = runtime.invoke_endpoint_with_response_stream(EndpointName="acme-dev-kmeans", Body=b"1,2")
        return b"".join(event["PayloadPart"]["Bytes"] for event in answer["Body"])

    for ask in (call, stream):
        assert b"closest_cluster" in ask(vpc.vpc_id)
        for elsewhere in (None, "vpc-0a1b2c3d4e5f60718"):
            with pytest.raises(ClientError, match="not authorized"):
                ask(elsewhere)


def test_the_private_endpoints_are_reached_on_both_ports_of_the_runtime_api(
    aws: Emulator, vpc: Vpc, deployed: Workspace
) -> None:
    groups = aws.client("ec2").describe_security_groups(
        Filters=[{"Name": "description", "Values": ["Private endpoints of acme-dev"]}]
    )
    (group,) = groups["SecurityGroups"]
    assert sorted((rule["FromPort"], rule["ToPort"]) for rule in group["IpPermissions"]) == [(443, 443), (8443, 8443)]


def test_one_stack_can_be_deployed_on_its_own(deployed: Workspace) -> None:
    _cdktf(deployed, "deploy", "dev-kmeans", "--ignore-missing-stack-dependencies")


def test_all_of_it_can_be_destroyed(aws: Emulator, deployed: Workspace) -> None:
    _cdktf(deployed, "destroy", "*")
    ec2 = aws.client("ec2")
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert [endpoint["State"] for endpoint in endpoints] == ["deleted", "deleted"]
    assert {group["GroupName"] for group in ec2.describe_security_groups()["SecurityGroups"]} == {"default"}
    assert aws.client("s3").list_buckets()["Buckets"] == []


def _cdktf(workspace: Workspace, *arguments: str) -> None:
    finished = subprocess.run(
        ["cdktf", *arguments, "--auto-approve"],
        cwd=workspace.directory,
        env=workspace.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout


def _resources(workspace: Workspace, stack: str, type_: str) -> list[dict[str, dict[str, str]]]:
    state = json.loads(workspace.stack(stack).run("show", "-json").stdout)
    return [resource for resource in state["values"]["root_module"]["resources"] if resource["type"] == type_]
