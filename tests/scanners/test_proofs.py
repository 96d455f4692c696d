"""iamprover proves that no possible request violates an invariant; the simulator only evaluates some requests.

It evaluates identity policies and trust policies. Weakened plans show that every invariant can be refuted.
"""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

from tests.scanners.scanned import ACCOUNT, read_plan, write_plan
from tests.scanners.tools import Invariants, iamprover

_FILE = Path(__file__).parent / "invariants.toml"
_INVARIANTS: Invariants = tomllib.loads(_FILE.read_text(encoding="utf-8"))["invariants"]
_IDS = {invariant["id"] for invariant in _INVARIANTS}
_ESCALATIONS = 16  # paths of privilege escalation that iamprover checks without an invariant
_ROLES = f"arn:aws:iam::{ACCOUNT}:role"
_EXECUTION_ROLE = f"{_ROLES}/acme-prod-fraud-exec-21377672"
_INVOKERS = ("acme-prod-fraud-partner-ad188f92", "batch", "checkout-api")


def test_every_invariant_is_proven_for_every_stack_with_roles(examples: Path) -> None:
    proven, refuted = iamprover(examples, _INVARIANTS)
    assert refuted == set()
    assert {f"{stack} {id_}" for stack in ("prod-fraud", "prod-kmeans") for id_ in _IDS} <= proven
    assert len(proven) == 2 * (len(_IDS) + _ESCALATIONS)


def test_without_exemptions_exactly_the_exempted_principals_violate_an_invariant(examples: Path) -> None:
    exempt = [invariant for invariant in _INVARIANTS if "unless_principal" in invariant]
    without = [{key: value for key, value in invariant.items() if key != "unless_principal"} for invariant in exempt]
    _, refuted = iamprover(examples, without)
    expected = {
        f"prod-fraud {invariant['id']} {role}" for invariant in exempt for role in invariant["unless_principal"]
    }
    actual = {refutation for refutation in refuted if refutation.startswith("prod-fraud")}
    assert actual == {refutation.replace("ENDPOINT", "acme-prod-fraud") for refutation in expected}


def test_a_role_with_all_permissions_violates_every_invariant(examples: Path, tmp_path: Path) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    change = {"actions": ["create"], "after": {"role": "another-role", "policy": json.dumps(document)}}
    another_role = {"address": "aws_iam_role_policy.AnotherRole", "type": "aws_iam_role_policy", "change": change}
    plan = read_plan(examples, "prod-fraud")
    plan["resource_changes"].append(another_role)
    proven, refuted = _verify(examples, tmp_path, plan)
    assert {proof for proof in proven if proof.startswith("prod-fraud")} == set()
    assert {f"prod-fraud {id_} {_ROLES}/another-role" for id_ in _IDS} <= refuted


def test_an_execution_role_with_all_permissions_violates_every_invariant_except_its_exemptions(
    examples: Path, tmp_path: Path
) -> None:
    plan = read_plan(examples, "prod-fraud")
    _add(plan, "aws_iam_role_policy.Role_Running", "policy", Action="*", Resource="*")
    _, refuted = _verify(examples, tmp_path, plan)
    violated = {refutation.split()[1] for refutation in refuted if refutation.endswith(f" {_EXECUTION_ROLE}")}
    assert _IDS - violated == {"only-the-execution-role-reads-model-data", "only-the-execution-role-captures"}
    assert "privesc-passrole-sagemaker" in violated


def test_invokers_of_every_endpoint_are_refuted(examples: Path, tmp_path: Path) -> None:
    plan = read_plan(examples, "prod-fraud")
    _add(plan, "aws_iam_policy.Invoke", "policy", Action="sagemaker:InvokeEndpoint", Resource="*")
    _, refuted = _verify(examples, tmp_path, plan)
    assert {f"prod-fraud no-other-endpoint {_ROLES}/{invoker}" for invoker in _INVOKERS} <= refuted


def test_a_trust_policy_without_conditions_is_refuted(examples: Path, tmp_path: Path) -> None:
    plan = read_plan(examples, "prod-fraud")
    any_principal = {"AWS": "arn:aws:iam::777788889999:root"}
    role = "aws_iam_role.Invoke_Role-partner"
    _add(plan, role, "assume_role_policy", Principal=any_principal, Action="sts:AssumeRole")
    _, refuted = _verify(examples, tmp_path, plan)
    assert refuted == {f"prod-fraud unguarded-trust {_ROLES}/{_INVOKERS[0]}"}


def _verify(examples: Path, folder: Path, plan: dict[str, Any]) -> tuple[set[str], set[str]]:
    shutil.copytree(examples / "plans", folder / "plans")
    write_plan(folder, "prod-fraud", plan)
    return iamprover(folder, _INVARIANTS)


def _add(plan: dict[str, Any], address: str, attribute: str, **elements: Any) -> None:
    """Add a statement to the policies of the resources whose address has this beginning."""
    policies = [
        change["change"]["after"] for change in plan["resource_changes"] if change["address"].startswith(address)
    ]
    assert policies
    for after in policies:
        document = json.loads(after[attribute])
        document["Statement"].append({"Effect": "Allow", **elements})
        after[attribute] = json.dumps(document)
