"""Who may administer and who may use the endpoint's key."""

from modules.names import Names, S3Location
from modules.policies import Document, Statement, allow, deny, document
from modules.policies.execution import capture_context


def key(names: Names, *, capture: S3Location | None, readers: tuple[str, ...]) -> Document:
    """Return the key policy: the account administers the key, and only named roles use it, only through services.

    A role is named by `aws:PrincipalArn` below the account's principal, not as the principal itself: KMS refuses a
    policy that names a role which does not exist yet, and the role's own policy has to agree as well.
    """
    statements = [
        allow(
            "AccountAdministersButCannotUse",
            Principal=_account(names),
            Action=[
                "kms:CancelKeyDeletion",
                "kms:CreateAlias",
                "kms:Delete*",
                "kms:Describe*",
                "kms:Disable*",
                "kms:Enable*",
                "kms:Get*",
                "kms:List*",
                "kms:Put*",
                "kms:Revoke*",
                "kms:RotateKeyOnDemand",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:Update*",
            ],
            Resource="*",
        ),
        # Whoever calls CreateEndpoint needs this as well, so it is not bound to the execution role: an identity of
        # the account whose own policy allows it may let SageMaker use the key, and nobody else.
        allow(
            "VolumeGrantsForSageMakerOnly",
            Principal=_account(names),
            Action="kms:CreateGrant",
            Resource="*",
            Condition={
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:ViaService": names.via("sagemaker"), "kms:CallerAccount": names.account_id},
            },
        ),
        allow(
            "CloudWatchLogsEncryptsThisLogGroup",
            Principal={"Service": names.via("logs")},
            Action=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            Resource="*",
            Condition={"StringEquals": {"kms:EncryptionContext:aws:logs:arn": names.log_group_arn}},
        ),
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
    if capture:
        writer = ["kms:Decrypt", "kms:GenerateDataKey"]
        statements.append(_through_s3(names, "ExecutionRoleUsesKeyThroughS3", capture, writer, names.role_arn))
    if capture and readers:
        statements.append(_through_s3(names, "ReadersDecryptThroughS3", capture, "kms:Decrypt", [*readers]))
    return document(*statements)


def _through_s3(
    names: Names, sid: str, capture: S3Location, action: str | list[str], role_arn: str | list[str]
) -> Statement:
    return allow(
        sid,
        Principal=_account(names),
        Action=action,
        Resource="*",
        Condition={
            "ArnEquals": {"aws:PrincipalArn": role_arn},
            "StringEquals": {"kms:ViaService": names.via("s3"), "kms:CallerAccount": names.account_id},
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": capture_context(names, capture)},
        },
    )


def _account(names: Names) -> dict[str, str]:
    return {"AWS": f"arn:{names.partition}:iam::{names.account_id}:root"}
