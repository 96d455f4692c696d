"""Who may invoke."""

from tests.loading.support import Table
from tests.rules.pair import (
    CHINESE_ROLE,
    FOREIGN_ROLE,
    NOT_ATTACHABLE,
    NOT_IN_ACCOUNT,
    ROLE,
    SSO_ROLE,
    Pair,
    containers,
)

_LINKED_ROLE = f"{ROLE}/aws-service-role/ops.amazonaws.com/Linked"
_OURS = "arn:aws:iam::111122223333:user/alice"
_A_ROLE = "arn:aws:iam::111122223333:role/gateway"
_THEIRS = "arn:aws:iam::999988887777:root"
_DUPLICATE = 'duplicate entry, got "{}"; remove it'
_OUTSIDE_ACCOUNT = (
    'a principal outside account 111122223333 requires external_id or principal_org_id, got "{}"; set one of '
    "them, so that only the intended identities can assume the role"
)
_NO_IDENTITY = (
    "requires role_arn or principals; set role_arn to a role in this account, or principals to the identities that "
    "assume a managed role"
)


def _partner(**changes: object) -> Table:
    """Return a caller for whom a role is made."""
    return {"principals": [_OURS], "name": "partner", **changes}


def _checkout(**changes: object) -> Table:
    """Return a caller that is a role of the account."""
    return {"role_arn": f"{ROLE}/checkout-api", **changes}


PAIRS = [
    Pair(
        "invoker-not-in-account",
        passes={"invokers": [f"{ROLE}/checkout-api", {"role_arn": f"{ROLE}/team/batch"}, _partner()]},
        fails={"invokers": [f"{ROLE}/checkout-api", FOREIGN_ROLE, {"role_arn": CHINESE_ROLE}]},
        messages=(
            f"endpoints.kmeans.invokers[1].role_arn: {NOT_IN_ACCOUNT.format(FOREIGN_ROLE)}, set one for this "
            "environment in environments.dev, or list it in the principals of an invoker",
            f"endpoints.kmeans.invokers[2].role_arn: {NOT_IN_ACCOUNT.format(CHINESE_ROLE)}, set one for this "
            "environment in environments.dev, or list it in the principals of an invoker",
        ),
    ),
    Pair(
        "invoker-service-role",
        passes={"invokers": [f"{ROLE}/service-role/batch", _partner(principals=[_OURS, SSO_ROLE])]},
        fails={"invokers": [_LINKED_ROLE, {"role_arn": SSO_ROLE}]},
        messages=(
            f"endpoints.kmeans.invokers[0].role_arn: {NOT_ATTACHABLE.format(_LINKED_ROLE)}",
            f"endpoints.kmeans.invokers[1].role_arn: {NOT_ATTACHABLE.format(SSO_ROLE)}",
        ),
    ),
    Pair(
        "invoker-duplicate",  # a role's name is unique in its account, whatever its path
        passes={"invokers": [f"{ROLE}/a", f"{ROLE}/b"]},
        fails={"invokers": [f"{ROLE}/a", f"{ROLE}/b", f"{ROLE}/path/a", f"{ROLE}/B", _checkout(), _checkout()]},
        messages=(
            f"endpoints.kmeans.invokers[2].role_arn: {_DUPLICATE.format(f'{ROLE}/path/a')}",
            f"endpoints.kmeans.invokers[3].role_arn: {_DUPLICATE.format(f'{ROLE}/B')}",
            f"endpoints.kmeans.invokers[5].role_arn: {_DUPLICATE.format(f'{ROLE}/checkout-api')}",
        ),
    ),
    Pair(
        "invoker-duplicate",  # constructs and policies are called after both kinds of caller
        passes={"invokers": [f"{ROLE}/a", _partner(), _partner(name="auditor")]},
        fails={"invokers": [f"{ROLE}/partner", _partner(), _partner()]},
        messages=(
            f"endpoints.kmeans.invokers[1].name: {_DUPLICATE.format('partner')}",
            f"endpoints.kmeans.invokers[2].name: {_DUPLICATE.format('partner')}",
        ),
    ),
    Pair(
        "invoker-role-or-principals",
        passes={"invokers": [_checkout(), _partner()]},
        fails={"invokers": [_checkout(principals=[_OURS], name="partner"), {}, {"external_id": "acme"}, {}]},
        messages=(
            "endpoints.kmeans.invokers[0]: role_arn conflicts with principals; remove one of them",
            f"endpoints.kmeans.invokers[1]: {_NO_IDENTITY}",
            f"endpoints.kmeans.invokers[2]: {_NO_IDENTITY}",
            f"endpoints.kmeans.invokers[3]: {_NO_IDENTITY}",
        ),
    ),
    Pair(
        "invoker-role-or-principals",  # one that is made needs a name
        passes={"invokers": [_partner()]},
        fails={"invokers": [{"principals": [_OURS]}, {"principals": [_OURS]}]},
        messages=tuple(
            f'endpoints.kmeans.invokers[{index}].name: required with principals; for example, add name = "partner"'
            for index in (0, 1)
        ),
    ),
    Pair(
        "trust-condition-without-principals",
        passes={
            "invokers": [
                _partner(external_id="acme", principal_org_id="o-a1b2c3d4e5"),
                _checkout(principal_tags={"team": "ml"}, source_vpc="vpc-0a1b2c3d", require_mfa=False),
            ]
        },
        fails={"invokers": [_checkout(name="partner", external_id="acme", principal_org_id="o-a1b2c3d4e5")]},
        messages=(
            *(
                f"endpoints.kmeans.invokers[0].{key}: has no effect with role_arn: an existing role keeps its "
                f'trust policy, got "{value}"; remove it, or set principals instead of role_arn'
                for key, value in (("name", "partner"), ("external_id", "acme"), ("principal_org_id", "o-a1b2c3d4e5"))
            ),
        ),
    ),
    Pair(
        "mfa-on-role",
        passes={
            "invokers": [
                _partner(principals=["arn:aws:iam::111122223333:user/jo"], require_mfa=True),
                _partner(principals=["arn:aws:iam::111122223333:root"], name="people", require_mfa=True),
            ]
        },
        fails={"invokers": [_checkout(require_mfa=True), _partner(principals=[_A_ROLE], require_mfa=True)]},
        messages=tuple(
            f"endpoints.kmeans.invokers[{index}].require_mfa: cannot be required of a role: role credentials "
            "contain no MFA information, got true; require MFA in the trust policy of that role, or list users "
            "or whole accounts in principals"
            for index in (0, 1)
        ),
    ),
    Pair(
        "cross-account-confused-deputy",  # whoever is of this account needs no proof
        passes={
            "invokers": [
                _partner(principals=[_THEIRS], external_id="acme"),
                _partner(principals=[_THEIRS], principal_org_id="o-a1b2c3d4e5", name="auditor"),
                _partner(principals=[_OURS], name="ours"),
            ]
        },
        fails={"invokers": [_partner(principals=[_OURS, _THEIRS, FOREIGN_ROLE], principal_tags={"team": "ml"})]},
        messages=(
            f"endpoints.kmeans.invokers[0].principals[1]: {_OUTSIDE_ACCOUNT.format(_THEIRS)}",
            f"endpoints.kmeans.invokers[0].principals[2]: {_OUTSIDE_ACCOUNT.format(FOREIGN_ROLE)}",
        ),
    ),
    Pair(
        "principal-wrong-partition",
        passes={"invokers": [_partner(principals=[_OURS, f"{ROLE}/a"])]},
        fails={"invokers": [_partner(principals=[_OURS, CHINESE_ROLE])]},
        messages=(
            "endpoints.kmeans.invokers[0].principals[1]: the principal is not in partition aws, got "
            f'"{CHINESE_ROLE}"; use a principal in that partition',
        ),
    ),
    Pair(
        "target-models-unused",  # one container of several is enough
        passes={
            **containers({}, {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"}),
            "invokers": [_checkout(target_models=["tenant-a/*"])],
        },
        fails={**containers({}, {}), "invokers": [_checkout(target_models=["tenant-a/*"])]},
        messages=(
            "endpoints.kmeans.invokers[0].target_models: denies every request, because no container has mode "
            'MultiModel, got ["tenant-a/*"]; remove it, or set mode = "MultiModel" in a container',
        ),
    ),
    Pair(
        "target-models-unused",
        passes={
            "mode": "MultiModel",
            "model_data_url": "s3://my-bucket/models/",
            "invokers": [_checkout(target_models=["tenant-a/*"])],
        },
        fails={"invokers": [f"{ROLE}/a", _checkout(target_models=["tenant-a/*", "b"])]},
        messages=(
            "endpoints.kmeans.invokers[1].target_models: denies every request, because no container has mode "
            'MultiModel, got ["tenant-a/*", "b"]; remove it, or set mode = "MultiModel" in a container',
        ),
    ),
]
