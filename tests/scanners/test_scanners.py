"""checkov and modelmoat find nothing on the example that is not explained in accepted.toml.

Both can look at nothing and call it clean (checkov does so when it cannot parse a file), so what they looked at is
counted as well, and weaknesses are planted to see that they are found.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
_TOOLS = ROOT / ".venv-scan" / "bin"
_ACCEPTED: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    (Path(__file__).parent / "accepted.toml").read_text(encoding="utf-8")
)

Stack = dict[str, Any]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the example's cdktf.out."""
    folder = tmp_path_factory.mktemp("scanned")
    shutil.copy(ROOT / "endpoints.toml", folder)
    subprocess.run([sys.executable, str(ROOT / "main.py")], cwd=folder, check=True)
    return folder


def checkov(folder: Path) -> set[str]:
    arguments = ("-d", "cdktf.out", "--framework", "terraform_json", "--skip-download", "-o", "json")
    report = _report(folder, "checkov", *arguments)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 20
    return {f"{each['check_id']} {each['resource']}" for each in report["results"]["failed_checks"]}


def modelmoat(folder: Path) -> set[str]:
    report = _report(folder, "modelmoat", "scan", "--json", "--fail-on", "LOW", "cdktf.out")
    assert report["summary"]["files_scanned"] == 1
    assert (report["parse_errors"], report["check_errors"]) == ([], [])
    return {f"{each['check_id']} {each['resource_type']}.{each['resource_name']}" for each in report["findings"]}


@pytest.mark.parametrize("scanner", [checkov, modelmoat])
def test_every_finding_is_explained_and_every_explanation_is_needed(
    scanner: Callable[[Path], set[str]], output: Path
) -> None:
    assert scanner(output) == set(_ACCEPTED[scanner.__name__])


def test_every_accepted_finding_has_a_reason_in_words() -> None:
    reasons = [entry["reason"] for entries in _ACCEPTED.values() for entry in entries.values()]
    assert reasons
    assert all(len(reason.split()) > 10 for reason in reasons)


def _without_public_access_block(stack: Stack) -> None:
    del stack["resource"]["aws_s3_bucket_public_access_block"]


def _without_rotation(stack: Stack) -> None:
    stack["resource"]["aws_kms_key"]["Key"]["enable_key_rotation"] = False


def _without_isolation(stack: Stack) -> None:
    stack["resource"]["aws_sagemaker_model"]["Model"]["enable_network_isolation"] = False


def _with_full_access(stack: Stack) -> None:
    attachment = {"role": "r", "policy_arn": "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"}
    stack["resource"]["aws_iam_role_policy_attachment"] = {"Full": attachment}


@pytest.mark.parametrize(
    ("scanner", "weaken", "finding"),
    [
        (checkov, _without_public_access_block, "CKV2_AWS_6 aws_s3_bucket.Capture"),
        (checkov, _without_rotation, "CKV_AWS_7 resource.Key"),
        (checkov, _without_isolation, "CKV_AWS_370 resource.Model"),
        (modelmoat, _with_full_access, "IAM-001 aws_iam_role_policy_attachment.Full"),
    ],
)
def test_a_planted_weakness_is_found(
    scanner: Callable[[Path], set[str]],
    weaken: Callable[[Stack], None],
    finding: str,
    output: Path,
    tmp_path: Path,
) -> None:
    weakened = Path(shutil.copytree(output / "cdktf.out", tmp_path / "cdktf.out")) / "stacks/dev-kmeans/cdk.tf.json"
    stack: Stack = json.loads(weakened.read_text())
    weaken(stack)
    weakened.write_text(json.dumps(stack, indent=2))
    assert scanner(tmp_path) - set(_ACCEPTED[scanner.__name__]) == {finding}


def _report(folder: Path, tool: str, *arguments: str) -> dict[str, Any]:
    program = _TOOLS / tool
    if not program.exists():
        pytest.fail(f"{tool} is not installed in .venv-scan; run: make test")
    finished = subprocess.run([str(program), *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert finished.stdout.startswith("{"), finished.stdout + finished.stderr
    report: dict[str, Any] = json.loads(finished.stdout)
    return report
