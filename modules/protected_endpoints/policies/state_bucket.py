"""The policies of the managed bucket and key for an environment's Terraform state."""

from protected_endpoints.deployment import StateDeployment
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.policies.bucket_statements import deny_all, encryption_denies, transport_denies
from protected_endpoints.policies.document import Document, document
from protected_endpoints.policies.kms_key import administration_statements, key_denies, s3_key_usage

WRITE_OBJECTS = ["s3:DeleteObject", "s3:PutObject", "s3:ReplicateDelete", "s3:ReplicateObject"]
CHANGE_ALIAS = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
CHANGE_BUCKET = [
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
]


def bucket_policy(state: StateDeployment, name: str, *, key_arn: str) -> Document:
    """Return the bucket policy. It has denials only: what it does not deny needs an identity policy.

    The denials protect objects. Actions on the bucket itself and listing are left to IAM, so that an administrator of
    the account can apply the stack with another deployer after the last one is deleted. If the policy denied that too,
    only the account's root user could recover the bucket, by deleting the policy.
    No principal can delete an old version. The lifecycle configuration expires it, and bucket policies do not apply
    to lifecycle actions.

    Only administrators write the states of the stacks that they apply, of the state and of the trail: Terraform
    installs every provider that a state names, so a principal that writes such a state can run a program with the
    credentials of the administrator who applies it next.
    """
    names, administrators = state.names, state.administrators
    bucket = names.bucket_arn(name)
    objects = f"{bucket}/*"
    writers = sorted({*state.writers, *administrators})
    deployers = sorted({*state.writers} - {*administrators})
    return document(
        *transport_denies(names, name),
        deny_all(
            "OnlyDeployersWrite",
            ["s3:DeleteObject", "s3:PutObject"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": writers}},
        ),
        deny_all(
            "OnlyAdministratorsWriteTheStateOfRoles",
            WRITE_OBJECTS,
            _states_of_administrators(state, bucket),
            {"ArnNotEquals": {"aws:PrincipalArn": administrators}},
        ),
        *(
            [
                deny_all(
                    "DeployersDoNotChangeTheBucket",
                    CHANGE_BUCKET,
                    bucket,
                    {"ArnEquals": {"aws:PrincipalArn": deployers}},
                )
            ]
            if deployers
            else []
        ),
        deny_all(
            "OnlyDeployersAndReadersRead",
            ["s3:GetObject", "s3:GetObjectVersion"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": sorted({*writers, *state.readers})}},
        ),
        deny_all("NobodyDeletesVersions", "s3:DeleteObjectVersion", objects, None),
        # The backend configuration is written before the key exists, so Terraform sends the alias of the key.
        *encryption_denies(names, name, key=[key_arn, names.arn("kms", names.state_alias)]),
    )


def _states_of_administrators(state: StateDeployment, bucket: str) -> str | list[str]:
    names = state.names
    of_roles = f"{bucket}/{names.state_stack_key}"
    return [of_roles, f"{bucket}/{names.audit_stack_key}"] if state.environment.audit.create_trail else of_roles


def key_policy(state: StateDeployment, name: str) -> Document:
    """Return the key policy: the account administers the key, and deployers and readers use it through S3 only."""
    names = state.names
    contexts = [names.bucket_arn(name), names.objects_arn(S3Location(bucket=name, key=names.project))]
    statements = [
        *administration_statements(names, []),
        s3_key_usage(
            names,
            "DeployersUseKeyThroughS3",
            contexts,
            ["kms:Decrypt", "kms:GenerateDataKey"],
            sorted({*state.writers, *state.administrators}),
        ),
    ]
    if state.readers:
        statements.append(s3_key_usage(names, "ReadersDecryptThroughS3", contexts, "kms:Decrypt", state.readers))
    return document(*statements, *key_denies())
