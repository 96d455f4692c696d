"""The configurations and changes of an honest team, synthesized: nothing is refused, and nothing blocks."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest

from protected_endpoints.review.admission.plans import admit_folder
from protected_endpoints.review.plan import synthesized
from protected_endpoints.review.review import Review
from tests.support import write_stacks

_ACCOUNT = "111122223333"
_BEFORE = f"""
[project]
name = "acme"
[environments.dev]
account_id = "{_ACCOUNT}"
region = "us-west-2"
deployers = ["arn:aws:iam::{_ACCOUNT}:role/deployer"]
[endpoints.fraud]
image = "{_ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com/fraud:1.0"
model_data_url = "s3://acme-models/fraud/1/model.tar.gz"
instance_type = "ml.m5.xlarge"
initial_instance_count = 2
invokers = ["arn:aws:iam::{_ACCOUNT}:role/shop"]
environment = {{ LOG_LEVEL = "info" }}
data_capture.readers = ["arn:aws:iam::{_ACCOUNT}:role/analyst"]
data_capture.initial_sampling_percentage = 50
"""
_NETWORK = (
    'network = { vpc_id = "vpc-0a1b2c3d4e5f60718", route_table_ids = ["rtb-0a1b2c3d4e5f60718"], '
    'subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"], private_endpoints = true }'
)
# Other tools create the inference components.
_COMPONENTS = f"""
[project]
name = "acme"
[environments.dev]
account_id = "{_ACCOUNT}"
region = "us-west-2"
{_NETWORK}
[endpoints.metrics]
invokers = ["arn:aws:iam::{_ACCOUNT}:role/shop"]
[[endpoints.metrics.variants]]
variant_name = "AllTraffic"
instance_type = "ml.g6.12xlarge"
initial_instance_count = 2
"""
_CHANGES = {
    "image": ("fraud:1.0", "fraud:1.1"),
    "model": ("fraud/1/", "fraud/2/"),
    "instance type": ("m5.xlarge", "m5.2xlarge"),
    "instances": ("count = 2", "count = 1"),
    "invoker": ('role/shop"]', f'role/shop", "arn:aws:iam::{_ACCOUNT}:role/web"]'),
    "invoker with principals": (
        'role/shop"]',
        f'role/shop", {{ name = "web", principals = ["arn:aws:iam::{_ACCOUNT}:role/web"] }}]',
    ),
    "invoker removed": (f'invokers = ["arn:aws:iam::{_ACCOUNT}:role/shop"]', ""),
    "reader": ('role/analyst"]', f'role/analyst", "arn:aws:iam::{_ACCOUNT}:role/science"]'),
    "deployer": ('role/deployer"]', f'role/deployer", "arn:aws:iam::{_ACCOUNT}:role/ci"]'),
    "environment": ('"info"', '"debug", WORKERS = "4"'),
    "capture": ("percentage = 50", "percentage = 100"),
    "retention": ("[endpoints.fraud]", "[endpoints.fraud]\nlogs.retention_in_days = 731"),
    "tags": ("[endpoints.fraud]", '[endpoints.fraud]\ntags = { team = "risk" }'),
    "parameters": ("[endpoints.fraud]", "[endpoints.fraud]\ncreate_ssm_parameters = true"),
    "network": ("[endpoints.fraud]", f"{_NETWORK}\n[endpoints.fraud]"),
    "provider": ('name = "acme"', 'name = "acme"\naws_provider_version = ">= 6.0"'),
    "state": ("[endpoints.fraud]", 'state = { bucket = "acme-state" }\n[endpoints.fraud]'),
}


_OPERATED = (
    _BEFORE.replace(
        "[endpoints.fraud]",
        "create_dashboard = true\nalarms.create_topic = true\naudit.create_trail = true\n[endpoints.fraud]",
    ).replace("initial_instance_count = 2\n", "")
    + """
create_dashboard = true
create_ssm_parameters = true
alarms.errors.threshold = 0.02
[endpoints.fraud.scaling]
min_capacity = 2
max_capacity = 8
target_value = 70
[[endpoints.fraud.scaling.scheduled_actions]]
name = "night"
schedule = "cron(0 20 * * ? *)"
min_capacity = 1
max_capacity = 4
"""
)
_SCALING = "[endpoints.fraud.scaling]\nmin_capacity = 2\nmax_capacity = 4\ntarget_value = 70"
_VARIANTS = """
[[endpoints.fraud.scaling.step_scaling_policies]]
name = "surge"
metric_name = "ModelLatency"
statistic = "Average"
threshold = 200000
comparison_operator = "GreaterThanThreshold"
step_adjustments = [{ metric_interval_lower_bound = 0, scaling_adjustment = 1 }]
"""
# Changes of operations that add capacity, alarms or records: nothing blocks or warns, but for what an update resets.
_IMPROVEMENTS = {
    "minimum": ("min_capacity = 2", "min_capacity = 3"),
    "maximum": ("max_capacity = 8", "max_capacity = 12"),
    "target": ("target_value = 70", "target_value = 60"),
    "action": ("min_capacity = 1", "min_capacity = 2"),
    "steps": ("target_value = 70", f"target_value = 70{_VARIANTS}"),
    "threshold": ("threshold = 0.02", "threshold = 0.01"),
    "another alarm": ("alarms.errors.threshold = 0.02", "alarms.errors.threshold = 0.02\nalarms.silent = true"),
    "no dashboard": ("]\ndata_capture.initial", "]\ndata_capture.eventbridge = true\ndata_capture.initial"),
    "retention": ("audit.create_trail = true", "audit = { create_trail = true, retention_in_days = 400 }"),
    "image": ("fraud:1.0", "fraud:1.1"),
    "instance type": ("m5.xlarge", "m5.2xlarge"),
}
# What makes operations weaker, with the rule that tells of it.
_WEAKENINGS = {
    "scaling-cost": ("max_capacity = 8", "max_capacity = 80"),
    "scaling-removed": (_OPERATED[_OPERATED.index("[endpoints.fraud.scaling]") :], "initial_instance_count = 2"),
    "scaling-weaker": ("target_value = 70", "target_value = 700"),
    "alarms-removed": ("alarms.errors.threshold = 0.02", "alarms.errors.threshold = 0.05"),
    "audit-off": ("audit.create_trail = true", "audit.create_trail = false"),
    "ssm-parameter-removed": ("create_ssm_parameters = true\n", ""),
}


def _blocking(
    tmp_path: Path, before: str, after: str, severities: Collection[str] = ("block",)
) -> list[tuple[str, str, str]]:
    """Return the findings of some severities between two configurations; without the first one, of the first plan."""
    for name, text in (("before", before), ("after", after)):
        folder = tmp_path / name
        (folder / "stacks").mkdir(parents=True)
        if text:
            file = tmp_path / f"{name}.toml"
            file.write_text(text, encoding="utf-8")
            write_stacks(file, folder)
    plans = synthesized.plans(tmp_path / "before", tmp_path / "after")
    assert plans
    reviews = [
        Review(plan, (), date(2026, 11, 26)) for plan in admit_folder(plans, tmp_path / "after", (), all_stacks=True)
    ]
    findings = [finding for review in reviews for finding in review.findings]
    return [(finding.rule, finding.address, finding.message) for finding in findings if finding.severity in severities]


@pytest.mark.parametrize("text", [_BEFORE, _COMPONENTS], ids=["one model", "components of other tools"])
def test_a_first_plan_without_relaxations_does_not_block(text: str, tmp_path: Path) -> None:
    assert _blocking(tmp_path, "", text) == []


@pytest.mark.parametrize("name", _CHANGES)
def test_a_change_of_one_key_does_not_block(name: str, tmp_path: Path) -> None:
    old, new = _CHANGES[name]
    assert old in _BEFORE
    assert _blocking(tmp_path, _BEFORE, _BEFORE.replace(old, new)) == []


def test_operations_can_be_added_and_planned_first(tmp_path: Path) -> None:
    for name, before in (("added", _BEFORE), ("first", "")):
        assert _blocking(tmp_path / name, before, _OPERATED) == []


@pytest.mark.parametrize("name", _IMPROVEMENTS)
def test_an_improvement_of_operations_does_not_warn(name: str, tmp_path: Path) -> None:
    old, new = _IMPROVEMENTS[name]
    assert old in _OPERATED
    found = _blocking(tmp_path, _OPERATED, _OPERATED.replace(old, new, 1), ("block", "warn"))
    assert {rule for rule, _, _ in found} <= {"scale-reset"}, found


@pytest.mark.parametrize("rule", _WEAKENINGS)
def test_weaker_operations_are_reported(rule: str, tmp_path: Path) -> None:
    old, new = _WEAKENINGS[rule]
    assert old in _OPERATED
    found = _blocking(tmp_path, _OPERATED, _OPERATED.replace(old, new, 1), ("block", "warn"))
    assert rule in {rule for rule, _, _ in found}
