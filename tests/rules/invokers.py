"""The principals that may invoke an endpoint."""

from tests.loading.support import Table
from tests.rules.pair import (
    CHINESE_ROLE,
    FOREIGN_ROLE,
    NOT_ATTACHABLE,
    NOT_IN_ACCOUNT,
    NOT_IN_PARTITION,
    OVERRIDE,
    ROLE,
    SSO_ROLE,
    Pair,
    containers,
)

_SERVICE_LINKED_ROLE = f"{ROLE}/aws-service-role/ops.amazonaws.com/Linked"
_USER = "arn:aws:iam::111122223333:user/alice"
_GATEWAY_ROLE = "arn:aws:iam::111122223333:role/gateway"
_OTHER_ACCOUNT = "arn:aws:iam::999988887777:root"
_DUPLICATE = 'duplicate entry, got "{}"; remove it, or merge it into the other entry'
_OUTSIDE_ACCOUNT = (
    'a principal outside account 111122223333 requires external_id or principal_org_id, got "{}"; set one of '
    "them, so that only the intended identities can assume the role"
)
_NO_IDENTITY = (
    "requires role_arn or principals; set role_arn to a role in this account, or principals to the identities that "
    "assume a managed role"
)


def _managed(**changes: object) -> Table:
    """Return an invoker with a managed role."""
    return {"principals": [_USER], "name": "partner", **changes}


def _existing(**changes: object) -> Table:
    """Return an invoker with an existing role."""
    return {"role_arn": f"{ROLE}/checkout-api", **changes}


PAIRS = [
    Pair(
        "invoker-not-in-account",
        passes={"invokers": [f"{ROLE}/checkout-api", {"role_arn": f"{ROLE}/team/batch"}, _managed()]},
        fails={"invokers": [f"{ROLE}/checkout-api", FOREIGN_ROLE, {"role_arn": CHINESE_ROLE}]},
        messages=(
            f"endpoints.kmeans.invokers[1].role_arn: {NOT_IN_ACCOUNT.format(FOREIGN_ROLE)}, set one for this "
            "environment in environments.dev of this endpoint, or list it in the principals of an invoker",
            f"endpoints.kmeans.invokers[2].role_arn: {NOT_IN_PARTITION}, or {OVERRIDE}",
        ),
    ),
    Pair(
        "invoker-service-role",
        passes={"invokers": [f"{ROLE}/service-role/batch", _managed(principals=[_USER, SSO_ROLE])]},
        fails={"invokers": [_SERVICE_LINKED_ROLE, {"role_arn": SSO_ROLE}]},
        messages=(
            f"endpoints.kmeans.invokers[0].role_arn: {NOT_ATTACHABLE.format(_SERVICE_LINKED_ROLE)}",
            f"endpoints.kmeans.invokers[1].role_arn: {NOT_ATTACHABLE.format(SSO_ROLE)}",
        ),
    ),
    Pair(
        "invoker-duplicate",  # a role name is unique in its account, without path and case
        passes={"invokers": [f"{ROLE}/a", f"{ROLE}/b"]},
        fails={"invokers": [f"{ROLE}/a", f"{ROLE}/b", f"{ROLE}/path/a", f"{ROLE}/B", _existing(), _existing()]},
        messages=(
            f"endpoints.kmeans.invokers[2].role_arn: {_DUPLICATE.format(f'{ROLE}/path/a')}",
            f"endpoints.kmeans.invokers[3].role_arn: {_DUPLICATE.format(f'{ROLE}/B')}",
            f"endpoints.kmeans.invokers[5].role_arn: {_DUPLICATE.format(f'{ROLE}/checkout-api')}",
        ),
    ),
    Pair(
        "invoker-duplicate",  # names of resources follow from both kinds of invokers
        passes={"invokers": [f"{ROLE}/a", _managed(), _managed(name="auditor")]},
        fails={"invokers": [f"{ROLE}/partner", _managed(), _managed()]},
        messages=(
            f"endpoints.kmeans.invokers[1].name: {_DUPLICATE.format('partner')}",
            f"endpoints.kmeans.invokers[2].name: {_DUPLICATE.format('partner')}",
        ),
    ),
    Pair(
        "invoker-role-or-principals",
        passes={"invokers": [_existing(), _managed()]},
        fails={"invokers": [_existing(principals=[_USER], name="partner"), {}, {"external_id": "acme"}, {}]},
        messages=(
            "endpoints.kmeans.invokers[0]: role_arn conflicts with principals; remove one of them",
            f"endpoints.kmeans.invokers[1]: {_NO_IDENTITY}",
            f"endpoints.kmeans.invokers[2]: {_NO_IDENTITY}",
            f"endpoints.kmeans.invokers[3]: {_NO_IDENTITY}",
        ),
    ),
    Pair(
        "invoker-role-or-principals",  # a managed role needs a name
        passes={"invokers": [_managed()]},
        fails={"invokers": [{"principals": [_USER]}, {"principals": [_USER]}]},
        messages=tuple(
            f'endpoints.kmeans.invokers[{index}].name: required with principals; for example, add name = "partner"'
            for index in (0, 1)
        ),
    ),
    Pair(
        "trust-condition-without-principals",
        passes={
            "invokers": [
                _managed(external_id="acme", principal_org_id="o-a1b2c3d4e5"),
                _existing(principal_tags={"team": "ml"}, source_vpc="vpc-0a1b2c3d", require_mfa=False),
            ]
        },
        fails={"invokers": [_existing(name="partner", external_id="acme", principal_org_id="o-a1b2c3d4e5")]},
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
                _managed(principals=["arn:aws:iam::111122223333:user/jo"], require_mfa=True),
                _managed(principals=["arn:aws:iam::111122223333:root"], name="people", require_mfa=True),
            ]
        },
        fails={"invokers": [_existing(require_mfa=True), _managed(principals=[_GATEWAY_ROLE], require_mfa=True)]},
        messages=tuple(
            f"endpoints.kmeans.invokers[{index}].require_mfa: cannot be required of a role: role credentials "
            "contain no MFA information, got true; require MFA in the trust policy of that role, or list users "
            "or whole accounts in principals"
            for index in (0, 1)
        ),
    ),
    Pair(
        "cross-account-confused-deputy",  # a principal of this account needs no condition
        passes={
            "invokers": [
                _managed(principals=[_OTHER_ACCOUNT], external_id="acme"),
                _managed(principals=[_OTHER_ACCOUNT], principal_org_id="o-a1b2c3d4e5", name="auditor"),
                _managed(principals=[_USER], name="internal"),
            ]
        },
        fails={"invokers": [_managed(principals=[_USER, _OTHER_ACCOUNT, FOREIGN_ROLE], principal_tags={"team": "ml"})]},
        messages=(
            f"endpoints.kmeans.invokers[0].principals[1]: {_OUTSIDE_ACCOUNT.format(_OTHER_ACCOUNT)}",
            f"endpoints.kmeans.invokers[0].principals[2]: {_OUTSIDE_ACCOUNT.format(FOREIGN_ROLE)}",
        ),
    ),
    Pair(
        "principal-wrong-partition",
        passes={"invokers": [_managed(principals=[_USER, f"{ROLE}/a"])]},
        fails={"invokers": [_managed(principals=[_USER, CHINESE_ROLE])]},
        messages=(
            "endpoints.kmeans.invokers[0].principals[1]: the principal is not in partition aws, got "
            f'"{CHINESE_ROLE}"; use a principal in that partition',
        ),
    ),
    Pair(
        "target-models-unused",  # one multi-model container of several is enough
        passes={
            **containers({}, {"mode": "MultiModel", "model_data_url": "s3://my-bucket/models/"}),
            "invokers": [_existing(target_models=["tenant-a/*"])],
        },
        fails={**containers({}, {}), "invokers": [_existing(target_models=["tenant-a/*"])]},
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
            "invokers": [_existing(target_models=["tenant-a/*"])],
        },
        fails={"invokers": [f"{ROLE}/a", _existing(target_models=["tenant-a/*", "b"])]},
        messages=(
            "endpoints.kmeans.invokers[1].target_models: denies every request, because no container has mode "
            'MultiModel, got ["tenant-a/*", "b"]; remove it, or set mode = "MultiModel" in a container',
        ),
    ),
]
