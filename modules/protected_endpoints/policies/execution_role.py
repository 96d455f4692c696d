"""What the model may do: the execution role, which SageMaker assumes for the endpoint."""

from protected_endpoints.deployment.names import Names
from protected_endpoints.policies import Document, allow, document

PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
_DESCRIBE_NETWORK = [
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
]


def trust(names: Names) -> Document:
    """Return who may assume the role: SageMaker, on behalf of this account in this region.

    The source ARN ends with a literal asterisk that SageMaker really sends; the ARN of a model or an endpoint in its
    place makes CreateModel fail.
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


def running(names: Names) -> Document:
    """Return what every version of the endpoint needs: to log in to ECR, to write its logs and its metrics.

    The log group is declared, so the role cannot create one (it would be unencrypted and kept for ever).
    """
    return document(
        allow("EcrLoginHasNoResource", Action="ecr:GetAuthorizationToken", Resource="*"),
        allow(
            "WriteEndpointLogs",
            Action=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource=[names.log_group_arn, f"{names.log_group_arn}:log-stream:*"],
        ),
        allow(
            "PublishEndpointMetrics",
            Action="cloudwatch:PutMetricData",
            Resource="*",
            Condition={"StringEquals": {"cloudwatch:namespace": ["/aws/sagemaker/Endpoints", "AWS/SageMaker"]}},
        ),
    )


def network(names: Names, *, vpc_id: str, subnet_ids: tuple[str, ...]) -> Document:
    """Return what SageMaker does as the role to put the model into these subnets of the VPC and nowhere else.

    The security group is not named but has to be of the VPC: its id is only known after the first apply, and a
    policy that cannot be read in the plan is worse. Describing has no resources in EC2.
    """
    subnets = [names.arn("ec2", f"subnet/{each}") for each in sorted(subnet_ids)]
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
            Action=_DESCRIBE_NETWORK,
            Resource="*",
            Condition={"StringEquals": {"ec2:Region": names.region}},
        ),
    )


def boundary(
    names: Names,
    *,
    model_data_of_any_account: bool,
    lists: bool,
    publishes: bool,
    asks_lambda: bool,
    watches_alarms: bool,
) -> Document:
    """Return what the role can do at the most, whatever somebody gives it later.

    It holds for every version of the endpoint, so it names kinds of resources where the role's own policies name one.
    What only some endpoints need (to list models, to publish, to ask for credentials, to look at alarms) is in it for
    those alone.
    """
    in_this_account = {"StringEquals": {"aws:ResourceAccount": names.account_id}}
    services = ["s3", "sagemaker", *(["sns"] if publishes else [])]
    reading = {} if model_data_of_any_account else {"Condition": in_this_account}
    topics, functions = names.arn("sns", "*"), names.arn("lambda", "function:*")
    alarms = names.alarm_arn("*")
    return document(
        *running(names)["Statement"],
        allow("PullImages", Action=PULL, Resource=f"arn:{names.partition}:ecr:{names.region}:*:repository/*"),
        allow("ReadArtefacts", Action="s3:GetObject", Resource=f"{names.bucket_arn('*')}/*", **reading),
        allow(
            "WriteCapturedData",
            Action="s3:PutObject",
            Resource=f"{names.bucket_arn('*')}/*",
            Condition=in_this_account,
        ),
        allow(
            "UseKeysThroughServices",
            Action=["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"],
            Resource=f"arn:{names.partition}:kms:{names.region}:*:key/*",
            Condition={"StringEquals": {"kms:ViaService": [names.kms_via_service(each) for each in services]}},
        ),
        allow("DescribeKeys", Action="kms:DescribeKey", Resource=f"arn:{names.partition}:kms:{names.region}:*:key/*"),
        allow(
            "ManageInterfaces",
            Action=[
                "ec2:CreateNetworkInterface",
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ],
            Resource=[names.arn("ec2", f"{kind}/*") for kind in ("network-interface", "security-group", "subnet")],
        ),
        allow("DescribeTheNetwork", Action=_DESCRIBE_NETWORK, Resource="*"),
        *([allow("ListModels", Action="s3:ListBucket", Resource=names.bucket_arn("*"), **reading)] if lists else []),
        *([allow("Publish", Action="sns:Publish", Resource=topics)] if publishes else []),
        *([allow("AskFunctions", Action="lambda:InvokeFunction", Resource=functions)] if asks_lambda else []),
        *([allow("ReadAlarms", Action="cloudwatch:DescribeAlarms", Resource=alarms)] if watches_alarms else []),
    )
