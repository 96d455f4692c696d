"""A comment begins with the verdict, hides secrets, cannot be broken by the values of a plan, and has a limit."""

import json
import re
from datetime import date
from typing import Any

import pytest

from protected_endpoints.review.acknowledgements import Acknowledgement
from protected_endpoints.review.markdown import code, escape, sanitize
from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.report.comment import MAX_LENGTH, comment
from protected_endpoints.review.review import Review
from tests.review.fragments import NEW_FIRST, OLD_FIRST, Json, allowing, change, configuration, container, plan

_TODAY = date(2026, 11, 23)
_MODEL, _ENDPOINT = "aws_sagemaker_model.Model", "aws_sagemaker_endpoint.Endpoint"
_OPENED = {_MODEL: (NEW_FIRST, {"name": "b", "enable_network_isolation": False})}
_FINDING = "isolation-off[dev-kmeans:aws_sagemaker_model.Model]"
_HOSTILE = "x`|\n## owned <img src=x onerror=alert(1)> @everybody [a](javascript:b) \u202e\x00\x1b[31m --> </details>"


def _comment(plan: Plan, *acknowledged: Acknowledgement, today: date = _TODAY) -> str:
    return comment([Review(plan, acknowledged, today)], source="Plan")


def _heading(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("## "))


def test_the_verdict_comes_first() -> None:
    assert _heading(_comment(plan(_OPENED))) == "## dev-kmeans: blocked: 1 finding"
    assert _heading(_comment(plan({"aws_kms_key.Key": {"enable_key_rotation": False}}))) == (
        "## dev-kmeans: review 1 warning before applying"
    )
    assert _heading(_comment(plan({"aws_kms_key.Key": {"tags": {"a": "b"}}}))) == "## dev-kmeans: no findings"


def test_a_plan_without_changes_is_one_line() -> None:
    text = _comment(plan())
    assert _heading(text) == "## dev-kmeans: no changes"
    assert len(text.splitlines()) == 4


@pytest.mark.parametrize(
    ("changed", "description"),
    [
        (
            {_ENDPOINT: {"endpoint_config_name": "b"}},
            "is updated in place without downtime (blue/green, canary 10%, automatic rollback on 1 alarm)",
        ),
        (
            {_ENDPOINT: (OLD_FIRST, {"name": "b"})},
            "stops serving during the apply: it is deleted before its replacement is created",
        ),
        ({_ENDPOINT: "delete"}, "is deleted and stops serving"),
        (
            {"aws_sagemaker_endpoint_configuration.Configuration": (OLD_FIRST, {"kms_key_arn": "x"})},
            "keeps serving the old version: `aws_sagemaker_endpoint_configuration.Configuration` is replaced under",
        ),
        ({_ENDPOINT: {"tags": {"a": "b"}}}, "changes only its tags"),
        ({"aws_kms_key.Key": {"tags": {"a": "b"}}}, "does not change"),
    ],
)
def test_a_line_describes_how_the_endpoint_changes(changed: dict[str, Any], description: str) -> None:
    assert description in _comment(plan(changed))


def test_a_row_shows_principal_actions_resource_and_conditions() -> None:
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": "arn:aws:s3:::a/*",
        "Condition": {"StringEquals": {"aws:ResourceAccount": "111122223333"}},
    }
    assert (
        "| **+** | `role/acme-dev-kmeans-exec` | `s3:GetObject`, `s3:ListBucket` | `arn:aws:s3:::a/*` | "
        "`aws:ResourceAccount = 111122223333` |"
    ) in _comment(plan(allowing("aws_iam_role_policy.Running", statement)))


def test_a_permission_without_its_condition_is_wider() -> None:
    statement = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:::*"}
    text = _comment(plan({"aws_iam_role_policy.Running": {"policy": json.dumps({"Statement": [statement]})}}))
    assert "| **+** wider | `role/acme-dev-kmeans-exec` | `logs:PutLogEvents` |" in text


def test_the_order_of_statements_and_values_does_not_matter() -> None:
    statements: list[Json] = [
        {"Effect": "Allow", "Action": ["a:B", "a:A"], "Resource": "*"},
        {"Effect": "Allow", "Action": "a:C", "Resource": "x"},
    ]
    reordered = [{**statements[1], "Action": ["a:C"]}, {**statements[0], "Action": ["a:A", "a:B"]}]
    both = [
        change(
            "aws_iam_role_policy.X",
            {"role": "r", "policy": json.dumps({"Statement": statements})},
            {"role": "r", "policy": json.dumps({"Statement": reordered})},
            ("update",),
        )
    ]
    assert "### Permissions" not in _comment(plan({}, *both))


def test_environment_values_and_sensitive_values_are_hidden() -> None:
    changed = {_MODEL: (NEW_FIRST, container(environment={"LOG_LEVEL": "debug-to-hide", "NEW": "value-to-hide"}))}
    text = _comment(plan(changed))
    assert "to-hide" not in text
    assert "environment.LOG_LEVEL" in text
    sensitive = change(
        "aws_x.X",
        {"a": "old-to-hide"},
        {"a": "new-to-hide"},
        ("update",),
        after_sensitive={"a": True},
        before_sensitive={"a": True},
    )
    assert "to-hide" not in _comment(plan({}, sensitive))
    # A tree without a true leaf marks no value as sensitive.
    open_ = change(
        "aws_x.X", {"a": "old"}, {"a": "new"}, ("update",), after_sensitive={"b": [{}]}, before_sensitive={"a": False}
    )
    assert '+ a = "new"' in _comment(plan({}, open_))


@pytest.mark.parametrize(
    "text",
    [
        "Bearer abcdefghijkl",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_abcdefghijklmnopqrstuv",
        "https://user:secretword@host/x",
        "password=hunter2hunter2",
    ],
)
def test_a_credential_is_hidden_anywhere_in_a_text(text: str) -> None:
    assert "(hidden)" in sanitize(f"before {text} after")
    assert text not in _comment(plan({}, change("aws_x.X", {"a": "b"}, {"a": text}, ("update",))))


def test_a_hostile_plan_breaks_nothing() -> None:
    everywhere = change(
        f'aws_x.X["{_HOSTILE}"]',
        {"a": "b"},
        {_HOSTILE: _HOSTILE, "a": "````"},
        ("update",),
        replace_paths=[[_HOSTILE]],
    )
    policy = allowing(
        "aws_iam_role_policy.Running",
        {"Effect": "Allow", "Action": _HOSTILE, "Resource": _HOSTILE, "Condition": {_HOSTILE: {_HOSTILE: _HOSTILE}}},
    )
    text = _comment(
        plan(
            {**policy, _ENDPOINT: (OLD_FIRST, {"name": _HOSTILE})},
            everywhere,
            output_changes={_HOSTILE: change("aws_x.X", None, {"a": _HOSTILE}, ("create",))["change"]},
        )
    )
    outside = re.sub(r"(?s)(`{3,})diff.*?\n\1\n", "", text)
    in_code = re.sub(r"`[^`\n]*`", "", outside)
    assert not re.search(r"(?<!\\)<(?!/?(details|summary|sub|br|!--))", in_code)
    assert not re.search(r"(?<!\\)@", in_code)
    assert "\x00" not in text
    assert "\u202e" not in text
    assert [line for line in outside.splitlines() if line.startswith("## ")] == [_heading(text)]
    assert all(
        line.count("|") - line.count("\\|") in (0, 4, 5, 6) for line in outside.splitlines() if line.startswith("|")
    )


def test_a_text_is_escaped_as_text_and_as_code() -> None:
    assert escape("<b>@a*_`") == r"\<b\>\@a\*\_\`"
    assert code("a`b\nc") == "`a'b c`"
    assert code("\u202e") == r"`\u202e`"
    assert len(sanitize("x" * 10_000)) < 200


def test_a_comment_is_never_too_long_and_names_omitted_parts() -> None:
    many = [
        change(f"aws_x.X{number}", {"a": "b" * 90}, {"a": "c" * 90, f"d{number}": "e" * 90}, ("update",))
        for number in range(2_000)
    ]
    text = _comment(plan(_OPENED, *many))
    assert len(text) <= MAX_LENGTH
    assert "Omitted because the comment would be too long: all changes of dev-kmeans" in text
    assert "isolation-off" in text
    grants = [
        {"Effect": "Allow", "Action": f"s3:Get{'x' * 90}{number}", "Resource": f"arn:aws:s3:::{'y' * 90}{number}"}
        for number in range(3_000)
    ]
    assert len(_comment(plan(allowing("aws_iam_role_policy.Running", *grants), *many))) <= MAX_LENGTH


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert _comment(plan(_OPENED)) == _comment(plan(_OPENED))


def test_a_comment_about_several_plans_begins_with_a_summary() -> None:
    other = Plan("prod-fraud", plan(_OPENED).changes, raw={})
    text = comment([Review(plan(), (), _TODAY), Review(other, (), _TODAY)], source="Plan")
    assert _heading(text) == "## 2 stacks: 1 blocked"
    assert "| dev-kmeans | no changes |" in text
    assert "## prod-fraud: blocked: 1 finding" in text


def test_other_instance_counts_are_shown_with_their_instance_hours() -> None:
    changed = {
        "aws_sagemaker_endpoint_configuration.Configuration": (NEW_FIRST, configuration(initial_instance_count=5)),
        _ENDPOINT: {"endpoint_config_name": "b"},
    }
    text = _comment(plan(changed))
    assert "Instances: 2 × ml.m5.xlarge → **5 × ml.m5.xlarge**." in text
    assert "+3 instance-hours per hour" in text
