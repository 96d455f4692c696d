"""Policies are read wherever a plan has them: in any type of resource, in a block, in a module."""

import pytest

from tests.review.fragments import ACCOUNT, Json, change, document, findings_by_rule


def test_a_policy_that_the_plan_does_not_attach_is_reported() -> None:
    policy = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/a"})
    created = change("aws_iam_policy.P", None, {"name": "p", "policy": policy}, ("create",))
    (message,) = findings_by_rule({}, created)["iam-added"]
    assert message.startswith("`principals with policy p` can perform `s3:GetObject`")


_ADMINISTRATION = {"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "arn:aws:iam::1:user/a"}


@pytest.mark.parametrize(
    ("address", "attributes", "principal"),
    [
        ("aws_iam_user_policy.P", {"user": "bob"}, "user/bob"),
        ("aws_iam_group_policy.P", {"group": "devs"}, "group/devs"),
        ("aws_ssoadmin_permission_set_inline_policy.P", {}, "holders of aws_ssoadmin_permission_set_inline_policy.P"),
        ("aws_new_type.P", {}, "holders of aws_new_type.P"),
    ],
)
def test_a_policy_of_any_type_of_resource_is_read(address: str, attributes: Json, principal: str) -> None:
    for attribute in ("policy", "inline_policy", "access_policies", "policy_document", "document"):
        created = change(address, None, {**attributes, attribute: document(_ADMINISTRATION)}, ("create",))
        (message,) = findings_by_rule({}, created)["iam-escalation-added"]
        assert message.startswith(f"`{principal}` can perform `iam:CreateUser`")


def test_a_policy_inside_of_a_block_is_read() -> None:
    statement = {**_ADMINISTRATION, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/bob"}}
    blocks = [{"name": "a"}, {"name": "b", "settings": [{"text": f"\n {document(statement)}"}]}]
    assert findings_by_rule({}, change("aws_new_type.P", None, {"block": blocks}, ("create",)))["iam-escalation-added"]


def test_the_policy_that_a_bucket_sets_itself_is_read() -> None:
    policy = document({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"})
    bucket = change("aws_s3_bucket.B", {"bucket": "b"}, {"bucket": "b", "policy": policy}, ("update",))
    assert "public-access" not in findings_by_rule({}, bucket)  # an answer of AWS
    resources = [{"address": "aws_s3_bucket.B", "expressions": {"policy": {}}}]
    assert findings_by_rule({}, bucket, configuration={"root_module": {"resources": resources}})["public-access"]


def test_a_policy_of_any_type_that_is_unknown_is_reported() -> None:
    resources = [{"address": "aws_new_type.P", "expressions": {"access_policies": {"references": ["x"]}}}]
    created = change("aws_new_type.P", None, {"name": "n"}, ("create",), after_unknown={"access_policies": True})
    plan = findings_by_rule({}, created, configuration={"root_module": {"resources": resources}})
    assert "The policy cannot be reviewed" in plan["iam-unreviewable"][0]


@pytest.mark.parametrize("sensitive", [True, {"policy": True}])
def test_a_sensitive_policy_is_reported(*, sensitive: object) -> None:
    policy = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    policy_change = change("aws_iam_role_policy.P", None, {"role": "r", "policy": policy}, ("create",))
    policy_change["change"]["after_sensitive"] = sensitive
    resources = [{"address": "aws_iam_role_policy.P", "expressions": {"policy": {}}}]
    configured = {"root_module": {"resources": resources}}
    (message,) = findings_by_rule({}, policy_change, configuration=configured)["iam-unreviewable"]
    assert "The policy cannot be reviewed" in message


def test_the_policies_of_a_module_and_of_a_count_are_read_as_well() -> None:
    expressions = {"policy": {"references": ["x"]}}
    inner = {"resources": [{"address": "aws_iam_role_policy.P", "expressions": expressions}]}
    root = {"module_calls": {"m": {"module": inner}}, **inner}
    unknown = {"after_unknown": {"policy": True}}
    changes = [
        change(address, None, {"role": "r"}, ("create",), **unknown)
        for address in ("module.m.aws_iam_role_policy.P", 'aws_iam_role_policy.P["a.b[0]"]')
    ]
    assert len(findings_by_rule({}, *changes, configuration={"root_module": root})["iam-unreviewable"]) == 2


def test_the_roles_of_a_module_have_the_policies_that_it_attaches() -> None:
    policy = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/a"})
    changes = [
        change("module.m[0].aws_iam_policy.P", None, {"arn": "p", "name": "p", "policy": policy}, ("create",)),
        change(
            "module.m[0].aws_iam_role_policy_attachment.P", None, {"role": "reader", "policy_arn": "p"}, ("create",)
        ),
    ]
    (message,) = findings_by_rule({}, *changes)["iam-added"]
    assert message.startswith("`role/reader` can perform")
