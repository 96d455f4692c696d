"""An endpoint is compared with what it served before, however models and configurations are renamed."""

from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.review.analysis.comparison import Comparisons
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.inference_option import options
from protected_endpoints.review.analysis.protections import protections
from protected_endpoints.review.analysis.served import ServedIndex
from protected_endpoints.review.plan import synthesized
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules import findings
from tests.review.cases.shapes import CONFIGURATION, ENDPOINT, MODEL
from tests.review.fragments import DEPLOYED, Json, change, findings_by_rule, plan, raw
from tests.support import write_stacks

_NEW_MODEL, _NEW_CONFIGURATION = "aws_sagemaker_model.Renamed", "aws_sagemaker_endpoint_configuration.Renamed"
_NEW_ENDPOINT = "aws_sagemaker_endpoint.Renamed"
(_VARIANT,) = DEPLOYED[CONFIGURATION]["production_variants"]
_MODEL_AFTER: Json = {**DEPLOYED[MODEL], "name": "acme-dev-kmeans-bb"}
_CONFIGURATION_AFTER: Json = {
    **DEPLOYED[CONFIGURATION],
    "name": "acme-dev-kmeans-2",
    "production_variants": [{**_VARIANT, "model_name": "acme-dev-kmeans-bb"}],
}
_UPDATED = {"endpoint_config_name": "acme-dev-kmeans-2"}
_OTHER_IMAGE = [{"image": "999988887777.dkr.ecr.us-west-2.amazonaws.com/x:1"}]


def _renamed(
    model: Json | None = None, configuration: Json | None = None, endpoint: Any = _UPDATED
) -> tuple[dict[str, Any], list[Json]]:
    """Return a plan that deletes a model and its configuration and creates others under other addresses and names."""
    created = [
        change(_NEW_MODEL, None, {**_MODEL_AFTER, **(model or {})}, ("create",)),
        change(_NEW_CONFIGURATION, None, {**_CONFIGURATION_AFTER, **(configuration or {})}, ("create",)),
    ]
    return {MODEL: "delete", CONFIGURATION: "delete", ENDPOINT: endpoint}, created


@pytest.mark.parametrize(
    ("rule", "model", "configuration"),
    [
        ("isolation-off", {"enable_network_isolation": False}, {}),
        ("vpc-removed", {"vpc_config": []}, {}),
        ("network-changed", {"vpc_config": [{"subnets": ["subnet-9"], "security_group_ids": ["sg-1"]}]}, {}),
        ("artifact-source-changed", {"primary_container": _OTHER_IMAGE}, {}),
        ("execution-role-unreviewable", {"execution_role_arn": "arn:aws:iam::111122223333:role/other"}, {}),
        ("encryption-removed", {}, {"kms_key_arn": None}),
        ("key-changed", {}, {"kms_key_arn": "arn:aws:kms:us-west-2:111122223333:key/other"}),
        ("capture-off", {}, {"data_capture_config": []}),
        (
            "capture-reduced",
            {},
            {"data_capture_config": [{**DEPLOYED[CONFIGURATION]["data_capture_config"][0], "capture_options": []}]},
        ),
        (
            "data-destination-changed",
            {},
            {"data_capture_config": [{"enable_capture": True, "destination_s3_uri": "s3://elsewhere/x"}]},
        ),
        ("ssm-access-on", {}, {"production_variants": [{**_VARIANT, "enable_ssm_access": True}]}),
        ("single-instance", {}, {"production_variants": [{**_VARIANT, "initial_instance_count": 1}]}),
    ],
)
def test_what_is_weaker_under_another_address_is_reported(rule: str, model: Json, configuration: Json) -> None:
    changed, created = _renamed(model, configuration)
    assert findings_by_rule(changed, *created)[rule]
    changed, created = _renamed()
    assert rule not in findings_by_rule(changed, *created)


def test_the_protections_of_what_an_endpoint_served_are_those_before() -> None:
    changed, created = _renamed({"enable_network_isolation": False}, {"kms_key_arn": None})
    rows = protections(Comparisons(plan(changed, *created)))
    shown = {(row.name, row.before, row.after) for row in rows if row.address in (_NEW_MODEL, _NEW_CONFIGURATION)}
    assert ("network isolation", "on", "off") in shown
    assert ("volume key", "1234abcd-12ab-34cd-56ef-1234567890ab", "none") in shown


def test_an_endpoint_that_moves_to_another_address_is_the_same() -> None:
    changed, created = _renamed({"enable_network_isolation": False}, endpoint="delete")
    moved = change(_NEW_ENDPOINT, None, {**DEPLOYED[ENDPOINT], **_UPDATED}, ("create",))
    (served,) = ServedIndex(plan(changed, *created, moved)).endpoints
    assert served.before is not None
    assert [model.address for model in served.before.models] == [MODEL]
    assert [model.address for model in served.after.models] == [_NEW_MODEL]


def test_an_endpoint_with_another_name_is_new_and_compared_with_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DEPLOYED, MODEL, {**DEPLOYED[MODEL], "enable_network_isolation": False})
    changed, created = _renamed({"enable_network_isolation": False}, endpoint="delete")
    new = change(_NEW_ENDPOINT, None, {**DEPLOYED[ENDPOINT], **_UPDATED, "name": "another"}, ("create",))
    found = findings_by_rule(changed, *created, new)
    assert found["isolation-off"]
    assert found["endpoint-down"]


def test_endpoints_that_swap_their_configurations_are_followed() -> None:
    """Neither a model nor a configuration changes, but one endpoint serves a model without isolation then."""
    open_model = {**_MODEL_AFTER, "enable_network_isolation": False}
    others = [
        change("aws_sagemaker_model.Open", open_model, open_model, ("no-op",)),
        change("aws_sagemaker_endpoint_configuration.Open", _CONFIGURATION_AFTER, _CONFIGURATION_AFTER, ("no-op",)),
    ]
    assert findings_by_rule({ENDPOINT: _UPDATED}, *others)["isolation-off"]
    assert "isolation-off" not in findings_by_rule({}, *others)


def test_each_new_configuration_of_an_unknown_name_is_judged() -> None:
    serverless = [{"variant_name": "v", "model_name": "m", "serverless_config": [{"memory_size_in_mb": 2048}]}]
    changed, created = _renamed({}, {})
    changed[ENDPOINT] = {"endpoint_config_name": None}
    second = change(f"{_NEW_CONFIGURATION}2", None, {"production_variants": serverless}, ("create",))
    content = raw(changed, *created, second)
    for resource in content["resource_changes"]:
        if resource["address"] == ENDPOINT:
            resource["change"]["after_unknown"] = {"endpoint_config_name": True}
    (served,) = ServedIndex(parse_plan(content, "dev-kmeans", "plan.json")).endpoints
    assert [after.value for _, after in options(served)] == ["real-time inference", "serverless inference"]
    # With a reference, the configuration is known.
    expressions = {"endpoint_config_name": {"references": [f"{_NEW_CONFIGURATION}.name", _NEW_CONFIGURATION]}}
    content["configuration"]["root_module"]["resources"] = [{"address": ENDPOINT, "expressions": expressions}]
    (served,) = ServedIndex(parse_plan(content, "dev-kmeans", "plan.json")).endpoints
    assert [after.value for _, after in options(served)] == ["real-time inference"]


_HEAD = """
[project]
name = "acme"
[environments.dev]
account_id = "111122223333"
region = "us-west-2"
"""
_SHORT = f"""{_HEAD}
[endpoints.old]
image = "111122223333.dkr.ecr.us-west-2.amazonaws.com/scoring:7"
model_data_url = "s3://acme-models/scoring/7/model.tar.gz"
instance_type = "ml.m5.xlarge"
"""


def _long(name: str, *, image: str = "999988887777.dkr.ecr.us-west-2.amazonaws.com/x:1", relax: bool = True) -> str:
    reason = 'relax.network_isolation = "somebody asked for it"' if relax else ""
    return f"""{_HEAD}
[endpoints.old]
{reason}
[endpoints.old.models.{name}]
image = "{image}"
model_data_url = "s3://uploads/scoring/8/model.tar.gz"
[[endpoints.old.variants]]
variant_name = "AllTraffic"
model = "{name}"
instance_type = "ml.m5.xlarge"
"""


_OWN = "111122223333.dkr.ecr.us-west-2.amazonaws.com/scoring:8"


@pytest.mark.parametrize(
    ("before", "after", "blocks"),
    [
        (_SHORT, _long("one"), True),
        (_SHORT, _long("another"), True),
        (_long("one", relax=False), _long("two"), True),
        (_long("one", relax=False), _long("one"), True),
        (
            _long("one", relax=False),
            _SHORT.replace("[endpoints.old]", '[endpoints.old]\nrelax.network_isolation = "x"'),
            True,
        ),
        (_SHORT, _long("one", image=_OWN, relax=False), False),
        (_long("one", image=_OWN), _long("two", image=_OWN.replace(":8", ":9")), False),  # it was not isolated before
    ],
)
def test_renamed_models_of_endpoints_toml(tmp_path: Path, before: str, after: str, blocks: bool) -> None:
    folders = [tmp_path / side for side in ("base", "head")]
    for folder, text in zip(folders, (before, after), strict=True):
        folder.mkdir()
        (folder / "endpoints.toml").write_text(text.replace('"x"', '"somebody asked for it"'), encoding="utf-8")
        write_stacks(folder / "endpoints.toml", folder)
    (compared,) = synthesized.plans(*folders)
    assert ("isolation-off" in {finding.rule for finding in findings(ReviewContext(compared))}) is blocks


@pytest.mark.parametrize("is_new", [True, False])
def test_a_key_and_a_bucket_that_terraform_may_delete_are_reported(tmp_path: Path, is_new: bool) -> None:
    """A plan does not show `prevent_destroy`, two folders do."""
    relaxed = _SHORT.replace("[endpoints.old]", '[endpoints.old]\nrelax.prevent_destroy = "it is retired"')
    folders = [tmp_path / side for side in ("base", "head")]
    for folder, text in zip(folders, (_SHORT, relaxed), strict=True):
        folder.mkdir()
        (folder / "endpoints.toml").write_text(text, encoding="utf-8")
        if folder is folders[1] or not is_new:
            write_stacks(folder / "endpoints.toml", folder)
    (compared,) = synthesized.plans(*folders)
    found = [finding for finding in findings(ReviewContext(compared)) if finding.rule == "deletion-allowed"]
    assert [finding.address for finding in found] == ["aws_kms_key.Key", "aws_s3_bucket.Capture"]
    assert all(finding.message.endswith("Reason for `relax.prevent_destroy`: it is retired.") for finding in found)
