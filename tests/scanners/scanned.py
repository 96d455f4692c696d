"""What the scanners read: the stacks of the two examples as JSON, and the plans of the one with a network.

Checks of policies read plans alone, and a plan hides a policy that mentions what AWS has still to name. So before the
plan such references are replaced by stand-ins, in policies and nowhere else.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from protected_endpoints.commands.terraform import Terraform, offline_override, offline_stack
from tests.examples import EXAMPLES, ROOT

Stack = dict[str, Any]
Plan = dict[str, Any]

PLANNED = ("prod-fraud", "prod-kmeans", "prod-network")
WRITTEN = ("dev-kmeans", *PLANNED)
ACCOUNT = "444455556666"
_DOCUMENTS = ("policy", "assume_role_policy")
_STAND_INS = {"aws_kms_key": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"}


def write(folder: Path) -> None:
    """Write the stacks of the examples below `stacks`, as the program writes them."""
    for example in ("example", "network"):
        project = folder / example
        project.mkdir(parents=True)
        shutil.copy(EXAMPLES[example], project / "endpoints.toml")
        subprocess.run([sys.executable, str(ROOT / "main.py")], cwd=project, check=True)
        shutil.copytree(project / "cdktf.out" / "stacks", folder / "stacks", dirs_exist_ok=True)
        shutil.rmtree(project)
    assert {stack.name for stack in (folder / "stacks").iterdir()} == {*WRITTEN}


def plan(folder: Path, environment: dict[str, str]) -> None:
    """Plan the stacks below `stacks` as first ones, with every policy in clear, to `plans`."""
    scratch = folder / "scratch"
    scratch.mkdir()
    (scratch / "offline_override.tf.json").write_text(offline_override())
    terraform = Terraform(scratch, environment)
    for stack in PLANNED:
        written = (folder / "stacks" / stack / "cdk.tf.json").read_text()
        (scratch / "cdk.tf.json").write_text(_with_literal_policies(offline_stack(written)))
        if stack == PLANNED[0]:
            terraform.init()
        made = terraform.plan()
        assert not [*_hidden(made)]
        write_plan(folder, stack, made)
    shutil.rmtree(scratch)


def read_plan(folder: Path, stack: str) -> Plan:
    read: Plan = json.loads((folder / "plans" / stack / "plan.json").read_text())
    return read


def write_plan(folder: Path, stack: str, made: Plan) -> Path:
    file = folder / "plans" / stack / "plan.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(made))
    return file


def _with_literal_policies(stack: str) -> str:
    content: Stack = json.loads(stack)
    for resources in content["resource"].values():
        for resource in resources.values():
            for attribute in _DOCUMENTS:
                if attribute in resource:
                    resource[attribute] = re.sub(
                        r"\$\{(aws_\w+)\.\w+\.arn\}", lambda named: _STAND_INS[named[1]], resource[attribute]
                    )
    return json.dumps(content)


def _hidden(made: Plan) -> Iterator[str]:
    """Yield the policies that are not in the plan; the attribute `policy` of a bucket is another's business."""
    for change in made["resource_changes"]:
        unknown = change["change"]["after_unknown"]
        if change["type"] != "aws_s3_bucket" and any(unknown.get(attribute) for attribute in _DOCUMENTS):
            yield change["address"]
