"""A review shows an existing execution role as existing, and its change."""

from datetime import date
from typing import Any

import pytest

from protected_endpoints.review.analysis.comparison import Comparisons
from protected_endpoints.review.analysis.protections import protections
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review
from tests.review.fragments import DEPLOYED, NEW_FIRST, plan

_MODEL, _ROLE = "aws_sagemaker_model.Model", "aws_iam_role.Role"
_EXISTING = "arn:aws:iam::111122223333:role/team/ml-models"
_TO_EXISTING: dict[str, Any] = {_MODEL: (NEW_FIRST, {"name": "b", "execution_role_arn": _EXISTING}), _ROLE: "delete"}


def _execution_roles(changed: dict[str, Any] | None) -> list[tuple[str, str | None, str | None]]:
    return [
        (protection.address, protection.before, protection.after)
        for protection in protections(Comparisons(plan(changed)))
        if protection.name == "execution role"
    ]


def test_a_managed_role_is_no_row_and_an_existing_one_is() -> None:
    assert _execution_roles(None) == []
    assert _execution_roles(_TO_EXISTING) == [(_MODEL, "managed", f"existing {_EXISTING}")]


def test_an_existing_role_that_stays_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DEPLOYED, _MODEL, {**DEPLOYED[_MODEL], "execution_role_arn": _EXISTING})
    assert _execution_roles(None) == [(_MODEL, f"existing {_EXISTING}", f"existing {_EXISTING}")]
    back = {_MODEL: (NEW_FIRST, {"name": "b", "execution_role_arn": DEPLOYED[_ROLE]["arn"]})}
    assert _execution_roles(back) == [(_MODEL, f"existing {_EXISTING}", "managed")]


def test_the_comment_blocks_the_change_and_names_the_command_to_compare_with() -> None:
    text = comment([Review(plan(_TO_EXISTING), (), date(2026, 11, 23))], source="Plan")
    assert "blocked" in text
    assert f"to the existing `{_EXISTING}`, which this plan does not show." in text
    assert "`protected-endpoints policy role dev-kmeans`" in text
    assert f"managed | **existing {_EXISTING}**" in text
