"""A permission that moves to another resource is a permission that is gained; one that follows its resource is not."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules import findings
from protected_endpoints.review.rules.moved_protections import REFERENCES
from tests.examples import ROOT
from tests.review.cases.shapes import allow, new
from tests.review.fragments import (
    ACCOUNT,
    CAPTURE,
    DEPLOYED,
    ENDPOINT_ARN,
    KEY,
    NEW_FIRST,
    ROLE,
    Json,
    captured,
    change,
    document,
    findings_by_rule,
)

_NO_OP = ROOT / "tests/plans/no-op.json"
_OTHER_KEY = KEY.replace("1234abcd", "5678efab")
_DATA = "arn:aws:s3:::acme-models/kmeans/1/model.tar.gz"
_IMAGE = f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com"
_REPOSITORY = f"arn:aws:ecr:us-west-2:{ACCOUNT}:repository"
_ALARM = f"arn:aws:cloudwatch:us-west-2:{ACCOUNT}:alarm"
_CONFIGURATION = "aws_sagemaker_endpoint_configuration.Configuration"


def _findings(
    action: str, resources: Sequence[str], changed: Json | None = None, others: Sequence[Json] = ()
) -> dict[str, list[str]]:
    """Return the findings if a policy of the execution role names another resource, beside other changes."""
    old, new_ = ({"name": "m", "role": ROLE, "policy": document(allow(action, resource))} for resource in resources)
    return findings_by_rule(changed, change("aws_iam_role_policy.Version", old, new_, NEW_FIRST), *others)


def _added(before: Json, after: Json, action: str, resources: tuple[str, str]) -> list[str]:
    """Return what is added if a container and the resource of a permission change."""
    old, new_ = ({"name": name, "primary_container": [values]} for name, values in (("a", before), ("b", after)))
    others = [change("aws_sagemaker_model.Other", old, new_, NEW_FIRST)]
    return _findings(action, resources, others=others).get("iam-added", [])


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("kms:Decrypt", KEY, _OTHER_KEY),
        ("s3:GetObject", _DATA, "arn:aws:s3:::payroll/2026.csv"),
        ("s3:GetObject", _DATA, "arn:aws:s3:::acme-models/payroll.csv"),
        ("s3:GetObject", f"arn:aws:s3:::{CAPTURE}/data-capture/*", f"arn:aws:s3:::{CAPTURE}/other/*"),
        ("s3:GetObject", f"arn:aws:s3:::{CAPTURE}/data-capture/*", f"arn:aws:s3:::{CAPTURE}/*"),
        ("ecr:BatchGetImage", f"{_REPOSITORY}/kmeans", f"{_REPOSITORY}/payroll"),
        ("cloudwatch:DescribeAlarms", f"{_ALARM}:kmeans-5xx", f"{_ALARM}:payroll"),
        ("sns:Publish", f"arn:aws:sns:us-west-2:{ACCOUNT}:a", f"arn:aws:sns:us-west-2:{ACCOUNT}:b"),
    ],
)
def test_another_resource_is_a_permission_that_is_gained(action: str, before: str, after: str) -> None:
    (message,) = _findings(action, (before, after))["iam-added"]
    assert message == f"`role/{ROLE}` can perform `{action}` on `{after}`."


def test_another_role_to_pass_blocks() -> None:
    roles = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("a", "admin"))
    assert _findings("iam:PassRole", [*roles])["iam-escalation-added"]


def test_an_invoke_policy_that_goes_to_another_endpoint_blocks() -> None:
    policy = json.loads(DEPLOYED["aws_iam_policy.Invoke"]["policy"].replace(ENDPOINT_ARN, f"{ENDPOINT_ARN}-of-others"))
    (message,) = findings_by_rule({"aws_iam_policy.Invoke": {"policy": json.dumps(policy)}})["invoke-widened"]
    assert message.endswith(
        f"can perform `sagemaker:InvokeEndpoint` on `{ENDPOINT_ARN}-of-others`, which is no endpoint of this plan."
    )


@pytest.mark.parametrize(
    ("before", "after", "action", "resources"),
    [
        (  # the artifact of another version
            {"model_data_url": "s3://acme-models/kmeans/1/model.tar.gz"},
            {"model_data_url": "s3://acme-models/kmeans/2/model.tar.gz"},
            "s3:GetObject",
            (_DATA, _DATA.replace("/1/", "/2/")),
        ),
        (  # in another bucket, which artifact-source-changed reports
            {"model_data_url": "s3://acme-models/kmeans/1/model.tar.gz"},
            {"model_data_url": "s3://acme-models-2/model.tar.gz"},
            "s3:GetObject",
            (_DATA, "arn:aws:s3:::acme-models-2/model.tar.gz"),
        ),
        (  # a prefix
            {"model_data_source": [{"s3_data_source": [{"s3_uri": "s3://acme-models/a/1/"}]}]},
            {"model_data_source": [{"s3_data_source": [{"s3_uri": "s3://acme-models/a/2/"}]}]},
            "s3:GetObject",
            ("arn:aws:s3:::acme-models/a/1/*", "arn:aws:s3:::acme-models/a/2/*"),
        ),
        (
            {"image": f"{_IMAGE}/scoring:1"},
            {"image": f"{_IMAGE}/scoring-v2:1"},
            "ecr:BatchGetImage",
            (f"{_REPOSITORY}/scoring", f"{_REPOSITORY}/scoring-v2"),
        ),
    ],
)
def test_a_permission_follows_what_the_plan_uses_instead(
    before: Json, after: Json, action: str, resources: tuple[str, str]
) -> None:
    assert _added(before, after, action, resources) == []
    assert _added(after, after, action, resources)  # the model does not change
    assert _added(before, after, action, (resources[0], f"{resources[1].rstrip('*')}x"))  # not what it uses


def test_a_permission_follows_the_alarms_of_an_endpoint() -> None:
    rollback = {"auto_rollback_configuration": [{"alarms": [{"alarm_name": "kmeans-p99"}]}]}
    changed = {"aws_sagemaker_endpoint.Endpoint": {"deployment_config": [rollback]}}
    alarms = f"{_ALARM}:kmeans-5xx", f"{_ALARM}:kmeans-p99"
    assert "iam-added" not in _findings("cloudwatch:DescribeAlarms", alarms, changed)
    assert _findings("cloudwatch:DescribeAlarms", alarms)["iam-added"]


def test_a_permission_follows_a_managed_key_that_is_replaced() -> None:
    replaced = {"aws_kms_key.Key": (NEW_FIRST, {"arn": None})}
    assert "iam-added" not in _findings("kms:Decrypt", (KEY, "${aws_kms_key.Key.arn}"), replaced)
    assert _findings("kms:Decrypt", (KEY, "${aws_kms_key.Other.arn}"), replaced)["iam-added"]


def test_a_permission_follows_the_key_and_the_destination_of_a_configuration() -> None:
    changed = {_CONFIGURATION: new({**captured(destination_s3_uri="s3://other/captured"), "kms_key_arn": _OTHER_KEY})}
    objects = f"arn:aws:s3:::{CAPTURE}/data-capture/*", "arn:aws:s3:::other/captured/*"
    assert "iam-added" not in _findings("s3:PutObject", objects, changed)
    assert "iam-added" not in _findings("sns:Publish", (KEY, _OTHER_KEY), changed | _without_capture_key())


def _without_capture_key() -> dict[str, Any]:
    """Return a configuration that uses another key for everything."""
    return {_CONFIGURATION: new({**captured(kms_key_id=_OTHER_KEY), "kms_key_arn": _OTHER_KEY})}


def test_objects_of_a_managed_bucket_follow_its_name() -> None:
    old, new_ = ({"bucket": name, "arn": f"arn:aws:s3:::{name}"} for name in ("one", "two"))
    renamed = change("aws_s3_bucket.Renamed", old, new_, NEW_FIRST)
    objects = [f"arn:aws:s3:::{name}/a/*" for name in ("one", "two")]
    assert "iam-added" not in _findings("s3:PutObject", objects, others=[renamed])
    assert _findings("s3:PutObject", (objects[0], f"{objects[1]}x"), others=[renamed])["iam-added"]
    assert _findings("s3:PutObject", objects)["iam-added"]


def _references() -> Iterator[tuple[int, str]]:
    """Yield the index of each change of a real plan, with each argument that refers to what the resource protects."""
    for index, resource in enumerate(json.loads(_NO_OP.read_text(encoding="utf-8"))["resource_changes"]):
        for argument in REFERENCES.get(resource["type"], {}):
            if (resource["change"]["before"] or {}).get(argument):
                yield index, argument


def test_every_reference_of_a_real_plan_blocks_if_it_moves() -> None:
    moved = [*_references()]
    assert len(moved) > 10
    for index, argument in moved:
        plan = json.loads(_NO_OP.read_text(encoding="utf-8"))
        resource = plan["resource_changes"][index]
        resource["change"]["actions"] = ["delete", "create"]
        resource["change"]["after"] = {**resource["change"]["before"], argument: "of-others"}
        blocking = {
            (finding.rule, finding.address)
            for finding in findings(ReviewContext(parse_plan(plan, "dev-kmeans", "plan")))
            if finding.severity == "block"
        }
        assert ("protection-moved", resource["address"]) in blocking, (resource["address"], argument)
