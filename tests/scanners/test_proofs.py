"""iamprover proves what nobody can do, for every request that there could be, where a simulator tries some.

It knows identity and trust policies. A proof says nothing if nobody could break what it proves, so the same is asked of
plans in which somebody can.
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
_ESCALATIONS = 16  # that the prover knows by itself
_ROLES = f"arn:aws:iam::{ACCOUNT}:role"
_EXECUTION_ROLE = f"{_ROLES}/acme-prod-fraud-exec-21377672"
_CALLERS = ("acme-prod-fraud-partner-ad188f92", "batch", "checkout-api")


def test_everything_is_proven_for_every_stack_with_roles(examples: Path) -> None:
    proven, refuted = iamprover(examples, _INVARIANTS)
    assert refuted == set()
    assert {f"{stack} {id_}" for stack in ("prod-fraud", "prod-kmeans") for id_ in _IDS} <= proven
    assert len(proven) == 2 * (len(_IDS) + _ESCALATIONS)


def test_every_exemption_is_of_somebody_who_can(examples: Path) -> None:
    exempt = [invariant for invariant in _INVARIANTS if "unless_principal" in invariant]
    without = [{key: value for key, value in invariant.items() if key != "unless_principal"} for invariant in exempt]
    _, refuted = iamprover(examples, without)
    named = {f"prod-fraud {invariant['id']} {role}" for invariant in exempt for role in invariant["unless_principal"]}
    found = {refutation for refutation in refuted if refutation.startswith("prod-fraud")}
    assert found == {expected.replace("ENDPOINT", "acme-prod-fraud") for expected in named}


def test_somebody_who_may_do_everything_breaks_every_proof(examples: Path, tmp_path: Path) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    change = {"actions": ["create"], "after": {"role": "stranger", "policy": json.dumps(document)}}
    stranger = {"address": "aws_iam_role_policy.Stranger", "type": "aws_iam_role_policy", "change": change}
    plan = read_plan(examples, "prod-fraud")
    plan["resource_changes"].append(stranger)
    proven, refuted = _proven(examples, tmp_path, plan)
    assert {proof for proof in proven if proof.startswith("prod-fraud")} == set()
    assert {f"prod-fraud {id_} {_ROLES}/stranger" for id_ in _IDS} <= refuted


def test_an_execution_role_that_may_do_everything_breaks_every_proof_but_of_what_it_should(
    examples: Path, tmp_path: Path
) -> None:
    plan = read_plan(examples, "prod-fraud")
    _add(plan, "aws_iam_role_policy.Role_Running", "policy", Action="*", Resource="*")
    _, refuted = _proven(examples, tmp_path, plan)
    broken = {refutation.split()[1] for refutation in refuted if refutation.endswith(f" {_EXECUTION_ROLE}")}
    assert _IDS - broken == {"only-the-execution-role-reads-artefacts", "only-the-execution-role-records"}
    assert "privesc-passrole-sagemaker" in broken


def test_callers_of_every_endpoint_are_found(examples: Path, tmp_path: Path) -> None:
    plan = read_plan(examples, "prod-fraud")
    _add(plan, "aws_iam_policy.Invoke", "policy", Action="sagemaker:InvokeEndpoint", Resource="*")
    _, refuted = _proven(examples, tmp_path, plan)
    assert {f"prod-fraud no-other-endpoint {_ROLES}/{caller}" for caller in _CALLERS} <= refuted


def test_a_partner_who_proves_nothing_is_found(examples: Path, tmp_path: Path) -> None:
    plan = read_plan(examples, "prod-fraud")
    anybody_there = {"AWS": "arn:aws:iam::777788889999:root"}
    role = "aws_iam_role.Invoke_Role-partner"
    _add(plan, role, "assume_role_policy", Principal=anybody_there, Action="sts:AssumeRole")
    _, refuted = _proven(examples, tmp_path, plan)
    assert refuted == {f"prod-fraud unguarded-trust {_ROLES}/{_CALLERS[0]}"}


def _proven(examples: Path, folder: Path, plan: dict[str, Any]) -> tuple[set[str], set[str]]:
    shutil.copytree(examples / "plans", folder / "plans")
    write_plan(folder, "prod-fraud", plan)
    return iamprover(folder, _INVARIANTS)


def _add(plan: dict[str, Any], address: str, attribute: str, **elements: Any) -> None:
    """Add a statement to the documents of the resources whose address begins so."""
    found = [change["change"]["after"] for change in plan["resource_changes"] if change["address"].startswith(address)]
    assert found
    for after in found:
        document = json.loads(after[attribute])
        document["Statement"].append({"Effect": "Allow", **elements})
        after[attribute] = json.dumps(document)
