"""Limits of CloudTrail and S3 that the trail of an environment may reach."""

import pytest

from protected_endpoints.deployment import AuditDeployment
from protected_endpoints.rules import audit
from tests.loading.support import Table, example, load_parsed, messages_of

_ROLE = "arn:aws:iam::111122223333:role"


def _file(endpoints: int = 1, **settings: object) -> Table:
    """Return endpoints that have names of their own and capture to existing buckets, in an environment with a trail."""
    file = example()
    file["environments"]["dev"]["audit"] = {"create_trail": True, **settings}
    kmeans = file["endpoints"].pop("kmeans")
    for number in range(endpoints):
        capture = {"data_capture": {"destination_s3_uri": f"s3://captured/{number}"}}
        file["endpoints"][f"e{number}"] = {**kmeans, "endpoint_name": f"fraud-{number}", **capture}
    return file


def _audit(file: Table) -> AuditDeployment:
    (deployment,) = load_parsed(file).audits
    return deployment


def test_a_trail_has_at_most_as_many_values_as_cloudtrail_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = _audit(_file(3))
    monkeypatch.setattr(audit, "MAX_SELECTOR_VALUES", 15)
    assert audit.audit_selector_values.findings(deployment) == []
    monkeypatch.setattr(audit, "MAX_SELECTOR_VALUES", 14)
    (problem,) = audit.audit_selector_values.findings(deployment)
    assert str(problem) == (
        "environments.dev.audit.create_trail: the trail would need 15 values for endpoint_name and "
        "destination_s3_uri of 3 endpoints, but CloudTrail accepts 14, got true; split the endpoints into several "
        "environments [audit-selector-values]"
    )


def test_many_readers_do_not_fit_into_the_policy_of_the_bucket() -> None:
    def with_readers(count: int) -> Table:
        return _file(readers=[f"{_ROLE}/auditor-{number:04}" for number in range(count)])

    assert messages_of(with_readers(300)) == []
    (message,) = messages_of(with_readers(500))
    assert message.startswith("environments.dev.audit.readers: the policy of the bucket would have ")
    assert message.endswith(" characters, but AWS accepts 20480; list fewer roles [audit-bucket-policy-size]")


def test_an_account_has_at_most_five_trails_in_a_region() -> None:
    def in_environments(count: int) -> Table:
        file = example()
        dev = file["environments"].pop("dev") | {"audit": {"create_trail": True}}
        file["environments"] = {f"{name}-dev": dict(dev) for name in "abcdef"[:count]}
        return file

    assert len(load_parsed(in_environments(5)).audits) == 5
    assert messages_of(in_environments(6))[0] == (
        "environments.a-dev.audit.create_trail: account 111122223333 would have 6 trails in region us-west-2, but "
        "CloudTrail accepts 5, got true; remove create_trail in some of these environments [audit-trail-count]"
    )


def test_a_trail_in_an_environment_without_endpoints_is_an_error() -> None:
    file = _file()
    file["environments"]["prod"] = file["environments"]["dev"] | {"account_id": "444455556666"}
    file["endpoints"]["e0"]["only"] = ["dev"]
    assert messages_of(file) == [
        "environments.prod.audit.create_trail: has no effect: no endpoint is deployed in this environment, got true; "
        "remove it, or add an endpoint [audit-without-endpoints]"
    ]
