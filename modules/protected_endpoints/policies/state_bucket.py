"""Who may read and write the Terraform state of an environment, in the bucket that is made for it."""

from protected_endpoints.deployment import StateDeployment
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.policies import Document, document
from protected_endpoints.policies.bucket_statements import deny_all, encryption_denies, transport_denies
from protected_endpoints.policies.kms_key import administration, denials, through_s3
from protected_endpoints.policies.model_access import s3_contexts


def bucket(state: StateDeployment, name: str, *, key_arn: str) -> Document:
    """Return the policy of the bucket, which only denies: what it leaves open needs an identity policy too.

    It denies what is in the bucket, and leaves the bucket itself and the list of what is in it to IAM: if the last
    named deployer is gone, an administrator of the account applies the stack with another one, as they made it. Denied
    that as well, nobody but the account's root user could, and only by deleting the policy.
    Nobody deletes an earlier version; the lifecycle of the bucket does, which no policy binds.
    """
    names = state.names
    objects = f"{names.bucket_arn(name)}/*"
    everybody = sorted({*state.writers, *state.readers})
    return document(
        *transport_denies(names, name),
        deny_all(
            "OnlyDeployersWrite",
            ["s3:DeleteObject", "s3:PutObject"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": state.writers}},
        ),
        deny_all(
            "OnlyDeployersAndReadersRead",
            ["s3:GetObject", "s3:GetObjectVersion"],
            objects,
            {"ArnNotEquals": {"aws:PrincipalArn": everybody}},
        ),
        deny_all("NobodyDeletesVersions", "s3:DeleteObjectVersion", objects, None),
        # Terraform names the key by its alias, because it has to be known before there is a key.
        *encryption_denies(names, name, key=[key_arn, names.arn("kms", names.state_alias)]),
    )


def key(state: StateDeployment, name: str) -> Document:
    """Return the policy of the key: the account administers it and cannot use it, the named use it through S3 alone."""
    names = state.names
    states = s3_contexts(names, [S3Location(bucket=name, key=names.project)])
    statements = [
        *administration(names, []),
        through_s3(names, "DeployersUseKeyThroughS3", states, ["kms:Decrypt", "kms:GenerateDataKey"], state.writers),
    ]
    if state.readers:
        statements.append(through_s3(names, "ReadersDecryptThroughS3", states, "kms:Decrypt", state.readers))
    return document(*statements, *denials())
