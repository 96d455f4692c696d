"""What no scanner sees of the network: what passes the private endpoints, and what a model reaches."""

from protected_endpoints.deployment import Deployment, NetworkDeployment
from tests.stacks.synthesized import as_list, each_endpoint, each_network, listed
from tests.support import Json, only, resources

_REAL_TIME = (
    "sagemaker:InvokeEndpoint",
    "sagemaker:InvokeEndpointWithResponseStream",
    "sagemaker:InvokeEndpointWithBidirectionalStream",
)


@each_endpoint
def test_a_model_in_a_vpc_lets_nothing_in_and_out_to_https_of_endpoints_alone(
    deployment: Deployment, stack: Json
) -> None:
    if not deployment.environment.network:
        assert not resources(stack, "aws_security_group")
        return
    group = only(stack, "aws_security_group")
    assert group["ingress"] == []
    assert [(each["protocol"], each["from_port"], each["to_port"]) for each in group["egress"]] == [
        ("tcp", 443, 443)
    ] * 2
    assert not [each for each in group["egress"] if each["cidr_blocks"] or each["ipv6_cidr_blocks"]]
    assert all(bool(each["prefix_list_ids"]) is not bool(each["security_groups"]) for each in group["egress"])
    vpc = only(stack, "aws_sagemaker_model")["vpc_config"]
    assert vpc["security_group_ids"] == ["${aws_security_group.Network.id}"]
    assert vpc["subnets"] == [*deployment.environment.network.subnet_ids]


@each_network
def test_a_vpc_endpoint_lets_named_roles_through_to_named_resources(deployment: NetworkDeployment, stack: Json) -> None:
    made = resources(stack, "aws_vpc_endpoint")
    assert len(made) == 2
    for each in (statement for one in made for statement in listed(one["policy"])):
        assert each["Condition"]["ArnEquals"]["aws:PrincipalArn"]
        assert {*as_list(each["Action"])} <= {*_REAL_TIME, "s3:GetObject", "s3:PutObject"}
        assert "*" not in as_list(each["Resource"])


@each_network
def test_the_runtime_api_has_its_own_name_in_the_vpc(deployment: NetworkDeployment, stack: Json) -> None:
    (runtime,) = [each for each in resources(stack, "aws_vpc_endpoint") if each["vpc_endpoint_type"] == "Interface"]
    assert runtime["private_dns_enabled"] is True
    # The policy of a VPC endpoint does nothing on the FIPS variant.
    assert runtime["service_name"] == f"com.amazonaws.{deployment.environment.region}.sagemaker.runtime"


@each_network
def test_a_private_endpoint_is_reached_from_its_vpc_alone(deployment: NetworkDeployment, stack: Json) -> None:
    group = only(stack, "aws_security_group")
    # 8443 is the port of bidirectional streams (SageMaker Runtime HTTP/2).
    assert [(each["from_port"], each["to_port"]) for each in group["ingress"]] == [(443, 443), (8443, 8443)]
    for each in group["ingress"]:
        assert each["cidr_blocks"] == "${data.aws_vpc.Vpc.cidr_block_associations[*].cidr_block}"
        assert not any(each[other] for other in ("ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self"))
    assert group["egress"] == []
