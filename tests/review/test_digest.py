"""The digest of a finding: another for whatever a reviewer would judge anew, the same for the same change."""

from datetime import date
from typing import Any

import pytest

from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.review import Review
from tests.review.fragments import NEW_FIRST, Json, allowing, change, container, document, raw

_MODEL, _POLICY, _TRUST = "aws_sagemaker_model.Model", "aws_iam_role_policy.Running", "aws_iam_role.Role"
_BUCKET, _CONFIGURATION = "aws_s3_bucket.Capture", "aws_sagemaker_endpoint_configuration.Configuration"
_GENERATED = "acme-dev-kmeans-202601010000000000000000"


def _digests(rule: str, changed: dict[str, Any], *others: Json, stack: str = "dev-kmeans", **more: Any) -> list[str]:
    """Return the digests of the findings of a rule in a plan."""
    review = Review(parse_plan(raw(changed, *others, **more), stack, "plan.json"), (), date(2026, 11, 23))
    return [review.digest(finding) for finding in review.findings if finding.rule == rule]


def _granting(**elements: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*", **elements}
    return allowing(_POLICY, statement)


def _opened(**arguments: Any) -> dict[str, Any]:
    return {_MODEL: (NEW_FIRST, {"name": "b", "enable_network_isolation": False, **arguments})}


def _running(command: str) -> Json:
    provisioner = {"type": "local-exec", "expressions": {"command": {"constant_value": command}}}
    resource = {"address": "terraform_data.T", "provisioners": [provisioner]}
    return {"root_module": {"resources": [resource]}}


_IN_ACCOUNT = {"StringEquals": {"aws:ResourceAccount": "111122223333"}}
_LONG = "arn:aws:s3:::" + "a" * 300
_CREATED = change("terraform_data.T", None, {"input": "x"}, ("create",))
# Two findings of a rule at one address that a reviewer would judge separately, although most messages are the same.
_DIFFERENT: list[tuple[str, list[Any], list[Any]]] = [
    ("iam-added", [_granting(Condition=_IN_ACCOUNT)], [_granting()]),
    ("iam-added", [_granting(Resource=f"{_LONG}/b")], [_granting(Resource=f"{_LONG}/c")]),
    (
        "iam-added",
        [_granting(Resource="arn:aws:s3:::ghp_" + "a" * 36)],
        [_granting(Resource="arn:aws:s3:::ghp_" + "b" * 36)],
    ),
    ("isolation-off", [_opened()], [_opened(primary_container=[{"image": "evil:1"}])]),
    (
        "secret-in-env",
        [{_MODEL: (NEW_FIRST, container(environment={"API_KEY": "a"}))}],
        [{_MODEL: (NEW_FIRST, container(environment={"API_KEY": "b"}))}],
    ),
    (
        "stateful-destroyed",
        [{_BUCKET: "delete"}],
        [{}, change("aws_s3_bucket.Capture", {"bucket": "another"}, None, ("delete",))],
    ),
    (
        "trust-changed",
        [
            {
                _TRUST: {
                    "assume_role_policy": document(
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"},
                            "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"sts:ExternalId": "1"}},
                        }
                    )
                }
            }
        ],
        [
            {
                _TRUST: {
                    "assume_role_policy": document(
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"},
                            "Action": "sts:AssumeRole",
                        }
                    )
                }
            }
        ],
    ),
]


@pytest.mark.parametrize(
    ("rule", "plan", "other"), _DIFFERENT, ids=lambda value: value if isinstance(value, str) else ""
)
def test_another_finding_has_another_digest(rule: str, plan: list[Any], other: list[Any]) -> None:
    first, second = _digests(rule, *plan), _digests(rule, *other)
    assert first
    assert second
    assert not {*first} & {*second}


def test_another_command_has_another_digest() -> None:
    first, second = (_digests("runs-commands", {}, _CREATED, configuration=_running(text)) for text in ("a", "b"))
    assert (len(first), len(second), first == second) == (1, 1, False)


def test_an_incomplete_plan_with_other_changes_has_another_digest() -> None:
    first, second = (_digests("plan-incomplete", {_BUCKET: {"tags": {"a": tag}}}, complete=False) for tag in "bc")
    assert (len(first), len(second), first == second) == (1, 1, False)


def test_another_stack_has_another_digest() -> None:
    assert _digests("isolation-off", _opened()) != _digests("isolation-off", _opened(), stack="prod-kmeans")


def test_the_order_of_statements_and_their_values_does_not_matter() -> None:
    allowed: Json = {"Effect": "Allow", "Action": ["s3:A", "s3:B"], "Resource": "*"}
    denied: Json = {"Effect": "Deny", "Action": "s3:C", "Resource": "*"}
    reordered = document(denied, {**allowed, "Action": ["s3:B", "s3:A"]})
    first, second = (
        _digests("iam-wildcard-added", {_POLICY: {"policy": text}}) for text in (document(allowed, denied), reordered)
    )
    assert first
    assert first == second


def test_a_name_that_terraform_generated_does_not_matter() -> None:
    first, second = (
        _digests(
            "encryption-removed",
            {},
            change(
                _CONFIGURATION,
                {"name": f"{_GENERATED}{end}", "kms_key_arn": "k"},
                {"name": f"{_GENERATED}00", "kms_key_arn": None},
                ("update",),
            ),
        )
        for end in ("01", "0a")
    )
    assert first
    assert first == second


def test_other_changes_times_and_drift_of_aws_do_not_matter() -> None:
    moment = {"timestamp": "2026-11-23T00:00:00Z", "terraform_version": "1.12.0"}
    read = {"enable_network_isolation": True, "creation_time": "1"}
    drift = [change(_MODEL, read, {**read, "creation_time": "2"}, ("update",))]
    other = change("aws_x.X", {"a": "b"}, {"a": "c"}, ("update",))
    expected = _digests("isolation-off", _opened())
    assert expected == _digests("isolation-off", _opened(), other, resource_drift=drift, **moment)


def test_a_digest_of_a_secret_takes_milliseconds_for_each_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a short secret could be found by trying: everything else in the digest is public."""
    calls: list[int] = []

    def slow_hash(_name: str, _text: bytes, _salt: bytes, iterations: int) -> bytes:
        calls.append(iterations)
        return b"0" * 16

    monkeypatch.setattr("hashlib.pbkdf2_hmac", slow_hash)
    _digests("isolation-off", _opened())
    assert calls == []
    _digests("secret-in-env", {_MODEL: (NEW_FIRST, container(environment={"API_KEY": "hunter2"}))})
    _digests("iam-added", _granting(Resource="arn:aws:s3:::ghp_" + "a" * 36))
    assert len(calls) == 2
    assert min(calls) >= 20_000
