"""The examples of docs/scaling.md, docs/rollouts.md and docs/audit.md are what the project accepts and makes."""

import json
import re
from pathlib import Path

from protected_endpoints.loading.load import Configuration
from tests.examples import ROOT
from tests.loading.support import load_text

_FILE = """\
[project]
name = "acme"
[environments.prod]
account_id = "444455556666"
region = "eu-west-1"
[endpoints.fraud]
image = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/fraud:1"
model_data_url = "s3://my-bucket/model.tar.gz"
instance_type = "ml.m5.xlarge"
"""


def _blocks(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def _load(folder: Path, *blocks: str) -> Configuration:
    return load_text(folder, "\n".join([_FILE, *blocks]))


def test_the_schedule_of_the_scaling_page_restores_the_limits(tmp_path: Path) -> None:
    (target,) = _load(tmp_path, *_blocks("scaling.md", "toml")).deployments[0].scaling_targets
    last = target.settings.scheduled_actions[-1]
    assert (last.min_capacity, last.max_capacity) == (target.min_capacity, target.max_capacity)


def test_the_default_of_the_rollouts_page_is_the_default(tmp_path: Path) -> None:
    (default,) = _load(tmp_path).deployments
    (configured,) = _load(tmp_path, *_blocks("rollouts.md", "toml")).deployments
    assert default.uses_default_rollout
    assert not configured.uses_default_rollout
    assert configured.rollout == default.rollout


def test_the_tables_of_the_audit_page_record_and_acknowledge(tmp_path: Path) -> None:
    configuration = _load(tmp_path, *_blocks("audit.md", "toml"))
    assert [problem.rule for problem in configuration.acknowledged] == ["audit-counts-requests"]
    assert configuration.deployments[0].endpoint.data_capture.eventbridge


def test_the_selectors_of_the_audit_page_are_those_of_the_trail(tmp_path: Path) -> None:
    trail, *_ = _blocks("audit.md", "toml")
    (audit,) = _load(tmp_path, trail).audits
    selectors = json.loads(_blocks("audit.md", "json")[0])
    prefixes = [selector["FieldSelectors"][-1]["StartsWith"] for selector in selectors]
    assert prefixes == [[audit.endpoint_arn_prefix], audit.captured_object_arn_prefixes]


def test_the_bucket_of_the_audit_page_is_that_of_the_trail(tmp_path: Path) -> None:
    trail, *_ = _blocks("audit.md", "toml")
    (audit,) = _load(tmp_path, trail).audits
    assert f"s3://{audit.names.audit_bucket}/AWSLogs/444455556666/" in "".join(_blocks("audit.md", "sh"))
