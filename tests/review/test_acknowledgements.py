"""An entry of review.toml accepts one finding of one stack as it was, until a date."""

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from protected_endpoints.review import review_file
from protected_endpoints.review.acknowledgements import Acknowledgement, acknowledgements
from protected_endpoints.review.plan.plan import Plan, Unreadable
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review
from tests.review.fragments import NEW_FIRST, change, plan

_TODAY = date(2026, 11, 23)
_MODEL = "aws_sagemaker_model.Model"
_OPENED = {_MODEL: (NEW_FIRST, {"name": "b", "enable_network_isolation": False})}
_FINDING = "isolation-off[dev-kmeans:aws_sagemaker_model.Model]"
_REASON = "the container calls the feature store"


def _comment(plan: Plan, *acknowledged: Acknowledgement, today: date = _TODAY) -> str:
    return comment([Review(plan, acknowledged, today)], source="Plan")


def _acknowledgement(plan: Plan, finding: str = _FINDING) -> Acknowledgement:
    """Return the acknowledgement of a finding as it is in a plan."""
    (digest,) = Review(plan, (), _TODAY).digests_of(finding)
    return Acknowledgement(finding, digest, _REASON, date(2026, 12, 31))


def test_an_acknowledged_finding_does_not_block_until_the_acknowledgement_expires() -> None:
    acknowledgement = _acknowledgement(plan(_OPENED))
    assert not Review(plan(_OPENED), (acknowledgement,), _TODAY).is_blocked
    text = _comment(plan(_OPENED), acknowledgement)
    assert "1 acknowledgement" in text
    assert f"{_REASON}, until 2026-12-31" in text
    late = Review(plan(_OPENED), (acknowledgement,), date(2027, 1, 1))
    assert late.is_blocked
    assert "expired on 2026-12-31. Review it again, and set a later day, or remove the entry." in _comment(
        plan(_OPENED), acknowledgement, today=date(2027, 1, 1)
    )


def test_a_finding_that_changed_since_it_was_acknowledged_blocks() -> None:
    acknowledgement = _acknowledgement(plan(_OPENED))
    later = plan({_MODEL: (NEW_FIRST, {"name": "c", "enable_network_isolation": False, "vpc_config": None})})
    assert Review(later, (acknowledgement,), _TODAY).is_blocked
    now = _acknowledgement(later).digest
    assert (
        f"* `{_FINDING}`: the finding has changed since it was acknowledged: digest `{acknowledgement.digest}`, now "
        f"`{now}`. Review it again, and update the entry."
    ) in _comment(later, acknowledgement)


def test_an_acknowledgement_of_one_of_two_findings_at_an_address_accepts_no_other() -> None:
    deleted = change("aws_kms_key.Key", {"arn": "arn:aws:kms:us-west-2:111122223333:key/1"}, None, ("delete",))
    first = Review(plan({"aws_kms_key.Key": {"is_enabled": False, "deletion_window_in_days": 7}}), (), _TODAY)
    key = "key-destroyed[dev-kmeans:aws_kms_key.Key]"
    digests = first.digests_of(key)
    assert len({*digests}) == 2
    entry = Acknowledgement(key, digests[0], _REASON, date(2026, 12, 31))
    review = Review(first.plan, (entry,), _TODAY)
    assert (len(review.acknowledged_findings), review.is_blocked) == (1, True)
    gone = Review(plan({}, deleted), (entry,), _TODAY)
    assert gone.is_blocked


def test_the_comment_has_the_entry_that_acknowledges_a_finding(tmp_path: Path) -> None:
    address = 'aws_sagemaker_model.Model["a\u202e`b"]'
    opened = change(
        address,
        {"name": "a", "enable_network_isolation": True},
        {"name": "b", "enable_network_isolation": False},
        NEW_FIRST,
    )
    text = _comment(plan(_OPENED, opened))
    assert "To acknowledge 2 findings, add to review.toml" in text
    (block,) = re.findall(r"(?s)```+toml\n(.*?)\n```", text)
    assert {entry["finding"] for entry in tomllib.loads(block)["acknowledged"]} == {
        _FINDING,
        f"isolation-off[dev-kmeans:{address}]",
    }
    file = tmp_path / "review.toml"
    file.write_text(block.replace('reason = ""', f'reason = "{_REASON}"'), encoding="utf-8")
    entries = acknowledgements(review_file.read(file), _TODAY)
    review = Review(plan(_OPENED, opened), entries, _TODAY)
    assert (len(review.acknowledged_findings), review.is_blocked) == (2, False)
    assert "To acknowledge" not in _comment(plan(_OPENED, opened), *entries)


@pytest.mark.parametrize("stack", ["dev-token", "prod-secret", "dev-api-key", "password"])
def test_a_finding_of_a_stack_that_is_named_like_a_secret_can_be_acknowledged(tmp_path: Path, stack: str) -> None:
    opened = replace(plan(_OPENED), stack=stack)
    (block,) = re.findall(r"(?s)```+toml\n(.*?)\n```", _comment(opened))
    file = tmp_path / "review.toml"
    file.write_text(block.replace('reason = ""', f'reason = "{_REASON}"'))
    entries = acknowledgements(review_file.read(file), _TODAY)
    assert not Review(opened, entries, _TODAY).is_blocked
    assert f"* `isolation-off[{stack}:{_MODEL}]`: {_REASON}" in _comment(opened, *entries)


def test_an_unused_acknowledgement_of_the_stack_is_shown() -> None:
    unused = Acknowledgement("tags-only[dev-kmeans:aws_x.X]", "0" * 16, _REASON, date(2026, 12, 31))
    assert "* `tags-only[dev-kmeans:aws_x.X]`: this plan has no such finding; remove the entry after the apply." in (
        _comment(plan(_OPENED), unused)
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
    text = _comment(plan(_OPENED), Acknowledgement(finding, "0" * 16, "it is intended", date(2026, 12, 31)))
    assert f"* `{finding}`: {message}\n" in text
    assert "blocked: 1 finding" in text


def test_an_acknowledgement_for_another_stack_is_not_shown() -> None:
    elsewhere = Acknowledgement("forgotten[prod-fraud:aws_x.X]", "0" * 16, "it is intended", date(2026, 12, 31))
    assert "forgotten" not in _comment(plan(_OPENED), elsewhere)


_ENTRY = {"finding": "'a'", "digest": "'0123456789abcdef'", "reason": "'long enough'", "expires": "2027-01-01"}


def _entry(**changed: str) -> str:
    lines = (f"{key} = {value}" for key, value in {**_ENTRY, **changed}.items() if value)
    return "\n".join(["[[acknowledged]]", *lines])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_entry(digest=""), "acknowledged[0].digest: required; copy the entry from the comment of a review"),
        (_entry(expires=""), "acknowledged[0].expires: required; copy the entry from the comment of a review"),
        (_entry(finding="1"), "acknowledged[0].finding: must be a string, got '1'; copy it from a review"),
        (
            _entry(finding="'not-admitted[dev-kmeans:aws_x.X]'"),
            "acknowledged[0].finding: cannot be acknowledged, got 'not-admitted[dev-kmeans:aws_x.X]'; admit its type",
        ),
        (_entry(digest="'0123'"), "acknowledged[0].digest: must be 16 digits from 0 to f, got '0123'; copy it"),
        (_entry(reason="'short'"), "acknowledged[0].reason: must be a string of 10 characters or more, got 'short';"),
        (_entry(reason="'           '"), "acknowledged[0].reason: must be a string of 10 characters or more"),
        (_entry(expires="'soon'"), "acknowledged[0].expires: must be a date, got 'soon'; for example, set expires"),
        (_entry(expires="2027-01-01T00:00:00"), "acknowledged[0].expires: must be a date, got '2027-01-01 00:00:00'"),
        (
            _entry(expires="2027-02-22"),
            "acknowledged[0].expires: must be at most 90 days ahead, got 2027-02-22; set expires = 2027-02-21 or",
        ),
        (_entry(by="'me'"), "acknowledged[0].by: unknown key; use finding, digest, reason, expires"),
        ("acknowledged = [1]\n", "acknowledged[0]: must be a table; set finding, digest, reason, expires"),
        ("acknowledged = 1\n", "acknowledged: must be an array of tables, got int; start each entry with"),
        ("known = []\n", "known: unknown key; use [[acknowledged]]"),
        ("[[", "not valid TOML"),
    ],
)
def test_an_invalid_review_toml_is_one_message(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "review.toml"
    file.write_text(text)
    with pytest.raises(Unreadable, match=re.escape(f"{file}: {message}")):
        acknowledgements(review_file.read(file), _TODAY)


def test_an_acknowledgement_of_ninety_days_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "review.toml"
    file.write_text(_entry(expires="2027-02-21"))
    assert len(acknowledgements(review_file.read(file), _TODAY)) == 1
