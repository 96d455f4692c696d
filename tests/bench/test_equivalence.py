"""Tools that define other resources are not compared."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.equivalence import Different, check_cloudformation, check_terraform

_KEY: dict[str, Any] = {"resource": {"aws_kms_key": {"Key": {"description": "a key"}}}}
_KEY_TEMPLATE: dict[str, Any] = {"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}


def test_the_same_resources_in_terraform(tmp_path: Path) -> None:
    expected, actual = tmp_path / "expected", tmp_path / "actual"
    _write(expected, _KEY)
    _write(actual, {"//": {"version": "0.24.0"}, **_KEY})
    check_terraform(expected, actual)
    _write(actual, {"resource": {"aws_kms_key": {"Key": {"description": "another"}}}})
    with pytest.raises(Different, match="has other resources"):
        check_terraform(expected, actual)


def test_the_same_resources_in_cloudformation(tmp_path: Path) -> None:
    expected, templates = tmp_path / "expected", tmp_path / "templates"
    _write(expected, _KEY)
    _write_template(templates, _KEY_TEMPLATE)
    check_cloudformation(expected, templates)
    _write_template(templates, {"Resources": {"Role": {"Type": "AWS::IAM::Role"}}})
    with pytest.raises(Different, match=r"dev-a: missing \['AWS::KMS::Key'\], unexpected \['AWS::IAM::Role'\]"):
        check_cloudformation(expected, templates)


def test_alarms_and_outputs_are_compared(tmp_path: Path) -> None:
    expected, templates = tmp_path / "expected", tmp_path / "templates"
    _write(expected, {"resource": {"aws_cloudwatch_metric_alarm": {"A": {}, "B": {}}}, "output": {"name": {}}})
    alarm = {"Type": "AWS::CloudWatch::Alarm"}
    _write_template(templates, {"Resources": {"A": alarm}, "Outputs": {"name": {}}})
    with pytest.raises(Different, match=r"missing \['AWS::CloudWatch::Alarm'\]"):
        check_cloudformation(expected, templates)
    _write_template(templates, {"Resources": {"A": alarm, "B": alarm}})
    with pytest.raises(Different, match="0 outputs instead of 1"):
        check_cloudformation(expected, templates)
    _write_template(templates, {"Resources": {"A": alarm, "B": alarm}, "Outputs": {"name": {}}})
    check_cloudformation(expected, templates)


def test_an_unknown_resource_type_and_a_folder_without_stacks_are_errors(tmp_path: Path) -> None:
    with pytest.raises(Different, match="has no stacks"):
        check_terraform(tmp_path, tmp_path)
    _write(tmp_path, {"resource": {"aws_new_thing": {"Thing": {}}}})
    with pytest.raises(Different, match="aws_new_thing has no counterpart"):
        check_cloudformation(tmp_path, tmp_path)


def _write(folder: Path, stack: dict[str, Any]) -> None:
    file = folder / "stacks" / "dev-a" / "cdk.tf.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(stack))


def _write_template(folder: Path, template: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "dev-a.template.json").write_text(json.dumps(template))
