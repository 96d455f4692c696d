"""The scanners, each as a function from a folder to its findings: `<stack> <check> <resource>`.

All of them can look at nothing and call it clean: checkov when it cannot parse a file, tf-nag when a file is no plan,
iamprover when it knows no role. So each makes sure that it looked at every stack.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.examples import ROOT
from tests.scanners.scanned import ACCOUNT, PLANNED, WRITTEN, Plan, read_plan, write_plan

Invariants = list[dict[str, Any]]

_TOOLS = ROOT / ".venv-scan" / "bin"
_CANARY = "aws_kms_key.Canary"
# What a prover has not proven after this time it will not prove.
_SECONDS = 300


def checkov_json(folder: Path) -> set[str]:
    return _checkov(folder / "stacks", "terraform_json", WRITTEN)


def checkov_plan(folder: Path) -> set[str]:
    return _checkov(folder / "plans", "terraform_plan", PLANNED)


def modelmoat(folder: Path) -> set[str]:
    output = _output("modelmoat", "scan", "--json", "--fail-on", "LOW", str(folder / "stacks"))
    report = json.loads(output)
    assert report["summary"]["files_scanned"] == len(WRITTEN)
    assert (report["parse_errors"], report["check_errors"]) == ([], [])
    return {
        f"{_stack(finding)} {finding['check_id']} {finding['resource_type']}.{finding['resource_name']}"
        for finding in report["findings"]
    }


def tf_nag(folder: Path) -> set[str]:
    """Scan each plan with a weakness of its own in it: this scanner does not say what it looked at."""
    found = set()
    for stack in PLANNED:
        plan = read_plan(folder, stack)
        canary = {"address": _CANARY, "type": "aws_kms_key", "name": "Canary", "mode": "managed"}
        plan["planned_values"]["root_module"]["resources"].append(
            {**canary, "values": {"enable_key_rotation": False, "key_usage": "ENCRYPT_DECRYPT"}}
        )
        file = write_plan(folder / "tf-nag", stack, plan)
        findings = json.loads(_output("tf-nag", "scan", "--plan-json", str(file), "--format", "json"))
        here = {f"{finding['rule_id']}{_sure(finding)} {finding['address']}" for finding in findings}
        assert f"AwsSolutions-KMS5 {_CANARY}" in here
        found |= {f"{stack} {finding}" for finding in here if not finding.endswith(_CANARY)}
    return found


def iamprover(folder: Path, invariants: Invariants) -> tuple[set[str], set[str]]:
    """Return what was proven as `<stack> <invariant>`, and what was refuted, with the role that can do it.

    Stacks without roles are left out; for those there is nothing to prove.
    """
    proven, refuted = set(), set()
    for stack in PLANNED:
        plan = read_plan(folder, stack)
        if "aws_iam_role" not in {change["type"] for change in plan["resource_changes"]}:
            continue
        _without_denials_of_buckets(plan)
        file = write_plan(folder / "iamprover", stack, plan)
        # It reads YAML, and JSON is YAML.
        wanted = file.with_name("invariants.yaml")
        wanted.write_text(json.dumps({"invariants": invariants}).replace("ENDPOINT", f"acme-{stack}"))
        arguments = ("--tf-plan", str(file), "--tf-account-id", ACCOUNT, "--invariants", str(wanted))
        every = ("--privesc", "--check-trust", "--check-anonymous", "--format", "json")
        output = _output("iamprover", "verify", *arguments, *every)
        results, end = json.JSONDecoder().raw_decode(output)
        trusts = json.loads(output[end:])
        proven |= {f"{stack} {result['id']}" for result in results if result["passed"]}
        refuted |= {
            f"{stack} {result['id']} {by['principal']}" for result in results for by in result["counterexamples"]
        }
        refuted |= {f"{stack} unguarded-trust {trust['role']}" for trust in trusts if not trust["guarded"]}
    return proven, refuted


def _without_denials_of_buckets(plan: Plan) -> None:
    """Take away what only forbids: a proof without it holds with it too, and with it takes the prover for ever."""
    for change in plan["resource_changes"]:
        if change["type"] == "aws_s3_bucket_policy":
            document = json.loads(change["change"]["after"]["policy"])
            document["Statement"] = [one for one in document["Statement"] if one["Effect"] == "Allow"]
            change["change"]["after"]["policy"] = json.dumps(document)


def _checkov(folder: Path, framework: str, stacks: tuple[str, ...]) -> set[str]:
    output = _output("checkov", "-d", str(folder), "--framework", framework, "--skip-download", "-o", "json")
    report = json.loads(output)
    assert report["summary"]["parsing_errors"] == 0
    passed = {_stack(check) for check in report["results"]["passed_checks"]}
    assert passed == {*stacks}
    return {f"{_stack(check)} {check['check_id']} {check['resource']}" for check in report["results"]["failed_checks"]}


def _stack(check: dict[str, Any]) -> str:
    return Path(check["file_path"]).parent.name


def _sure(finding: dict[str, Any]) -> str:
    """Say whether a check depends on what the plan does not tell yet."""
    return "" if finding["compliance"] == "NON_COMPLIANT" else f"-{finding['compliance'].lower()}"


def _output(tool: str, *arguments: str) -> str:
    program = _TOOLS / tool
    if not program.exists():
        pytest.fail(f"{tool} is not installed in .venv-scan; run: make test")
    finished = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False, timeout=_SECONDS)
    assert finished.stdout.startswith(("{", "[")), finished.stdout + finished.stderr
    assert "warning" not in finished.stderr.lower(), finished.stderr
    return finished.stdout
