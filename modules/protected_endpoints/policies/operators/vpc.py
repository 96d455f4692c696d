"""What whoever deploys does in an environment's VPC: security groups, and the private endpoints where they are made.

EC2 knows the tags of what it makes from the first moment, so everything there is told by them.
"""

from protected_endpoints.config import Network
from protected_endpoints.policies import Statement, allow
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope

_GROUP = ["ec2:AuthorizeSecurityGroupEgress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress"]
_PRIVATE_GROUP = [
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateVpcEndpoint",
    "ec2:ModifyVpcEndpoint",
    "ec2:RevokeSecurityGroupIngress",
]


def vpc_statements(reach: EnvironmentScope) -> list[Statement]:
    """Return what makes and changes the groups of models and, where the environment makes them, its VPC endpoints."""
    if not (network := reach.environment.network):
        return []
    private = network.private_endpoints
    groups, endpoints = reach.ec2("security-group", "*"), reach.ec2("vpc-endpoint", "*")
    made = [*groups, *(endpoints if private else [])]
    asked, ours = reach.only_tagged("Request"), reach.only_tagged("Resource")
    creating = ["CreateSecurityGroup", *(["CreateVpcEndpoint"] if private else [])]
    vpc = reach.ec2("vpc", network.vpc_id)
    statements = [
        allow("MakeGroups", Action="ec2:CreateSecurityGroup", Resource=groups, Condition=asked),
        allow("MakeInThisVpc", Action=[f"ec2:{each}" for each in creating], Resource=vpc),
        allow("ChangeGroups", Action=[*_GROUP, *(_PRIVATE_GROUP if private else [])], Resource=groups, Condition=ours),
        allow(
            "TagWhatIsMade",
            Action="ec2:CreateTags",
            Resource=made,
            Condition={"StringEquals": {"ec2:CreateAction": creating}},
        ),
        allow("TagOurs", Action=["ec2:CreateTags", "ec2:DeleteTags"], Resource=made, Condition=ours),
    ]
    return [*statements, *_private_endpoints(reach, network)] if private else statements


def _private_endpoints(reach: EnvironmentScope, network: Network) -> list[Statement]:
    """Return what makes the endpoints of the runtime API and of S3, in the given subnets and on the given tables."""
    names = reach.names
    endpoints = reach.ec2("vpc-endpoint", "*")
    services = [names.runtime_service, names.s3_service]
    places = [*reach.ec2("subnet", *network.subnet_ids), *reach.ec2("route-table", *network.route_table_ids)]
    return [
        allow(
            "MakePrivateEndpoints",
            Action="ec2:CreateVpcEndpoint",
            Resource=endpoints,
            Condition={"StringEquals": {**reach.tagged("Request"), "ec2:VpceServiceName": services}},
        ),
        allow("PutPrivateEndpoints", Action=["ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint"], Resource=places),
        allow(
            "ChangePrivateEndpoints",
            Action=["ec2:DeleteVpcEndpoints", "ec2:ModifyVpcEndpoint"],
            Resource=endpoints,
            Condition=reach.only_tagged("Resource"),
        ),
        # EC2 asks for it where private DNS is on; the zone is EC2's own.
        allow(
            "NamePrivateEndpoints",
            Action="route53:AssociateVPCWithHostedZone",
            Resource="*",
            Condition={
                "ForAllValues:StringEquals": {"route53:VPCs": f"VPCId={network.vpc_id},VPCRegion={names.region}"}
            },
        ),
    ]
