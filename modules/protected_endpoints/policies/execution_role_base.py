"""The execution role, which SageMaker assumes for an endpoint: trust policy and permissions of every version."""

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.policies.document import Document, allow, document

PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
DESCRIBE_NETWORK = [
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
]


def trust_policy(names: EndpointNames) -> Document:
    """Return the trust policy: SageMaker may assume the role, on behalf of this account in this region.

    SageMaker sends a source ARN that ends with a literal asterisk. With the ARN of a model or an endpoint in the
    condition, CreateModel fails.
    """
    return document(
        allow(
            "SageMakerInThisAccountAndRegionOnly",
            Principal={"Service": "sagemaker.amazonaws.com"},
            Action="sts:AssumeRole",
            Condition={
                "StringEquals": {"aws:SourceAccount": names.account_id},
                "ArnLike": {"aws:SourceArn": names.sagemaker_source_arn},
            },
        )
    )


def base_permissions(deployment: Deployment) -> Document:
    """Return the permissions that every version needs: ECR login, logs and metrics.

    Terraform creates the log groups, so the role may not: a log group that SageMaker creates is not encrypted with the
    endpoint's key and never expires. A tool that creates inference components creates theirs.
    """
    groups = [deployment.names.log_group_arn, *deployment.component_log_group_arns]
    return document(
        allow("EcrLoginHasNoResource", Action="ecr:GetAuthorizationToken", Resource="*"),
        allow(
            "WriteEndpointLogs",
            Action=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource=[arn for group in groups for arn in (group, f"{group}:log-stream:*")],
        ),
        allow(
            "PublishEndpointMetrics",
            Action="cloudwatch:PutMetricData",
            Resource="*",
            Condition={"StringEquals": {"cloudwatch:namespace": ["/aws/sagemaker/Endpoints", "AWS/SageMaker"]}},
        ),
    )


def network_permissions(names: EndpointNames, *, vpc_id: str, subnet_ids: tuple[str, ...]) -> Document:
    """Return the permissions to create network interfaces in these subnets of the VPC, and in no others.

    The security group has to be in the VPC, but is not named: its ID is unknown until the first apply, and a plan
    would not show the policy. EC2 supports no resource-level permissions for Describe actions.
    """
    subnets = [names.arn("ec2", f"subnet/{subnet_id}") for subnet_id in sorted(subnet_ids)]
    interfaces = names.arn("ec2", "network-interface/*")
    return document(
        allow(
            "CreateInterfacesInTheseSubnets",
            Action="ec2:CreateNetworkInterface",
            Resource=[*subnets, interfaces],
        ),
        allow(
            "UseSecurityGroupsOfThisVpc",
            Action="ec2:CreateNetworkInterface",
            Resource=names.arn("ec2", "security-group/*"),
            Condition={"ArnEquals": {"ec2:Vpc": names.arn("ec2", f"vpc/{vpc_id}")}},
        ),
        allow(
            "ManageInterfacesOfTheseSubnets",
            Action=[
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ],
            Resource=interfaces,
            Condition={"ArnEquals": {"ec2:Subnet": subnets}},
        ),
        allow(
            "DescribeTheNetworkHasNoResource",
            Action=DESCRIBE_NETWORK,
            Resource="*",
            Condition={"StringEquals": {"ec2:Region": names.region}},
        ),
    )
