"""Who may invoke."""

from tests.loading.support import Table
from tests.rules.pair import ANOTHER_ACCOUNT, CHINESE_ROLE, FOREIGN_ROLE, ROLE, SSO_ROLE, UNCHANGEABLE, Pair, containers

_LINKED_ROLE = f"{ROLE}/aws-service-role/ops.amazonaws.com/Linked"
_OURS = "arn:aws:iam::111122223333:user/alice"
_A_ROLE = "arn:aws:iam::111122223333:role/gateway"
_THEIRS = "arn:aws:iam::999988887777:root"
_TWICE = 'named twice, got "{}"; take one of the two out'
_STRANGER = (
    'not of account 111122223333, with neither external_id nor principal_org_id, got "{}"; '
    "add one of the two beside it, so that only who is meant can assume the role"
)
_WHICH = "write role_arn for a role of this account, or principals for others"


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
            f"endpoints.kmeans.invokers[1].role_arn: {ANOTHER_ACCOUNT.format(FOREIGN_ROLE)}, "
            "or name it in the principals of a caller",
            f"endpoints.kmeans.invokers[2].role_arn: {ANOTHER_ACCOUNT.format(CHINESE_ROLE)}, "
            "or name it in the principals of a caller",
        ),
    ),
    Pair(
        "invoker-service-role",
        passes={"invokers": [f"{ROLE}/service-role/batch", _partner(principals=[_OURS, SSO_ROLE])]},
        fails={"invokers": [_LINKED_ROLE, {"role_arn": SSO_ROLE}]},
        messages=(
            f"endpoints.kmeans.invokers[0].role_arn: {UNCHANGEABLE.format(_LINKED_ROLE)}",
            f"endpoints.kmeans.invokers[1].role_arn: {UNCHANGEABLE.format(SSO_ROLE)}",
        ),
    ),
    Pair(
        "invoker-duplicate",  # a role's name is unique in its account, whatever its path
        passes={"invokers": [f"{ROLE}/a", f"{ROLE}/b"]},
        fails={"invokers": [f"{ROLE}/a", f"{ROLE}/b", f"{ROLE}/path/a", f"{ROLE}/B", _checkout(), _checkout()]},
        messages=(
            f"endpoints.kmeans.invokers[2].role_arn: {_TWICE.format(f'{ROLE}/path/a')}",
            f"endpoints.kmeans.invokers[3].role_arn: {_TWICE.format(f'{ROLE}/B')}",
            f"endpoints.kmeans.invokers[5].role_arn: {_TWICE.format(f'{ROLE}/checkout-api')}",
        ),
    ),
    Pair(
        "invoker-duplicate",  # constructs and policies are called after both kinds of caller
        passes={"invokers": [f"{ROLE}/a", _partner(), _partner(name="auditor")]},
        fails={"invokers": [f"{ROLE}/partner", _partner(), _partner()]},
        messages=(
            f"endpoints.kmeans.invokers[1].name: {_TWICE.format('partner')}",
            f"endpoints.kmeans.invokers[2].name: {_TWICE.format('partner')}",
        ),
    ),
    Pair(
        "invoker-role-or-principals",
        passes={"invokers": [_checkout(), _partner()]},
        fails={"invokers": [_checkout(principals=[_OURS], name="partner"), {}, {"external_id": "acme"}, {}]},
        messages=(
            f"endpoints.kmeans.invokers[0]: names both role_arn and principals; {_WHICH}",
            f"endpoints.kmeans.invokers[1]: names nobody; {_WHICH}",
            f"endpoints.kmeans.invokers[2]: names nobody; {_WHICH}",
            f"endpoints.kmeans.invokers[3]: names nobody; {_WHICH}",
        ),
    ),
    Pair(
        "invoker-role-or-principals",  # one that is made needs a name
        passes={"invokers": [_partner()]},
        fails={"invokers": [{"principals": [_OURS]}, {"principals": [_OURS]}]},
        messages=tuple(
            f"endpoints.kmeans.invokers[{index}].name: required for the role that is made for principals, and missing; "
            'add name = "partner", for example'
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
                f"endpoints.kmeans.invokers[0].{key}: has no effect on role_arn, whose own trust policy says who "
                f'assumes it, got "{value}"; leave it out, or name principals instead of role_arn'
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
            f"endpoints.kmeans.invokers[{index}].require_mfa: cannot be asked of a role: its credentials do not say "
            "how its user signed in, got true; ask for it where that role is assumed, or name users or whole accounts "
            "in principals"
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
            f"endpoints.kmeans.invokers[0].principals[1]: {_STRANGER.format(_THEIRS)}",
            f"endpoints.kmeans.invokers[0].principals[2]: {_STRANGER.format(FOREIGN_ROLE)}",
        ),
    ),
    Pair(
        "principal-wrong-partition",
        passes={"invokers": [_partner(principals=[_OURS, f"{ROLE}/a"])]},
        fails={"invokers": [_partner(principals=[_OURS, CHINESE_ROLE])]},
        messages=(
            "endpoints.kmeans.invokers[0].principals[1]: not of partition aws, "
            f'got "{CHINESE_ROLE}"; name a principal of that partition',
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
            "endpoints.kmeans.invokers[0].target_models: lets the caller in only when it names a model, and no "
            'container in mode MultiModel knows any by name, got ["tenant-a/*"]; leave it out, or serve several '
            'models with mode = "MultiModel"',
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
            "endpoints.kmeans.invokers[1].target_models: lets the caller in only when it names a model, and no "
            'container in mode MultiModel knows any by name, got ["tenant-a/*", "b"]; leave it out, or serve several '
            'models with mode = "MultiModel"',
        ),
    ),
]
