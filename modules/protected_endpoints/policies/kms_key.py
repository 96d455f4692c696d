"""The policy of an endpoint's KMS key: who administers it, and who uses it for what."""

from collections.abc import Sequence

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.policies.document import Document, Statement, allow, deny, document
from protected_endpoints.policies.s3_data import ENCRYPTION_CONTEXT, encryption_contexts

_READ = ["kms:Describe*", "kms:Get*", "kms:List*"]
_ENCRYPT_LOGS = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
_ADMINISTER = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:Delete*",
    "kms:Disable*",
    "kms:Enable*",
    "kms:Put*",
    "kms:Revoke*",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:Update*",
]


def key_policy(names: EndpointNames, deployment: Deployment) -> Document:
    """Return the policy of a managed key: administrators cannot use it, and users use it through AWS services only.

    Statements name a role by `aws:PrincipalArn`, with its account as the principal: KMS rejects a policy whose
    principal is a role that does not exist yet, and this way the role's own policy has to allow the use as well. The
    account's root user stays an administrator, so that the key can be recovered when the named roles are deleted.
    """
    admins, deployers = deployment.endpoint.kms.admins, deployment.deployer_arns
    return document(
        *administration_statements(names, sorted({*admins, *deployers, names.iam_arn("root")}) if admins else []),
        *_usage_statements(names, deployment),
        *key_denies(),
    )


def existing_key_statements(names: EndpointNames, deployment: Deployment) -> dict[str | None, list[Statement]]:
    """Return the statements that the policies of existing keys need, by the ARN of the key.

    The first key is the endpoint's, None if it is managed. It needs kms:DescribeKey as well, which the policy of a
    managed key leaves to IAM. The others are the keys of S3 data and SNS topics.
    """
    endpoint_key = deployment.endpoint.kms.key_arn
    describe = allow("LookAtTheKey", Principal=_account(names), Action="kms:DescribeKey", Resource="*")
    data = [flow.key_arn for flows in deployment.data_flows.values() for flow in flows]
    data_keys = [key for key in (*data, deployment.topics_key) if key not in (None, endpoint_key)]
    return {endpoint_key: [*_usage_statements(names, deployment), describe]} | {
        key: _data_statements(names, deployment, {key}) for key in data_keys
    }


def _usage_statements(names: EndpointNames, deployment: Deployment) -> list[Statement]:
    """Return the statements for the use of the endpoint's key by SageMaker, CloudWatch Logs, its role and readers."""
    # The principal that calls CreateEndpoint needs a grant, not only the execution role. Without configured deployers
    # it can be any identity of the account that IAM allows to create the grant.
    deployers = deployment.deployer_arns
    principals = (
        {"ArnEquals": {"aws:PrincipalArn": sorted({deployment.execution_role_arn, *deployers})}} if deployers else {}
    )
    return [
        allow(
            "VolumeGrantsForSageMakerOnly",
            Principal=_account(names),
            Action="kms:CreateGrant",
            Resource="*",
            Condition={
                **principals,
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {
                    "kms:ViaService": names.kms_via_service("sagemaker"),
                    "kms:CallerAccount": names.account_id,
                },
            },
        ),
        allow(
            "CloudWatchLogsEncryptsThisLogGroup",
            Principal={"Service": names.kms_via_service("logs")},
            Action=_ENCRYPT_LOGS,
            Resource="*",
            Condition={"StringEquals": {"kms:EncryptionContext:aws:logs:arn": names.log_group_arn}},
        ),
        *_component_logs(names, deployment),
        *_data_statements(names, deployment, {None, deployment.endpoint.kms.key_arn}),
    ]


def _component_logs(names: EndpointNames, deployment: Deployment) -> list[Statement]:
    groups = [names.arn("logs", f"log-group:{name}") for name in deployment.component_log_groups.values()]
    return (
        [
            allow(
                "CloudWatchLogsEncryptsTheLogGroupsOfComponents",
                Principal={"Service": names.kms_via_service("logs")},
                Action=_ENCRYPT_LOGS,
                Resource="*",
                Condition={"StringEquals": {"kms:EncryptionContext:aws:logs:arn": groups}},
            )
        ]
        if groups
        else []
    )


def _data_statements(names: EndpointNames, deployment: Deployment, keys: set[str | None]) -> list[Statement]:
    """Return the statements for the use of keys for S3 data and SNS topics. In `keys`, None is the endpoint's key."""
    role, statements = deployment.execution_role_arn, []
    if written_flows := [flow for flow in deployment.written_data if flow.key_arn in keys]:
        sid, actions = "ExecutionRoleUsesKeyThroughS3", ["kms:Decrypt", "kms:GenerateDataKey"]
        statements.append(s3_key_usage(names, sid, encryption_contexts(names, written_flows), actions, role))
    for kind, flows in deployment.read_data.items():
        if read_flows := [flow for flow in flows if flow.key_arn and flow.key_arn in keys]:
            sid, contexts = f"ExecutionRoleDecrypts{kind.title}", encryption_contexts(names, read_flows)
            statements.append(s3_key_usage(names, sid, contexts, "kms:Decrypt", role))
    for output in deployment.readable_outputs:
        if output.key_arn in keys:
            sid = f"ReadersOf{output.kind.title}DecryptThroughS3"
            contexts, readers = encryption_contexts(names, output.flows), sorted(output.readers)
            statements.append(s3_key_usage(names, sid, contexts, "kms:Decrypt", readers))
    if deployment.topics_key and deployment.topics_key in keys:
        statements.append(_topics_statement(names, deployment))
    return statements


def _topics_statement(names: EndpointNames, deployment: Deployment) -> Statement:
    return allow(
        "ExecutionRoleUsesKeyThroughSns",
        Principal=_account(names),
        Action=["kms:Decrypt", "kms:GenerateDataKey"],
        Resource="*",
        Condition={
            "ArnEquals": {"aws:PrincipalArn": deployment.execution_role_arn},
            "StringEquals": {
                "kms:ViaService": names.kms_via_service("sns"),
                "kms:CallerAccount": names.account_id,
                "kms:EncryptionContext:aws:sns:topicArn": [*deployment.notification_topics],
            },
        },
    )


def administration_statements(names: EnvironmentNames, admins: list[str]) -> list[Statement]:
    """Return the statements for the administrators of a key, who cannot use it.

    These are the roles `admins`, or any identity that IAM allows if the list is empty.
    """
    if not admins:
        return [_for_account(names, "AccountAdministersButCannotUse", [*_READ, *_ADMINISTER])]
    condition = {"ArnEquals": {"aws:PrincipalArn": admins}}
    return [
        _for_account(names, "AccountSeesTheKey", _READ),
        {**_for_account(names, "AdminsAdministerButCannotUse", _ADMINISTER), "Condition": condition},
    ]


def key_denies() -> list[Statement]:
    """Return the denials for every principal: grants outside of AWS services, and skipping the lockout check."""
    return [
        deny(
            "NeverGrantOutsideAwsServices",
            Principal="*",
            Action="kms:CreateGrant",
            Resource="*",
            Condition={"Bool": {"kms:GrantIsForAWSResource": "false"}},
        ),
        deny(
            "NeverSkipTheLockoutCheck",
            Principal="*",
            Action="kms:PutKeyPolicy",
            Resource="*",
            Condition={"Bool": {"kms:BypassPolicyLockoutSafetyCheck": "true"}},
        ),
    ]


def s3_key_usage(
    names: EnvironmentNames, sid: str, contexts: Sequence[str], action: str | list[str], role_arn: str | list[str]
) -> Statement:
    """Return the statement that roles use a key through S3, and for objects with these encryption contexts."""
    return allow(
        sid,
        Principal=_account(names),
        Action=action,
        Resource="*",
        Condition={
            "ArnEquals": {"aws:PrincipalArn": role_arn},
            "StringEquals": {"kms:ViaService": names.kms_via_service("s3"), "kms:CallerAccount": names.account_id},
            "StringLike": {ENCRYPTION_CONTEXT: [*contexts]},
        },
    )


def _for_account(names: EnvironmentNames, sid: str, actions: list[str]) -> Statement:
    return allow(sid, Principal=_account(names), Action=sorted(actions), Resource="*")


def _account(names: EnvironmentNames) -> dict[str, str]:
    return {"AWS": names.iam_arn("root")}
