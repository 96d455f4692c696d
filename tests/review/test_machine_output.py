"""Reviews as JSON and as SARIF: the same findings as in the comment, in plain text, without secrets."""

import json
from datetime import date
from typing import Any

import pytest

from protected_endpoints.review.acknowledgements import Acknowledgement
from protected_endpoints.review.markdown import code, escape, plain_text
from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.report.json_report import json_report
from protected_endpoints.review.report.sarif import sarif
from protected_endpoints.review.review import Review
from protected_endpoints.review.rules import RULES
from tests.review.fragments import NEW_FIRST, Json, allowing, change, container, plan
from tests.test_secret_scan import SECRETS

_TODAY = date(2026, 11, 23)
_MODEL = "aws_sagemaker_model.Model"
_STATEMENT = {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::acme/*",
    "Condition": {"StringEquals": {"aws:ResourceAccount": "111122223333"}},
}
_CHANGED = {
    _MODEL: {"enable_network_isolation": False},
    "aws_sagemaker_endpoint.Endpoint": {"tags": {"a": "b"}},
    **allowing("aws_iam_role_policy.Running", _STATEMENT),
}


def _review(reviewed: Plan, *acknowledged: Acknowledgement) -> Review:
    return Review(reviewed, acknowledged, _TODAY)


def _acknowledged() -> Review:
    """Return a review whose only finding that blocks is acknowledged."""
    review = _review(plan(_CHANGED))
    (finding,) = (finding for finding in review.findings if finding.severity == "block")
    key, digest = finding.key("dev-kmeans"), review.digest(finding)
    return _review(review.plan, Acknowledgement(key, digest, "it calls the feature store", date(2026, 12, 31)))


def _json(*reviews: Review) -> Json:
    parsed: Json = json.loads(json_report(reviews))
    return parsed


def _run(*reviews: Review) -> Json:
    """Return the only run of the SARIF of reviews."""
    parsed = json.loads(sarif(reviews))
    assert parsed["version"] == "2.1.0"
    assert parsed["$schema"].endswith("sarif-2.1.0.json")
    (run,) = parsed["runs"]
    return dict(run)


def test_the_json_has_the_verdict_the_findings_and_their_digests() -> None:
    review = _review(plan(_CHANGED))
    report = _json(review)
    (stack,) = report["stacks"]
    assert (report["version"], report["blocked"], len(report["fingerprint"])) == (1, True, 64)
    assert (stack["stack"], stack["verdict"], stack["blocked"]) == ("dev-kmeans", "blocked: 1 finding", True)
    by_rule = {finding["rule"]: finding for finding in stack["findings"]}
    (digest,) = review.digests_of(f"isolation-off[dev-kmeans:{_MODEL}]")
    assert by_rule["isolation-off"] == {
        "rule": "isolation-off",
        "severity": "block",
        "address": _MODEL,
        "message": "Network isolation is disabled: the container has network access and the credentials of its "
        "execution role.",
        "digest": digest,
        "acknowledged": None,
    }
    assert by_rule["iam-added"]["message"] == (
        "role/acme-dev-kmeans-exec can perform s3:GetObject on arn:aws:s3:::acme/*."
    )


def test_the_json_has_endpoints_permissions_protections_and_changes() -> None:
    (stack,) = _json(_review(plan(_CHANGED)))["stacks"]
    (endpoint,) = stack["endpoints"]
    assert (endpoint["name"], endpoint["action"]) == ("acme-dev-kmeans", "tags")
    assert endpoint["description"] == "changes only its tags"
    assert stack["permissions"] == [
        {
            "change": "added",
            "wider": False,
            "effect": "Allow",
            "principal": "role/acme-dev-kmeans-exec",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::acme/*",
            "conditions": ["aws:ResourceAccount = 111122223333"],
            "address": "aws_iam_role_policy.Running",
        }
    ]
    isolation = {"name": "network isolation", "address": _MODEL, "before": "on", "after": "off", "changed": True}
    assert isolation in stack["protections"]
    assert {"address": _MODEL, "actions": ["update"]} in stack["changes"]


def test_a_removed_deny_is_a_removed_permission_of_its_effect() -> None:
    policy = json.dumps({"Statement": []})
    (stack,) = _json(_review(plan({"aws_s3_bucket_policy.Capture": {"policy": policy}})))["stacks"]
    assert [(item["change"], item["effect"], item["action"]) for item in stack["permissions"]] == [
        ("removed", "Deny", "s3:*")
    ]


def test_an_acknowledged_finding_is_shown_as_such() -> None:
    review = _acknowledged()
    report = _json(review)
    (stack,) = report["stacks"]
    (finding,) = (finding for finding in stack["findings"] if finding["severity"] == "block")
    assert finding["acknowledged"] == {"reason": "it calls the feature store", "expires": "2026-12-31"}
    assert (report["blocked"], stack["verdict"]) == (False, "review 1 warning before applying")
    (result,) = (result for result in _run(review)["results"] if result["ruleId"] == finding["rule"])
    assert (result["level"], result["suppressions"]) == (
        "note",
        [{"kind": "external", "status": "accepted", "justification": "it calls the feature store"}],
    )


def test_the_json_without_plans_blocks_nothing() -> None:
    assert (_json()["blocked"], _json()["stacks"]) == (False, [])


def test_every_rule_is_in_the_sarif_with_what_code_scanning_requires() -> None:
    rules = _run(_review(plan()))["tool"]["driver"]["rules"]
    helps = {rule["id"]: rule["help"]["text"] for rule in rules}
    assert helps["not-admitted"].endswith("until an owner admits it in review.toml, or it is removed.")
    assert helps["isolation-off"].endswith("until it is acknowledged in review.toml.")
    assert [rule["id"] for rule in rules] == [*RULES]
    for rule in rules:
        texts = (rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
        assert all(0 < len(text) <= 1024 for text in texts)
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}


def test_every_finding_is_a_result_with_what_code_scanning_requires() -> None:
    review = _review(plan(_CHANGED))
    run = _run(review)
    assert len(run["results"]) == len(review.findings) > 1
    for finding, result in zip(review.findings, run["results"], strict=True):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
        assert result["partialFingerprints"] == {"primaryLocationLineHash": review.digest(finding)}
        assert result["message"]["text"] == f"dev-kmeans: {finding.address}: {plain_text(finding.message)}"
        (location,) = result["locations"]
        (logical,) = location["logicalLocations"]
        assert logical["fullyQualifiedName"] == f"dev-kmeans:{finding.address}"
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "endpoints.toml"
        assert {*physical["region"]} == {"startLine", "startColumn", "endLine", "endColumn"}
    levels = [result["level"] for result in run["results"]]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert levels[0] == "error"


def test_more_results_than_code_scanning_shows_are_omitted_by_their_severity() -> None:
    many = [change(f"aws_x.X{number}", {"tags": {}}, {"tags": {"a": "b"}}, ("update",)) for number in range(5_100)]
    run = _run(_review(plan(_CHANGED, *many)))
    assert len(run["results"]) == 5_000
    assert run["results"][0]["level"] == "error"
    assert run["properties"]["omittedResults"] == len(_review(plan(_CHANGED, *many)).findings) - 5_000


def test_the_same_plans_give_the_same_bytes() -> None:
    for write in (json_report, sarif):
        assert write([_review(plan(_CHANGED))]) == write([_review(plan(_CHANGED))])


@pytest.mark.parametrize("text", ["a_b*c <d> [e](f) @g #h \\ i", "`", "arn:aws:s3:::a/*"])
def test_a_plain_text_is_the_text_before_it_was_escaped(text: str) -> None:
    assert plain_text(f"{escape(text)} is {code(text)}.") == f"{text} is {text.replace('`', chr(39))}."


@pytest.mark.parametrize("secret", SECRETS)
def test_a_credential_is_in_no_report(secret: str) -> None:
    statement = {**_STATEMENT, "Resource": f"arn:aws:s3:::acme/{secret}", "Condition": {"StringEquals": {"a": secret}}}
    model: Any = container(environment={"SETTING": secret}, image=f"registry/{secret}:latest")
    review = _review(plan({_MODEL: (NEW_FIRST, model), **allowing("aws_iam_role_policy.Running", statement)}))
    for text in (json_report([review]), sarif([review])):
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text
        assert "(hidden)" in text
