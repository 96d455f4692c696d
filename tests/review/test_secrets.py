"""A credential is hidden wherever a plan may hold it: in findings, permissions, changes and outputs."""

from datetime import date

import pytest

from protected_endpoints.review.markdown import code, escape, sanitize
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review
from tests.review.fragments import NEW_FIRST, Json, allowing, change, container, findings_by_rule, plan
from tests.test_secret_scan import HARMLESS, SECRET_NAMES, SECRETS, TEXTS

_MODEL, _POLICY = "aws_sagemaker_model.Model", "aws_iam_role_policy.Running"


def _comment(secret: str) -> str:
    """Return the review of a plan with a secret as attribute, image, environment, output, and in a policy."""
    statement: Json = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::acme/{secret}",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": secret}},
    }
    model = container(environment={"SETTING": secret}, image=f"registry/{secret}:latest")
    changes = {_MODEL: (NEW_FIRST, model), **allowing(_POLICY, statement)}
    attributes = {"a": secret, "tags": {"note": f"line\n{secret}"}, "list": [{"b": f"--option={secret}"}]}
    output = {"actions": ["create"], "before": None, "after": secret, "after_unknown": False}
    reviewed = plan(
        changes,
        change("aws_x.X", {"a": "b"}, attributes, ("update",)),
        output_changes={"o": {**output, "before_sensitive": False, "after_sensitive": False}},
    )
    return comment([Review(reviewed, (), date(2026, 11, 23))], source="Plan")


@pytest.mark.parametrize("secret", [*SECRETS, *TEXTS])
def test_a_credential_is_in_no_part_of_a_comment(secret: str) -> None:
    text = _comment(secret)
    assert secret not in text
    assert escape(secret) not in text.replace(escape("(hidden)"), "")
    assert "hunter2" not in text
    assert "`iam-added`" in text
    assert "Outputs: `o`" in text


@pytest.mark.parametrize("secret", [*SECRETS, *TEXTS])
def test_a_credential_is_hidden_in_code_and_text(secret: str) -> None:
    for written in (code(secret), sanitize(f"before {secret} after"), escape(secret)):
        assert "hidden" in written
        assert secret not in written


@pytest.mark.parametrize("secret", SECRETS)
def test_a_value_that_looks_secret_is_a_finding(secret: str) -> None:
    changed = {_MODEL: (NEW_FIRST, container(environment={"SETTING": secret}))}
    assert "secret-in-env" in findings_by_rule(changed)


@pytest.mark.parametrize("name", [*SECRET_NAMES, "REGISTRY_AUTH"])
def test_a_name_that_looks_secret_is_a_finding(name: str) -> None:
    changed = {_MODEL: (NEW_FIRST, container(environment={name: "x"}))}
    assert "secret-in-env" in findings_by_rule(changed)


def test_a_variable_about_a_secret_is_no_finding() -> None:
    changed = {_MODEL: (NEW_FIRST, container(environment=HARMLESS))}
    assert "secret-in-env" not in findings_by_rule(changed)


def test_the_value_of_an_attribute_with_a_secret_name_is_hidden() -> None:
    changed = change("aws_x.X", {"db": {"password": "before-x"}}, {"db": {"password": "after-x"}}, ("update",))
    text = comment([Review(plan({}, changed), (), date(2026, 11, 23))], source="Plan")
    assert "-x" not in text.replace("aws-x", "")
    assert '+ db.password = "(hidden)"' in text
