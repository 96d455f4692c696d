"""The managed permissions boundary of an execution role."""

from collections.abc import Sequence

from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.document import Document, Statement, allow, document
from protected_endpoints.policies.execution_role_base import DESCRIBE_NETWORK, PULL, base_permissions
from protected_endpoints.policies.s3_data import account_condition


def permissions_boundary(
    deployment: Deployment,
    *,
    model_data_of_any_account: bool,
    needs_sns: bool,
    needs_lambda: bool,
    needs_alarms: bool,
    permissions: Sequence[Statement],
) -> Document:
    """Return the maximum permissions of the role, whatever policies are attached to it later.

    The boundary is for every version of the endpoint, so it allows types of resources where the role's own policies
    allow one resource. It includes optional permissions only if the endpoint needs them: to list model data, publish
    to SNS, invoke Lambda functions for registry credentials, and read alarms. `permissions` are the statements for the
    container itself, which it includes as they are.

    It allows model data in buckets of this account and of each `model_data_account_id`, and in the buckets of
    JumpStart that the endpoint uses; with `model_data_of_any_account` in every bucket.
    """
    names, model_data = deployment.names, deployment.model_data
    in_this_account = account_condition(names.account_id)
    others = sorted({flow.account_id for flow in model_data if flow.account_id} - {names.account_id})
    owner = {} if model_data_of_any_account else account_condition(names.account_id, *others)
    read_condition = {"Condition": owner} if owner else {}
    needs_list = any(flow.is_prefix for flow in model_data)
    jumpstart = sorted({flow.location.bucket for flow in model_data if owner and not flow.has_account_condition})
    buckets = [names.bucket_arn(bucket) for bucket in jumpstart]
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
        (
            bool(buckets),
            allow("ReadJumpStart", Action="s3:GetObject", Resource=[f"{bucket}/*" for bucket in buckets]),
        ),
        (bool(buckets) and needs_list, allow("ListJumpStart", Action="s3:ListBucket", Resource=buckets)),
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
        *permissions,
    )
