"""Who may administer and who may use the endpoint's key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modules.names import EnvironmentNames, Names
from modules.policies import Document, Statement, allow, deny, document
from modules.policies.version import s3_contexts
from modules.s3_location import S3Location

if TYPE_CHECKING:
    from modules.config import Deployment

_READ = ["kms:Describe*", "kms:Get*", "kms:List*"]
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


def key(names: Names, deployment: Deployment) -> Document:
    """Return the policy of a made key: some administer it but cannot use it, others use it through services alone.

    A role is named by `aws:PrincipalArn` below the account's principal, not as the principal itself: KMS refuses a
    policy that names a role which does not exist yet, and the role's own policy has to agree as well. The account's
    root user stays an administrator, or nobody could take over when the named roles are gone.
    """
    admins, deployers = deployment.endpoint.kms.admins, deployment.deployer_arns
    named = sorted({*admins, *deployers, names.iam_arn("root")}) if admins else []
    return document(
        *administration(names, named),
        *use(names, deployment),
        *denials(),
    )


def use(names: Names, deployment: Deployment) -> list[Statement]:
    """Return who uses the key and for what."""
    # Whoever calls CreateEndpoint needs a grant, not the execution role alone. Where no deployers are named it is any
    # identity of the account whose own policy allows it, and nobody else.
    deployers = deployment.deployer_arns
    granters = {"ArnEquals": {"aws:PrincipalArn": sorted({names.role_arn, *deployers})}} if deployers else {}
    statements = [
        allow(
            "VolumeGrantsForSageMakerOnly",
            Principal=_account(names),
            Action="kms:CreateGrant",
            Resource="*",
            Condition={
                **granters,
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
    ]
    if written := deployment.writes_by_key.get(None):
        writer = ["kms:Decrypt", "kms:GenerateDataKey"]
        statements.append(through_s3(names, "ExecutionRoleUsesKeyThroughS3", written, writer, names.role_arn))
    for each in deployment.readable:
        if each.key_arn is None:
            sid = f"ReadersOf{each.kind.capitalize()}DecryptThroughS3"
            statements.append(through_s3(names, sid, each.places, "kms:Decrypt", sorted(each.readers)))
    return statements


def existing(names: Names, deployment: Deployment) -> list[Statement]:
    """Return what the policy of an existing key needs: use, and a look at it, which a made key leaves open."""
    looking = allow("LookAtTheKey", Principal=_account(names), Action="kms:DescribeKey", Resource="*")
    return [*use(names, deployment), looking]


def administration(names: EnvironmentNames, admins: list[str]) -> list[Statement]:
    """Return who administers a key and cannot use it: the account's IAM decides, or the named alone may."""
    if not admins:
        return [_for_account(names, "AccountAdministersButCannotUse", [*_READ, *_ADMINISTER])]
    only_they = {"Condition": {"ArnEquals": {"aws:PrincipalArn": admins}}}
    return [
        _for_account(names, "AccountSeesTheKey", _READ),
        {**_for_account(names, "AdminsAdministerButCannotUse", _ADMINISTER), **only_they},
    ]


def denials() -> list[Statement]:
    """Return what nobody may do with a key, whatever else they are given."""
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


def _for_account(names: EnvironmentNames, sid: str, actions: list[str]) -> Statement:
    return allow(sid, Principal=_account(names), Action=sorted(actions), Resource="*")


def through_s3(
    names: EnvironmentNames, sid: str, places: Sequence[S3Location], action: str | list[str], role_arn: str | list[str]
) -> Statement:
    """Return that roles use a key, through S3 and for places there alone."""
    return allow(
        sid,
        Principal=_account(names),
        Action=action,
        Resource="*",
        Condition={
            "ArnEquals": {"aws:PrincipalArn": role_arn},
            "StringEquals": {"kms:ViaService": names.via("s3"), "kms:CallerAccount": names.account_id},
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": s3_contexts(names, places)},
        },
    )


def _account(names: EnvironmentNames) -> dict[str, str]:
    return {"AWS": names.iam_arn("root")}
