"""The statements for the policies of model data buckets in other accounts, which their owners add."""

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import DataFlow
from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.s3_data import list_condition, object_arns


def model_data_bucket_statements(deployment: Deployment) -> dict[str, list[Statement]]:
    """Return the statements by the name of the bucket: the execution role reads and lists its model data.

    S3 rejects a policy with the ARN of a role that does not exist yet as the principal, so that the principal is the
    account, and a condition names the role.
    """
    flows: dict[str, list[DataFlow]] = {}
    for flow in deployment.model_data:
        if flow.account_id not in (None, deployment.environment.account_id):
            flows.setdefault(flow.location.bucket, []).append(flow)
    return {bucket: _statements(deployment, bucket, stored) for bucket, stored in flows.items()}


def _statements(deployment: Deployment, bucket: str, flows: list[DataFlow]) -> list[Statement]:
    names = deployment.names
    prefixes = [*dict.fromkeys(flow.location for flow in flows if flow.is_prefix)]
    role = {"ArnEquals": {"aws:PrincipalArn": deployment.execution_role_arn}}
    principal = {"AWS": names.iam_arn("root")}
    read = allow(
        "ExecutionRoleReadsModelData",
        Principal=principal,
        Action="s3:GetObject",
        Resource=object_arns(names, flows),
        Condition=role,
    )
    lists = [
        allow(
            f"ExecutionRoleListsModelData{number}",
            Principal=principal,
            Action="s3:ListBucket",
            Resource=names.bucket_arn(bucket),
            Condition={**role, **list_condition(prefix)},
        )
        for number, prefix in enumerate(prefixes, 1)
    ]
    return [read, *lists]
