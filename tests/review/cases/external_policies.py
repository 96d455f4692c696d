"""Plans for the rules of `external_policies`."""

from tests.review.cases.shapes import EXCLUSIVE, INVOKE_POLICY, MODEL, Cases, bounded, new
from tests.review.fragments import DEPLOYED, ROLE, Json, change, document


def _attaching(arn: str) -> Json:
    attached = {"role": "acme-dev-kmeans-exec", "policy_arn": arn}
    return change("aws_iam_role_policy_attachment.More", None, attached, ("create",))


def _policy_of(constant: str | None) -> tuple[Json, Json]:
    policy = change("aws_iam_role_policy.New", None, {"role": "r"}, ("create",), after_unknown={"policy": True})
    expression: Json = {"references": ["x"], **({"constant_value": constant} if constant else {})}
    resources = [{"address": "aws_iam_role_policy.New", "expressions": {"policy": expression}}]
    return policy, {"configuration": {"root_module": {"resources": resources}}}


_OTHER = change("aws_iam_role_policy.Other", None, {"name": "other", "role": ROLE, "policy": document()}, ("create",))

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
    (
        "iam-unreviewable",
        {"changed": {MODEL: new({"name": "b", "execution_role_arn": "arn:aws:iam::1:role/other"})}},
        {"changed": {MODEL: new({"name": "b", "execution_role_arn": DEPLOYED["aws_iam_role.Role"]["arn"]})}},
    ),
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
