"""The Lambda function that invokes the endpoint, in the VPC."""

import json
from pathlib import Path

from cdktf import AssetType, TerraformAsset
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupEgress
from constructs import Construct
from network import PrivateNetwork

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


class CallerFunction(Construct):
    """Define the function and its role. Whoever defines the endpoint lets the role invoke it."""

    def __init__(self, scope: Construct, id_: str, *, network: PrivateNetwork, endpoint_name: str) -> None:
        super().__init__(scope, id_)
        self.role = IamRole(self, "Role", name="acme-dev-caller", assume_role_policy=json.dumps(_TRUST))
        vpc_access = IamRolePolicyAttachment(
            self,
            "VpcAccess",
            role=self.role.name,
            policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
        )
        group = SecurityGroup(
            self,
            "Group",
            name="acme-dev-caller",
            description="Caller of the endpoint",
            vpc_id=network.vpc.id,
            egress=[
                SecurityGroupEgress(
                    protocol="tcp", from_port=443, to_port=443, security_groups=[network.endpoints_group.id]
                )
            ],
        )
        code = TerraformAsset(self, "Code", path=str(Path(__file__).parent / "caller"), type=AssetType.ARCHIVE)
        LambdaFunction(
            self,
            "Default",
            function_name="acme-dev-caller",
            role=self.role.arn,
            runtime="python3.12",
            handler="handler.handle",
            filename=code.path,
            source_code_hash=code.asset_hash,
            timeout=70,
            environment={"variables": {"ENDPOINT_NAME": endpoint_name}},
            vpc_config={
                "subnet_ids": [subnet.id for subnet in network.subnets],
                "security_group_ids": [group.id],
            },
            depends_on=[vpc_access],
        )
