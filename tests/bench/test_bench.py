"""The benchmark runs, and compares what is the same."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import users_environment
from bench.equivalence import Different, check_cloudformation, check_terraform

ROOT = Path(__file__).parent.parent.parent
_KEY: dict[str, Any] = {"resource": {"aws_kms_key": {"Key": {"description": "a key"}}}}


def test_a_short_run_measures_each_way_after_it_saw_that_they_make_the_same() -> None:
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


def test_what_slows_python_or_node_down_on_this_machine_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    slower = {"PYTHONDONTWRITEBYTECODE", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "PLAIN_BINDINGS", "JSII_DEBUG"}
    for name in (*slower, "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "1")
    passed_on = users_environment()
    assert slower & passed_on.keys() == set()
    assert {"PATH", "HOME", "XDG_CACHE_HOME"} <= passed_on.keys()


def test_ways_that_make_something_else_are_not_compared(tmp_path: Path) -> None:
    ours, theirs, templates = (tmp_path / name for name in ("ours", "theirs", "templates"))
    _write(ours, _KEY)
    _write(theirs, _KEY)
    check_terraform(ours, theirs)
    _write(theirs, {"resource": {"aws_kms_key": {"Key": {"description": "another"}}}})
    with pytest.raises(Different, match="has other resources"):
        check_terraform(ours, theirs)
    templates.mkdir()
    (templates / "dev-a.template.json").write_text(json.dumps({"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}))
    check_cloudformation(ours, templates)
    (templates / "dev-a.template.json").write_text(json.dumps({"Resources": {"Role": {"Type": "AWS::IAM::Role"}}}))
    with pytest.raises(Different, match=r"dev-a lacks \['AWS::KMS::Key'\] and has \['AWS::IAM::Role'\] too many"):
        check_cloudformation(ours, templates)


def test_a_type_that_nobody_has_thought_of_and_no_stack_at_all_are_told(tmp_path: Path) -> None:
    with pytest.raises(Different, match="has no stacks"):
        check_terraform(tmp_path, tmp_path)
    _write(tmp_path, {"resource": {"aws_new_thing": {"Thing": {}}}})
    with pytest.raises(Different, match="aws_new_thing has no counterpart"):
        check_cloudformation(tmp_path, tmp_path)


def _write(folder: Path, stack: dict[str, Any]) -> None:
    file = folder / "stacks" / "dev-a" / "cdk.tf.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(stack))
