"""The benchmark runs, and compares tools that define the same resources."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import user_environment
from bench.equivalence import Different, check_cloudformation, check_terraform

ROOT = Path(__file__).parent.parent.parent
_KEY: dict[str, Any] = {"resource": {"aws_kms_key": {"Key": {"description": "a key"}}}}


def test_a_short_run_checks_and_measures_every_tool() -> None:
    assert (ROOT / ".venv-bench" / "bin" / "python").exists(), "AWS CDK is not installed: make .venv-bench/installed"
    finished = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--endpoints", "1", "--runs", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    rows = re.findall(r"^\| 1 \| (.+?) \| (\d+\.\d\d) \|", finished.stdout, flags=re.MULTILINE)
    assert [name for name, _ in rows] == [
        "this project",
        "CDKTF in JavaScript",
        "AWS CDK in Python",
        "the same, CDK_VALIDATION=false",
    ]
    assert min(float(cpu) for _, cpu in rows) > 0


def test_environment_variables_that_slow_down_python_or_node_are_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    slower = {"PYTHONDONTWRITEBYTECODE", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "PLAIN_BINDINGS", "JSII_DEBUG"}
    for name in (*slower, "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "1")
    environment = user_environment()
    assert slower & environment.keys() == set()
    assert {"PATH", "HOME", "XDG_CACHE_HOME"} <= environment.keys()


def test_tools_that_define_other_resources_are_not_compared(tmp_path: Path) -> None:
    expected, actual, templates = (tmp_path / name for name in ("expected", "actual", "templates"))
    _write(expected, _KEY)
    _write(actual, _KEY)
    check_terraform(expected, actual)
    _write(actual, {"resource": {"aws_kms_key": {"Key": {"description": "another"}}}})
    with pytest.raises(Different, match="has other resources"):
        check_terraform(expected, actual)
    templates.mkdir()
    (templates / "dev-a.template.json").write_text(json.dumps({"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}))
    check_cloudformation(expected, templates)
    (templates / "dev-a.template.json").write_text(json.dumps({"Resources": {"Role": {"Type": "AWS::IAM::Role"}}}))
    with pytest.raises(Different, match=r"dev-a: missing \['AWS::KMS::Key'\], unexpected \['AWS::IAM::Role'\]"):
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
