"""Assertions about the network of every example that no scanner makes: VPC endpoint policies and security groups."""

from protected_endpoints.deployment import Deployment, NetworkDeployment
from tests.stacks.synthesized import as_list, for_every_endpoint, for_every_network, statements
from tests.support import Json, only, resources

_REAL_TIME = (
    "sagemaker:InvokeEndpoint",
    "sagemaker:InvokeEndpointWithResponseStream",
    "sagemaker:InvokeEndpointWithBidirectionalStream",
)


@for_every_endpoint
def test_a_model_in_a_vpc_has_no_ingress_and_egress_only_to_vpc_endpoints_and_configured_destinations(
    deployment: Deployment, stack: Json
) -> None:
    if not deployment.environment.network:
        assert not resources(stack, "aws_security_group")
        return
    group = only(stack, "aws_security_group")
    assert group["ingress"] == []
    managed, configured = group["egress"][:2], group["egress"][2:]
    assert [(rule["protocol"], rule["from_port"], rule["to_port"]) for rule in managed] == [("tcp", 443, 443)] * 2
    assert not [rule for rule in managed if rule["cidr_blocks"] or rule["ipv6_cidr_blocks"]]
    assert all(bool(rule["prefix_list_ids"]) is not bool(rule["security_groups"]) for rule in managed)
    assert [rule["description"] for rule in configured] == [rule.reason for rule in deployment.endpoint.egress]
    vpc = only(stack, "aws_sagemaker_model")["vpc_config"]
    assert vpc["security_group_ids"] == ["${aws_security_group.Network.id}"]
    assert vpc["subnets"] == [*deployment.environment.network.subnet_ids]


@for_every_network
def test_a_vpc_endpoint_policy_allows_named_roles_and_named_resources_only(
    deployment: NetworkDeployment, stack: Json
) -> None:
    vpc_endpoints = resources(stack, "aws_vpc_endpoint")
    assert len(vpc_endpoints) == 2
    for statement in (statement for endpoint in vpc_endpoints for statement in statements(endpoint["policy"])):
        assert statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]
        assert {*as_list(statement["Action"])} <= {*_REAL_TIME, "s3:GetObject", "s3:ListBucket", "s3:PutObject"}
        assert "*" not in as_list(statement["Resource"])
        if "s3:ListBucket" in as_list(statement["Action"]) and "s3:prefix" not in statement["Condition"].get(
            "StringLike", {}
        ):
            assert {*as_list(statement["Resource"])} <= _whole_buckets(deployment)


def _whole_buckets(network: NetworkDeployment) -> set[str]:
    """Return the ARNs of the buckets that contain model data at their root."""
    return {
        deployment.names.bucket_arn(flow.location.bucket)
        for deployment in network.deployments
        for flow in deployment.model_data
        if flow.is_prefix and not flow.location.key
    }


@for_every_network
def test_private_dns_resolves_the_runtime_api_in_the_vpc(deployment: NetworkDeployment, stack: Json) -> None:
    vpc_endpoints = resources(stack, "aws_vpc_endpoint")
    (runtime,) = (endpoint for endpoint in vpc_endpoints if endpoint["vpc_endpoint_type"] == "Interface")
    assert runtime["private_dns_enabled"] is True
    # VPC endpoint policies have no effect on the FIPS endpoint.
    assert runtime["service_name"] == f"com.amazonaws.{deployment.environment.region}.sagemaker.runtime"


@for_every_network
def test_the_interface_endpoint_accepts_connections_from_its_vpc_only(
    deployment: NetworkDeployment, stack: Json
) -> None:
    group = only(stack, "aws_security_group")
    # 8443 is the port of bidirectional streams (SageMaker Runtime HTTP/2).
    assert [(rule["from_port"], rule["to_port"]) for rule in group["ingress"]] == [(443, 443), (8443, 8443)]
    for rule in group["ingress"]:
        assert rule["cidr_blocks"] == "${data.aws_vpc.Vpc.cidr_block_associations[*].cidr_block}"
        assert not any(rule[other] for other in ("ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self"))
