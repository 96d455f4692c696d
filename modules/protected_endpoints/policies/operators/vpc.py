"""The permissions of deployers in an environment's VPC: security groups and managed VPC endpoints.

EC2 evaluates the tags of a resource from its creation on, so every resource is identified by its tags.
"""

from protected_endpoints.config import Network
from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope

_GROUP = ["ec2:AuthorizeSecurityGroupEgress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress"]
_PRIVATE_GROUP = [
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateVpcEndpoint",
    "ec2:ModifyVpcEndpoint",
    "ec2:RevokeSecurityGroupIngress",
]


def vpc_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions for the security groups of models and, if they are managed, for VPC endpoints."""
    if not (network := scope.environment.network):
        return []
    private = network.private_endpoints
    groups, endpoints = scope.ec2_arns("security-group", "*"), scope.ec2_arns("vpc-endpoint", "*")
    taggable = [*groups, *(endpoints if private else [])]
    on_request, on_resource = scope.tag_condition("Request"), scope.tag_condition("Resource")
    create = ["CreateSecurityGroup", *(["CreateVpcEndpoint"] if private else [])]
    change = [*_GROUP, *(_PRIVATE_GROUP if private else [])]
    vpc = scope.ec2_arns("vpc", network.vpc_id)
    statements = [
        allow("MakeGroups", Action="ec2:CreateSecurityGroup", Resource=groups, Condition=on_request),
        allow("MakeInThisVpc", Action=[f"ec2:{action}" for action in create], Resource=vpc),
        allow("ChangeGroups", Action=change, Resource=groups, Condition=on_resource),
        allow(
            "TagWhatIsMade",
            Action="ec2:CreateTags",
            Resource=taggable,
            Condition={"StringEquals": {"ec2:CreateAction": create}},
        ),
        allow("TagOurs", Action=["ec2:CreateTags", "ec2:DeleteTags"], Resource=taggable, Condition=on_resource),
    ]
    return [*statements, *_vpc_endpoints(scope, network)] if private else statements


def _vpc_endpoints(scope: EnvironmentScope, network: Network) -> list[Statement]:
    """Return the permissions for VPC endpoints of the runtime API and S3, in the configured subnets and tables."""
    names = scope.names
    endpoints = scope.ec2_arns("vpc-endpoint", "*")
    services = [names.runtime_service, names.s3_service]
    attached_to = [
        *scope.ec2_arns("subnet", *network.subnet_ids),
        *scope.ec2_arns("route-table", *network.route_table_ids),
    ]
    return [
        allow(
            "MakePrivateEndpoints",
            Action="ec2:CreateVpcEndpoint",
            Resource=endpoints,
            Condition={"StringEquals": {**scope.tag_values("Request"), "ec2:VpceServiceName": services}},
        ),
        allow("PutPrivateEndpoints", Action=["ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint"], Resource=attached_to),
        allow(
            "ChangePrivateEndpoints",
            Action=["ec2:DeleteVpcEndpoints", "ec2:ModifyVpcEndpoint"],
            Resource=endpoints,
            Condition=scope.tag_condition("Resource"),
        ),
        # Required for private DNS. The hosted zone belongs to EC2.
        allow(
            "NamePrivateEndpoints",
            Action="route53:AssociateVPCWithHostedZone",
            Resource="*",
            Condition={
                "ForAllValues:StringEquals": {"route53:VPCs": f"VPCId={network.vpc_id},VPCRegion={names.region}"}
            },
        ),
    ]
