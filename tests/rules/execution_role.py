"""Existing execution roles."""

from tests.rules.pair import (
    CHINESE_ROLE,
    FOREIGN_ROLE,
    NOT_IN_ACCOUNT,
    NOT_IN_PARTITION,
    OVERRIDE,
    ROLE,
    SSO_ROLE,
    Pair,
)

_EXISTING = f"{ROLE}/service-role/AmazonSageMaker-ExecutionRole-20250101T120000"
_PATH = "endpoints.kmeans.execution_role_arn"
_LINKED = f"{ROLE}/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMakerNotebooks"
_MANAGED = f"{ROLE}/acme-dev-fraud-exec-de91fccc"
_COMPARE = "compare them with the output of: protected-endpoints policy role dev-kmeans"

PAIRS = [
    *(
        Pair(
            "execution-role-not-in-account",
            passes={"execution_role_arn": _EXISTING},
            fails={"execution_role_arn": role},
            messages=(f"{_PATH}: {message}, or {OVERRIDE}",),
        )
        for role, message in (
            (FOREIGN_ROLE, NOT_IN_ACCOUNT.format(FOREIGN_ROLE)),
            (CHINESE_ROLE, NOT_IN_PARTITION),
        )
    ),
    *(
        Pair(
            "execution-role-service-role",
            passes={"execution_role_arn": _EXISTING},
            fails={"execution_role_arn": role},
            messages=(
                f"{_PATH}: SageMaker cannot assume service-linked roles and IAM Identity Center roles for an endpoint, "
                f'got "{role}"; use a role whose trust policy allows sagemaker.amazonaws.com',
            ),
        )
        for role in (_LINKED, SSO_ROLE)
    ),
    *(
        Pair(
            "execution-role-managed",
            passes={"execution_role_arn": f"{ROLE}/acme-dev-fraud-exec"},
            fails={"execution_role_arn": role},
            messages=(
                f"{_PATH}: the role has the name of a managed execution role, which the stack of its endpoint deletes, "
                f'got "{role}"; remove the key to use the managed role of this endpoint, or use a role with another '
                "name",
            ),
        )
        for role in (_MANAGED, _MANAGED.replace("acme", "Acme"), _MANAGED.replace("fraud", "kmeans"))
    ),
    Pair(
        "existing-execution-role",
        fails={"execution_role_arn": _EXISTING},
        messages=(
            f"{_PATH}: Terraform does not manage the trust policy, the policies and the boundary of an existing role, "
            f'got "{_EXISTING}"; {_COMPARE}',
        ),
    ),
    Pair(
        "existing-execution-role",
        passes={"in_environment": {"permissions_boundary_arn": "arn:aws:iam::111122223333:policy/ml-boundary"}},
        fails={
            "in_environment": {"permissions_boundary_arn": "arn:aws:iam::111122223333:policy/ml-boundary"},
            "execution_role_arn": _EXISTING,
        },
        messages=(
            f"{_PATH}: Terraform does not manage the trust policy, the policies and the boundary of an existing role, "
            "and permissions_boundary_arn of the environment does not apply to it, "
            f'got "{_EXISTING}"; {_COMPARE}',
        ),
    ),
]
