"""The managed permissions boundary of an execution role."""

from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.document import Document, Statement, allow, document
from protected_endpoints.policies.execution_role_base import DESCRIBE_NETWORK, PULL, base_permissions


def permissions_boundary(
    deployment: Deployment,
    *,
    model_data_of_any_account: bool,
    needs_list: bool,
    needs_sns: bool,
    needs_lambda: bool,
    needs_alarms: bool,
) -> Document:
    """Return the maximum permissions of the role, whatever policies are attached to it later.

    The boundary is for every version of the endpoint, so it allows types of resources where the role's own policies
    allow one resource. It includes optional permissions only if the endpoint needs them: to list model data, publish
    to SNS, invoke Lambda functions for registry credentials, and read alarms.
    """
    names = deployment.names
    in_this_account = {"StringEquals": {"aws:ResourceAccount": names.account_id}}
    read_condition = {} if model_data_of_any_account else {"Condition": in_this_account}
    keys = names.arn("kms", "key/*", "*")
    services = ["s3", "sagemaker", *(["sns"] if needs_sns else [])]
    optional: list[tuple[bool, Statement]] = [
        (needs_list, allow("ListModels", Action="s3:ListBucket", Resource=names.bucket_arn("*"), **read_condition)),
        (needs_sns, allow("Publish", Action="sns:Publish", Resource=names.arn("sns", "*"))),
        (
            needs_lambda,
            allow("AskFunctions", Action="lambda:InvokeFunction", Resource=names.arn("lambda", "function:*")),
        ),
        (needs_alarms, allow("ReadAlarms", Action="cloudwatch:DescribeAlarms", Resource=names.alarm_arn("*"))),
    ]
    return document(
        *base_permissions(deployment)["Statement"],
        allow("PullImages", Action=PULL, Resource=names.arn("ecr", "repository/*", "*")),
        allow("ReadArtefacts", Action="s3:GetObject", Resource=f"{names.bucket_arn('*')}/*", **read_condition),
        allow(
            "WriteCapturedData",
            Action="s3:PutObject",
            Resource=f"{names.bucket_arn('*')}/*",
            Condition=in_this_account,
        ),
        allow(
            "UseKeysThroughServices",
            Action=["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"],
            Resource=keys,
            Condition={"StringEquals": {"kms:ViaService": [names.kms_via_service(service) for service in services]}},
        ),
        allow("DescribeKeys", Action="kms:DescribeKey", Resource=keys),
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
        allow("DescribeTheNetwork", Action=DESCRIBE_NETWORK, Resource="*"),
        *(statement for is_needed, statement in optional if is_needed),
    )
