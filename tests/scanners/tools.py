"""One function for each scanner, which returns the findings of each folder as `<stack> <check> <resource>`.

A scanner also reports nothing if it read nothing: checkov if it cannot parse a file, tf-nag if a file is no plan,
iamprover if a plan has no roles. Therefore, every function asserts that the scanner read every stack.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.examples import ROOT
from tests.scanners.scanned import ACCOUNT, PLANNED, SYNTHESIZED, Plan, read_plan, write_plan

Invariants = list[dict[str, Any]]

_TOOLS = ROOT / ".venv-scan" / "bin"
_CANARY = "aws_kms_key.Canary"
# iamprover does not finish a proof that takes longer than this.
_SECONDS = 300
_END = "END OF A SCAN"
# Most of the time of checkov passes before it scans, a quarter of it in garbage collections, so it starts once for all
# scans. A second scan in the same process would find again what the first one has found.
_CHECKOV_OF_EACH = f"""
import gc
gc.disable()
import json, os, sys
from checkov.main import Checkov
for arguments in json.loads(sys.argv[1]):
    if os.fork() == 0:
        sys.exit(Checkov(arguments).run())
    os.wait()
    print("{_END}", flush=True)
"""


def checkov_json(folders: Sequence[Path]) -> list[set[str]]:
    return _checkov([folder / "stacks" for folder in folders], "terraform_json", SYNTHESIZED)


def checkov_plan(folders: Sequence[Path]) -> list[set[str]]:
    return _checkov([folder / "plans" for folder in folders], "terraform_plan", PLANNED)


def modelmoat(folders: Sequence[Path]) -> list[set[str]]:
    return [_modelmoat(folder) for folder in folders]


def tf_nag(folders: Sequence[Path]) -> list[set[str]]:
    return [_tf_nag(folder) for folder in folders]


def _modelmoat(folder: Path) -> set[str]:
    output = _output("modelmoat", "scan", "--json", "--fail-on", "LOW", str(folder / "stacks"))
    report = json.loads(output)
    assert report["summary"]["files_scanned"] == len(SYNTHESIZED)
    assert (report["parse_errors"], report["check_errors"]) == ([], [])
    return {
        f"{_stack(finding)} {finding['check_id']} {finding['resource_type']}.{finding['resource_name']}"
        for finding in report["findings"]
    }


def _tf_nag(folder: Path) -> set[str]:
    """Scan each plan with a known weakness added to it, because this scanner does not report which files it read."""
    findings = set()
    for stack in PLANNED:
        plan = read_plan(folder, stack)
        canary = {"address": _CANARY, "type": "aws_kms_key", "name": "Canary", "mode": "managed"}
        plan["planned_values"]["root_module"]["resources"].append(
            {**canary, "values": {"enable_key_rotation": False, "key_usage": "ENCRYPT_DECRYPT"}}
        )
        file = write_plan(folder / "tf-nag", stack, plan)
        results = json.loads(_output("tf-nag", "scan", "--plan-json", str(file), "--format", "json"))
        stack_findings = {f"{result['rule_id']}{_compliance(result)} {result['address']}" for result in results}
        assert f"AwsSolutions-KMS5 {_CANARY}" in stack_findings
        findings |= {f"{stack} {finding}" for finding in stack_findings if not finding.endswith(_CANARY)}
    return findings


def iamprover(folder: Path, invariants: Invariants) -> tuple[set[str], set[str]]:
    """Return the proven invariants as `<stack> <invariant>`, and the refuted ones with the role that violates them.

    Stacks without roles are omitted.
    """
    proven, refuted = set(), set()
    for stack in PLANNED:
        plan = read_plan(folder, stack)
        if "aws_iam_role" not in {change["type"] for change in plan["resource_changes"]}:
            continue
        _remove_denials_of_buckets(plan)
        file = write_plan(folder / "iamprover", stack, plan)
        # iamprover reads YAML, and JSON is valid YAML.
        invariants_file = file.with_name("invariants.yaml")
        invariants_file.write_text(json.dumps({"invariants": invariants}).replace("ENDPOINT", f"acme-{stack}"))
        arguments = ("--tf-plan", str(file), "--tf-account-id", ACCOUNT, "--invariants", str(invariants_file))
        checks = ("--privesc", "--check-trust", "--check-anonymous", "--format", "json")
        output = _output("iamprover", "verify", *arguments, *checks)
        results, end = json.JSONDecoder().raw_decode(output)
        trusts = json.loads(output[end:])
        proven |= {f"{stack} {result['id']}" for result in results if result["passed"]}
        refuted |= {
            f"{stack} {result['id']} {example['principal']}"
            for result in results
            for example in result["counterexamples"]
        }
        refuted |= {f"{stack} unguarded-trust {trust['role']}" for trust in trusts if not trust["guarded"]}
    return proven, refuted


def _remove_denials_of_buckets(plan: Plan) -> None:
    """Remove the Deny statements, with which iamprover does not finish; a proof without them is valid with them."""
    for change in plan["resource_changes"]:
        if change["type"] == "aws_s3_bucket_policy":
            document = json.loads(change["change"]["after"]["policy"])
            document["Statement"] = [statement for statement in document["Statement"] if statement["Effect"] == "Allow"]
            change["change"]["after"]["policy"] = json.dumps(document)


def _checkov(folders: Sequence[Path], framework: str, stacks: tuple[str, ...]) -> list[set[str]]:
    options = ("--framework", framework, "--skip-download", "-o", "json")
    output = _output(
        "python", "-c", _CHECKOV_OF_EACH, json.dumps([["-d", str(folder), *options] for folder in folders])
    )
    reports = [json.loads(report) for report in output.split(_END)[:-1]]
    return [_checkov_findings(report, stacks) for report in reports]


def _checkov_findings(report: dict[str, Any], stacks: tuple[str, ...]) -> set[str]:
    assert report["summary"]["parsing_errors"] == 0
    passed = {_stack(check) for check in report["results"]["passed_checks"]}
    assert passed == {*stacks}
    return {f"{_stack(check)} {check['check_id']} {check['resource']}" for check in report["results"]["failed_checks"]}


def _stack(check: dict[str, Any]) -> str:
    return Path(check["file_path"]).parent.name


def _compliance(result: dict[str, Any]) -> str:
    """Return a suffix for a check whose result is not known before the apply."""
    return "" if result["compliance"] == "NON_COMPLIANT" else f"-{result['compliance'].lower()}"


def _output(tool: str, *arguments: str) -> str:
    program = _TOOLS / tool
    if not program.exists():
        pytest.fail(f"{tool} is not installed in .venv-scan; run: make test")
    finished = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False, timeout=_SECONDS)
    assert finished.stdout.startswith(("{", "[")), finished.stdout + finished.stderr
    assert "warning" not in finished.stderr.lower(), finished.stderr
    return finished.stdout
