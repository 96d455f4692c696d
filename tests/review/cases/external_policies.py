"""Plans for the rules of `external_policies`."""

from typing import Any

from tests.review.cases.shapes import (
    CONFIGURATION,
    ENDPOINT,
    EXCLUSIVE,
    INVOKE_POLICY,
    MODEL,
    Cases,
    bounded,
    new,
    updated,
)
from tests.review.fragments import DEPLOYED, NEW_FIRST, ROLE, Json, change, configuration, document


def _attaching(arn: str) -> Json:
    attached = {"role": "acme-dev-kmeans-exec", "policy_arn": arn}
    return change("aws_iam_role_policy_attachment.More", None, attached, ("create",))


def _policy_of(constant: str | None) -> tuple[Json, Json]:
    policy = change("aws_iam_role_policy.New", None, {"role": "r"}, ("create",), after_unknown={"policy": True})
    expression: Json = {"references": ["x"], **({"constant_value": constant} if constant else {})}
    resources = [{"address": "aws_iam_role_policy.New", "expressions": {"policy": expression}}]
    return policy, {"configuration": {"root_module": {"resources": resources}}}


_OTHER = change("aws_iam_role_policy.Other", None, {"name": "other", "role": ROLE, "policy": document()}, ("create",))

_EXISTING, _CREATED = "arn:aws:iam::111122223333:role/team/existing", "arn:aws:iam::111122223333:role/created"


_BOUNDARY = "arn:aws:iam::111122223333:policy/acme-dev-boundary"
_OWN_BOUNDARY = "arn:aws:iam::111122223333:policy/acme-dev-kmeans-boundary-de91fccc"


def _own_boundary(actions: tuple[str, ...]) -> Json:
    """Return the boundary of one role, which is created or deleted."""
    policy = {"name": "acme-dev-kmeans-boundary-de91fccc", "arn": _OWN_BOUNDARY, "policy": document()}
    before, after = (None, policy) if actions == ("create",) else (policy, None)
    return change("aws_iam_policy.Boundary", before, after, actions)


def _model(before: str, after: str) -> Json:
    """Return a model that is replaced, with the roles before and after."""
    old, new_ = ({"name": name, "execution_role_arn": role} for name, role in (("a", before), ("b", after)))
    return change("aws_sagemaker_model.Other", old, new_, NEW_FIRST)


def _new_version(configuration_before: Json | None) -> dict[str, Any]:
    """Return a plan that updates an endpoint from the configuration `by-hand`, which the state may not have."""
    before, after = ({"name": "a", "endpoint_config_name": name} for name in ("by-hand", "new"))
    actions = NEW_FIRST if configuration_before else ("create",)
    return {
        "resource_changes": [
            change(ENDPOINT, before, after, ("update",)),
            change(CONFIGURATION, configuration_before, {"name": "new"}, actions),
        ]
    }


def _first_plan(role: str) -> dict[str, Any]:
    """Return a plan of the account 111122223333 that creates a model and a role."""
    allowed = {"allowed_account_ids": {"constant_value": ["111122223333"]}}
    model = {"name": "a", "execution_role_arn": role}
    return {
        "resource_changes": [
            change("aws_sagemaker_model.Model", None, model, ("create",)),
            change("aws_iam_role.Role", None, {"name": "created"}, ("create",)),
        ],
        "configuration": {"root_module": {}, "provider_config": {"aws": {"expressions": allowed}}},
    }


CASES: Cases = [
    (
        "administrator-attached",
        {"others": [_attaching("arn:aws:iam::aws:policy/AdministratorAccess")]},
        {"others": [_attaching(DEPLOYED[INVOKE_POLICY]["arn"])]},
    ),
    (
        "iam-unreviewable",
        {"others": [_attaching("arn:aws:iam::111122223333:policy/of-others")]},
        {"others": [_attaching("arn:aws:iam::aws:policy/PowerUserAccess")]},
    ),
    # From the boundary of the state stack to one of this stack, and not the other way.
    (
        "boundary-replaced",
        {"others": [bounded(_BOUNDARY, _OWN_BOUNDARY), _own_boundary(("create",))]},
        {"others": [bounded(_OWN_BOUNDARY, _BOUNDARY), _own_boundary(("delete",))]},
    ),
    # From the managed role to an existing one, and not back to a role that the plan creates.
    (
        "execution-role-unreviewable",
        {"changed": {MODEL: new({"name": "b", "execution_role_arn": _EXISTING})}},
        {"changed": {MODEL: new({"name": "b", "execution_role_arn": DEPLOYED["aws_iam_role.Role"]["arn"]})}},
    ),
    (
        "execution-role-unreviewable",
        {"changed": {MODEL: new({"name": "b", "execution_role_arn": _EXISTING}), "aws_iam_role.Role": "delete"}},
        {"others": [_model(_EXISTING, _CREATED), change("aws_iam_role.New", None, {"name": "created"}, ("create",))]},
    ),
    # From one existing role to another, and not for a new version with the same one.
    (
        "execution-role-unreviewable",
        {"others": [_model(_EXISTING, f"{_EXISTING}-2")]},
        {"others": [_model(_EXISTING, _EXISTING)]},
    ),
    # The role of an endpoint with inference components.
    (
        "execution-role-unreviewable",
        {"changed": {CONFIGURATION: new({"name": "b", "execution_role_arn": _EXISTING})}},
        {"changed": {CONFIGURATION: new({"name": "b"})}},
    ),
    ("execution-role-unreviewable", _first_plan(_EXISTING), _first_plan(_CREATED)),
    # A role of another account, with the name of one that the plan creates.
    ("execution-role-unreviewable", _first_plan(_CREATED.replace("1111", "9999")), _first_plan(_CREATED)),
    # A model and a configuration that the plan does not show, and a model that it has.
    (
        "model-unreviewable",
        {"changed": updated(configuration(model_name="of-somebody"))},
        {"changed": updated(configuration(initial_instance_count=3))},
    ),
    (
        "model-unreviewable",
        {"changed": {ENDPOINT: {"endpoint_config_name": "of-somebody"}}},
        {"changed": {ENDPOINT: {"tags": {"a": "b"}}}},
    ),
    ("served-unreviewable", _new_version(None), _new_version({"name": "by-hand"})),
    (
        "iam-unreviewable",
        {"others": [change("aws_kms_grant.G", None, {"operations": ["Decrypt"]}, ("create",))]},
        {"others": [change("aws_kms_grant.G", {"operations": ["Decrypt"]}, None, ("delete",))]},
    ),
    ("iam-unreviewable", {"others": [bounded("b", "c")]}, {"others": [bounded(None, "c")]}),
    (
        "inline-policies-kept",
        {"changed": {EXCLUSIVE: "delete"}},
        {"changed": {EXCLUSIVE: "delete", "aws_iam_role.Role": "delete"}},
    ),
    (
        "inline-policies-kept",
        {"changed": {EXCLUSIVE: (("forget",), {})}},
        {"changed": {EXCLUSIVE: {"policy_names": []}}},
    ),
    (
        "inline-policies-kept",
        {"changed": {EXCLUSIVE: {"policy_names": ["running", "other"]}}},
        {"changed": {EXCLUSIVE: {"policy_names": ["running", "other"]}}, "others": [_OTHER]},
    ),
    (
        "iam-unreviewable",
        {"others": [_policy_of(None)[0]], **_policy_of(None)[1]},
        {"others": [_policy_of(document())[0]], **_policy_of(document())[1]},
    ),
]
