"""Who may assume a role that a plan creates."""

from typing import Any

import pytest

from protected_endpoints.review.findings import NOT_ADMITTED
from tests.review.fragments import Json, change, document, findings_by_rule

_PROVIDER = "token.actions.githubusercontent.com"
_GITHUB = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{_PROVIDER}"}
_SAML = {"Federated": "arn:aws:iam::111122223333:saml-provider/corporate"}
_SAGEMAKER = {"Service": "sagemaker.amazonaws.com"}
_PARTNER = {"AWS": "arn:aws:iam::999988887777:role/gateway"}
_BOUNDARY = "arn:aws:iam::111122223333:policy/acme-boundary"
_AUDIENCE = {f"{_PROVIDER}:aud": "sts.amazonaws.com"}


def _findings(principal: Any, **condition: Any) -> dict[str, list[str]]:
    statement: Json = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
    role = {"name": "new", "assume_role_policy": document(statement), "permissions_boundary": _BOUNDARY}
    return _judged(findings_by_rule({}, change("aws_iam_role.New", None, role, ("create",))))


def _judged(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the findings but those of admission: this project writes no such role."""
    return {rule: messages for rule, messages in found.items() if rule != NOT_ADMITTED}


def _subject(value: str, operator: str = "StringLike") -> dict[str, Any]:
    return {"StringEquals": _AUDIENCE, operator: {f"{_PROVIDER}:sub": value, **_AUDIENCE}}


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        (_GITHUB, {"StringEquals": _AUDIENCE}),
        (_GITHUB, _subject("*")),
        (_GITHUB, _subject("repo:*")),
        (_GITHUB, _subject("repo:acme/*")),
        (_GITHUB, _subject("repo:acme/endpoints:*", "StringLikeIfExists")),
        (_GITHUB, _subject("repo:acme/endpoints:*", "ForAllValues:StringLike")),
        (_GITHUB, _subject("repo:acme/endpoints:*", "StringNotLike")),
        (_SAML, {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}),
        (_SAGEMAKER, {}),
        (_SAGEMAKER, {"StringEquals": {"aws:SourceAccount": "999988887777"}}),
        (_SAGEMAKER, {"StringLike": {"aws:SourceAccount": "*"}}),
        (_PARTNER, {}),
        (_PARTNER, {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        ("*", {}),
    ],
)
def test_a_trust_that_is_not_restricted_blocks(principal: Any, condition: Json) -> None:
    assert _findings(principal, **condition)["trust-changed"]


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        (_GITHUB, _subject("repo:acme/endpoints:environment:prod")),
        (_GITHUB, _subject("repo:acme/endpoints:*")),
        (_SAGEMAKER, {"StringEquals": {"aws:SourceAccount": "111122223333"}}),
        (_SAGEMAKER, {"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:us-west-2:111122223333:*"}}),
        ({"AWS": "arn:aws:iam::111122223333:role/gateway"}, {}),
    ],
)
def test_a_restricted_trust_is_no_finding(principal: Any, condition: Json) -> None:
    assert not _findings(principal, **condition)


@pytest.mark.parametrize("key", ["sts:ExternalId", "aws:PrincipalOrgID"])
def test_a_partner_of_another_account_is_a_warning(key: str) -> None:
    found = _findings(_PARTNER, StringEquals={key: "o-acme123456"})
    assert found == {
        "iam-added": [
            "`arn:aws:iam::999988887777:role/gateway` of another account (`999988887777`) can assume `role/new` if "
            f"`{key} = o-acme123456`."
        ]
    }


def test_policies_of_new_invokers_go_to_their_own_role() -> None:
    """Both ARNs are known only after apply. The references of the configuration tell which one is attached."""
    invoke = {"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": "arn:aws:sagemaker:us-west-2:1:e/e"}
    others, resources = [], []
    for name in ("a", "b"):
        policy, attachment = f"aws_iam_policy.Invoke_{name}", f"aws_iam_role_policy_attachment.{name}"
        after = {"name": name, "policy": document({**invoke, "Sid": name, "Resource": f"{invoke['Resource']}{name}"})}
        others += [
            change(policy, None, after, ("create",), after_unknown={"arn": True}),
            change(attachment, None, {"role": f"of-{name}"}, ("create",), after_unknown={"policy_arn": True}),
        ]
        references = {"policy_arn": {"references": [f"{policy}.arn", policy]}}
        resources.append({"address": attachment, "expressions": references})
    found = _judged(findings_by_rule({}, *others, configuration={"root_module": {"resources": resources}}))
    messages = [message for messages in found.values() for message in messages if "e/e" in message]
    assert len(messages) == 2
    assert all(
        f"role/of-{name}`" in message and f"e/e{name}" in message for name, message in zip("ab", messages, strict=True)
    )
