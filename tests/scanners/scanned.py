"""The input of the scanners: stacks of three examples as Terraform JSON, and the plans of the one with a network.

Checks of policies only read plans, and a plan does not show a policy with a reference to a new resource. Therefore,
such references in policies are replaced by placeholders before the plan.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from protected_endpoints.commands.offline_configuration import offline_override, offline_stack
from protected_endpoints.commands.terraform import Terraform
from tests.examples import EXAMPLES, ROOT

Stack = dict[str, Any]
Plan = dict[str, Any]

PLANNED = ("prod-fraud", "prod-kmeans", "prod-network")
SYNTHESIZED = ("dev-kmeans", "prod-operations", *PLANNED)
_EXAMPLES = {"example": ("dev-kmeans",), "network": PLANNED, "dashboards": ("prod-operations",)}
ACCOUNT = "444455556666"
_DOCUMENTS = ("policy", "assume_role_policy")
_PLACEHOLDERS = {"aws_kms_key": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"}


def write(folder: Path) -> None:
    """Synthesize the stacks of the examples to `stacks`, as `main.py` does."""
    for example, names in _EXAMPLES.items():
        project = folder / example
        project.mkdir(parents=True)
        shutil.copy(EXAMPLES[example], project / "endpoints.toml")
        subprocess.run([sys.executable, str(ROOT / "main.py")], cwd=project, check=True)
        for name in names:
            shutil.copytree(project / "cdktf.out" / "stacks" / name, folder / "stacks" / name)
        shutil.rmtree(project)
    assert {stack.name for stack in (folder / "stacks").iterdir()} == {*SYNTHESIZED}


def plan(folder: Path, environment: dict[str, str]) -> None:
    """Write first plans of the stacks in `stacks` to `plans`, in which every policy is visible."""
    scratch = folder / "scratch"
    scratch.mkdir()
    (scratch / "offline_override.tf.json").write_text(offline_override())
    terraform = Terraform(scratch, environment)
    for stack in PLANNED:
        stack_json = (folder / "stacks" / stack / "cdk.tf.json").read_text()
        (scratch / "cdk.tf.json").write_text(_with_literal_policies(offline_stack(stack_json)))
        if stack == PLANNED[0]:
            terraform.init()
        first_plan = terraform.plan()
        assert not [*_hidden(first_plan)]
        write_plan(folder, stack, first_plan)
    shutil.rmtree(scratch)


def read_plan(folder: Path, stack: str) -> Plan:
    content: Plan = json.loads((folder / "plans" / stack / "plan.json").read_text())
    return content


def write_plan(folder: Path, stack: str, content: Plan) -> Path:
    file = folder / "plans" / stack / "plan.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
    return file


def _with_literal_policies(stack: str) -> str:
    content: Stack = json.loads(stack)
    for resources in content["resource"].values():
        for resource in resources.values():
            for attribute in _DOCUMENTS:
                if attribute in resource:
                    resource[attribute] = re.sub(
                        r"\$\{(aws_\w+)\.\w+\.arn\}", lambda reference: _PLACEHOLDERS[reference[1]], resource[attribute]
                    )
    return json.dumps(content)


def _hidden(content: Plan) -> Iterator[str]:
    """Yield the resources whose policies the plan does not show; the attribute `policy` of a bucket is deprecated."""
    for change in content["resource_changes"]:
        unknown = change["change"]["after_unknown"]
        if change["type"] != "aws_s3_bucket" and any(unknown.get(attribute) for attribute in _DOCUMENTS):
            yield change["address"]
