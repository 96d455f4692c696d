"""Who may administer and who may use the endpoint's key."""

from collections.abc import Sequence

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.names import EnvironmentNames, Names
from protected_endpoints.policies import Document, Statement, allow, deny, document
from protected_endpoints.policies.model_access import model_data_contexts, s3_contexts

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
    """Return who uses the endpoint's key and for what."""
    # Whoever calls CreateEndpoint needs a grant, not the execution role alone. Where no deployers are named it is any
    # identity of the account whose own policy allows it, and nobody else.
    deployers = deployment.deployer_arns
    granters = {"ArnEquals": {"aws:PrincipalArn": sorted({names.role_arn, *deployers})}} if deployers else {}
    return [
        allow(
            "VolumeGrantsForSageMakerOnly",
            Principal=_account(names),
            Action="kms:CreateGrant",
            Resource="*",
            Condition={
                **granters,
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
            Action=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            Resource="*",
            Condition={"StringEquals": {"kms:EncryptionContext:aws:logs:arn": names.log_group_arn}},
        ),
        *_data(names, deployment, {None, deployment.endpoint.kms.key_arn}),
    ]


def existing(names: Names, deployment: Deployment) -> dict[str | None, list[Statement]]:
    """Return what the policies of existing keys need, by the key.

    The first is the endpoint's: its use, and a look at it, which a made key leaves open. Where that one is made, it is
    called None. The others are those that data and topics are under.
    """
    own = deployment.endpoint.kms.key_arn
    looking = allow("LookAtTheKey", Principal=_account(names), Action="kms:DescribeKey", Resource="*")
    of_data = [*deployment.model_data_by_key, *deployment.write_locations_by_key]
    keys = [*of_data, deployment.requests_key, deployment.topics_key]
    statements: dict[str | None, list[Statement]] = {own: [*use(names, deployment), looking]}
    return statements | {key: _data(names, deployment, {key}) for key in keys if key not in (None, own)}


def _data(names: Names, deployment: Deployment, keys: set[str | None]) -> list[Statement]:
    """Return who uses one key for what is in S3 and in topics; None is what the endpoint's own is called."""
    role, statements = names.role_arn, []
    written = [each for key, places in deployment.write_locations_by_key.items() if key in keys for each in places]
    loaded = [each for key, data in deployment.model_data_by_key.items() if key in keys for each in data]
    if written:
        sid, actions = "ExecutionRoleUsesKeyThroughS3", ["kms:Decrypt", "kms:GenerateDataKey"]
        statements.append(through_s3(names, sid, s3_contexts(names, written), actions, role))
    if loaded:
        sid, contexts = "ExecutionRoleDecryptsModelData", model_data_contexts(names, loaded)
        statements.append(through_s3(names, sid, contexts, "kms:Decrypt", role))
    for each in deployment.readable:
        if each.key_arn in keys:
            sid, contexts = f"ReadersOf{each.kind.capitalize()}DecryptThroughS3", s3_contexts(names, each.places)
            statements.append(through_s3(names, sid, contexts, "kms:Decrypt", sorted(each.readers)))
    if deployment.requests_key and deployment.requests_key in keys:
        sid, contexts = "ExecutionRoleDecryptsRequests", s3_contexts(names, deployment.input_locations)
        statements.append(through_s3(names, sid, contexts, "kms:Decrypt", role))
    if deployment.topics_key and deployment.topics_key in keys:
        statements.append(
            allow(
                "ExecutionRoleUsesKeyThroughSns",
                Principal=_account(names),
                Action=["kms:Decrypt", "kms:GenerateDataKey"],
                Resource="*",
                Condition={
                    "ArnEquals": {"aws:PrincipalArn": role},
                    "StringEquals": {
                        "kms:ViaService": names.kms_via_service("sns"),
                        "kms:CallerAccount": names.account_id,
                        "kms:EncryptionContext:aws:sns:topicArn": [*deployment.notification_topics],
                    },
                },
            )
        )
    return statements


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
    names: EnvironmentNames, sid: str, contexts: Sequence[str], action: str | list[str], role_arn: str | list[str]
) -> Statement:
    """Return that roles use a key, through S3 and for data of these encryption contexts alone."""
    return allow(
        sid,
        Principal=_account(names),
        Action=action,
        Resource="*",
        Condition={
            "ArnEquals": {"aws:PrincipalArn": role_arn},
            "StringEquals": {"kms:ViaService": names.kms_via_service("s3"), "kms:CallerAccount": names.account_id},
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": [*contexts]},
        },
    )


def _account(names: EnvironmentNames) -> dict[str, str]:
    return {"AWS": names.iam_arn("root")}
