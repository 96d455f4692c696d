"""Readers, deployers, key administrators, permissions boundaries and relaxations."""

from tests.rules.pair import (
    CHINESE_ROLE,
    FOREIGN_ROLE,
    NOT_ATTACHABLE,
    NOT_IN_ACCOUNT,
    NOT_IN_PARTITION,
    OVERRIDE,
    REASON,
    ROLE,
    SSO_ROLE,
    Pair,
)

PAIRS = [
    Pair(
        "reader-not-in-account",
        passes={"data_capture": {"readers": [f"{ROLE}/analyst"]}},
        fails={"data_capture": {"readers": [FOREIGN_ROLE]}},
        messages=(f"endpoints.kmeans.data_capture.readers[0]: {NOT_IN_ACCOUNT.format(FOREIGN_ROLE)}, or {OVERRIDE}",),
    ),
    Pair(
        "reader-not-in-account",
        passes={"in_environment": {"audit": {"create_trail": True, "readers": [f"{ROLE}/auditor"]}}},
        fails={"in_environment": {"audit": {"create_trail": True, "readers": [FOREIGN_ROLE]}}},
        messages=(f"environments.dev.audit.readers[0]: {NOT_IN_ACCOUNT.format(FOREIGN_ROLE)}",),
    ),
    Pair(
        "reader-service-role",
        passes={"data_capture": {"readers": [f"{ROLE}/analyst", f"{ROLE}/service-role/batch"]}},
        fails={"data_capture": {"readers": [f"{ROLE}/analyst", SSO_ROLE]}},
        messages=(f"endpoints.kmeans.data_capture.readers[1]: {NOT_ATTACHABLE.format(SSO_ROLE)}",),
    ),
    Pair(
        "reader-duplicate",  # a role can be an invoker and a reader
        passes={"invokers": [f"{ROLE}/a"], "data_capture": {"readers": [f"{ROLE}/a", f"{ROLE}/b"]}},
        fails={"data_capture": {"readers": [f"{ROLE}/a", f"{ROLE}/b", f"{ROLE}/path/a", f"{ROLE}/B"]}},
        messages=(
            f'endpoints.kmeans.data_capture.readers[2]: duplicate entry, got "{ROLE}/path/a"; remove it',
            f'endpoints.kmeans.data_capture.readers[3]: duplicate entry, got "{ROLE}/B"; remove it',
        ),
    ),
    Pair(
        "deployer-not-in-account",
        passes={"in_environment": {"deployers": [f"{ROLE}/ci"]}, "kms": {"admins": [f"{ROLE}/security"]}},
        fails={
            "in_environment": {"deployers": [f"{ROLE}/ci", FOREIGN_ROLE]},
            "kms": {"admins": [CHINESE_ROLE, f"{ROLE}/security"]},
        },
        messages=(
            f"environments.dev.deployers[1]: {NOT_IN_ACCOUNT.format(FOREIGN_ROLE)}",
            f"endpoints.kmeans.kms.admins[0]: {NOT_IN_PARTITION}, or {OVERRIDE}",
        ),
    ),
    Pair(
        "key-admins-without-deployers",
        passes={"in_environment": {"deployers": [f"{ROLE}/ci"]}, "kms": {"admins": [f"{ROLE}/security"]}},
        fails={"kms": {"admins": [f"{ROLE}/security"]}},
        messages=(
            "endpoints.kmeans.kms.admins: would lock out the deployer: no deployers are configured, got "
            f'["{ROLE}/security"]; add deployers to [environments.dev]',
        ),
    ),
    Pair(
        "boundary-not-in-account",
        passes={"in_environment": {"permissions_boundary_arn": "arn:aws:iam::111122223333:policy/ml-boundary"}},
        fails={"in_environment": {"permissions_boundary_arn": "arn:aws:iam::444455556666:policy/ml-boundary"}},
        messages=(
            "environments.dev.permissions_boundary_arn: the policy is not in account 111122223333, got "
            '"arn:aws:iam::444455556666:policy/ml-boundary"; use a policy in that account',
        ),
    ),
    Pair(
        "boundary-not-in-account",  # policies of AWS are available in every account
        passes={"in_environment": {"permissions_boundary_arn": "arn:aws:iam::aws:policy/PowerUserAccess"}},
        fails={"in_environment": {"permissions_boundary_arn": "arn:aws:iam::444455556666:policy/aws"}},
        messages=(
            "environments.dev.permissions_boundary_arn: the policy is not in account 111122223333, got "
            '"arn:aws:iam::444455556666:policy/aws"; use a policy in that account',
        ),
    ),
    Pair(
        "protection-relaxed",
        fails={"relax": {"network_isolation": REASON, "prevent_destroy": REASON}},
        messages=(
            f'endpoints.kmeans.relax.network_isolation: this protection is relaxed, got "{REASON}"; remove the '
            "key to restore the protection",
            f'endpoints.kmeans.relax.prevent_destroy: this protection is relaxed, got "{REASON}"; remove the key '
            "to restore the protection",
        ),
    ),
]
