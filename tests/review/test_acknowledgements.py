"""An entry of review.toml accepts one finding of one stack until a date."""

import re
from datetime import date
from pathlib import Path

import pytest

from protected_endpoints.review import acknowledgements
from protected_endpoints.review.acknowledgements import Acknowledgement
from protected_endpoints.review.plan.plan import Plan, Unreadable
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review
from tests.review.fragments import NEW_FIRST, plan

_TODAY = date(2026, 11, 23)
_MODEL, _ENDPOINT = "aws_sagemaker_model.Model", "aws_sagemaker_endpoint.Endpoint"
_OPENED = {_MODEL: (NEW_FIRST, {"name": "b", "enable_network_isolation": False})}
_FINDING = "isolation-off[dev-kmeans:aws_sagemaker_model.Model]"


def _comment(plan: Plan, *acknowledged: Acknowledgement, today: date = _TODAY) -> str:
    return comment([Review(plan, acknowledged, today)], source="Plan")


def test_an_acknowledged_finding_does_not_block_until_the_acknowledgement_expires() -> None:
    acknowledgement = Acknowledgement(_FINDING, "the container calls the feature store", date(2026, 12, 31))
    review = Review(plan(_OPENED), (acknowledgement,), _TODAY)
    assert not review.is_blocked
    text = _comment(plan(_OPENED), acknowledgement)
    assert "1 acknowledgement" in text
    assert "the container calls the feature store, until 2026-12-31" in text
    late = Review(plan(_OPENED), (acknowledgement,), date(2027, 1, 1))
    assert late.is_blocked
    assert "the acknowledgement expired on 2026-12-31" in _comment(
        plan(_OPENED), acknowledgement, today=date(2027, 1, 1)
    )


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("forgotten", "the rule is renamed; acknowledge `removed-from-state[dev-kmeans:aws_x.X]`."),
        ("data-moved", "the rule is renamed; acknowledge `data-destination-changed[dev-kmeans:aws_x.X]`."),
        ("isolation-of", "unknown rule `isolation-of`; copy the finding from a review."),
    ],
)
def test_an_acknowledgement_of_an_unknown_rule_is_shown(rule: str, message: str) -> None:
    finding = f"{rule}[dev-kmeans:aws_x.X]"
    text = _comment(plan(_OPENED), Acknowledgement(finding, "it is intended", date(2026, 12, 31)))
    assert f"* `{finding}`: {message}\n" in text
    assert "blocked: 1 finding" in text


def test_an_acknowledgement_for_another_stack_is_not_shown() -> None:
    elsewhere = Acknowledgement("forgotten[prod-fraud:aws_x.X]", "it is intended", date(2026, 12, 31))
    assert "forgotten" not in _comment(plan(_OPENED), elsewhere)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[acknowledged]]\nfinding = 'a'\n", "acknowledged[0].expires: required; add it"),
        ("[[acknowledged]]\nfinding = 1\nreason = 'long enough'\nexpires = 2027-01-01\n", "finding: must be a string"),
        (
            "[[acknowledged]]\nfinding = 'a'\nreason = 'short'\nexpires = 2027-01-01\n",
            "reason: must be a string of 10 characters or more",
        ),
        ("[[acknowledged]]\nfinding = 'a'\nreason = 'long enough'\nexpires = 'soon'\n", "expires: must be a date"),
        (
            "[[acknowledged]]\nfinding = 'a'\nreason = 'long enough'\nexpires = 2027-01-01T00:00:00\n",
            "expires: must be a date",
        ),
        (
            "[[acknowledged]]\nfinding = 'a'\nreason = 'long enough'\nexpires = 2027-01-01\nby = 'me'\n",
            "by: unknown key",
        ),
        ("acknowledged = 1\n", "acknowledged: must be an array of tables"),
        ("known = []\n", "known: unknown key"),
        ("[[", "not valid TOML"),
    ],
)
def test_an_invalid_review_toml_is_one_message(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "review.toml"
    file.write_text(text)
    with pytest.raises(Unreadable, match=re.escape(message)):
        acknowledgements.read(file)
