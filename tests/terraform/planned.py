"""First plans of synthesized stacks, without AWS."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from protected_endpoints.commands.offline_configuration import offline_override, offline_stack
from protected_endpoints.commands.terraform import Terraform

Json = dict[str, Any]


def plan_stacks(folder: Path, environment: Mapping[str, str], stacks: Mapping[str, Json]) -> dict[str, Json]:
    """Validate the unmodified stacks, and return the plan of each by its name.

    A plan of the unmodified stacks would send requests to AWS, so `offline_stack` changes them before it. Raises
    `CommandError` with the diagnostics of Terraform for a stack that it does not accept.
    """
    return {name: _planned(folder / name, environment, stack) for name, stack in stacks.items()}


def _planned(folder: Path, environment: Mapping[str, str], stack: Json) -> Json:
    folder.mkdir()
    terraform, text = Terraform(folder, environment), json.dumps(stack)
    (folder / "offline_override.tf.json").write_text(offline_override())
    (folder / "cdk.tf.json").write_text(text)
    terraform.init()
    assert _validated(terraform) == []
    (folder / "cdk.tf.json").write_text(offline_stack(text))
    return terraform.plan()


def provider_errors(stack: Path, environment: Mapping[str, str]) -> set[str]:
    """Return the errors of the installed AWS provider about a stack that it does not accept: `summary: argument`."""
    terraform = Terraform(stack, environment)
    (stack / "offline_override.tf.json").write_text(offline_override())
    terraform.init()
    diagnostics = _validated(terraform, accept=(1,))
    return {
        re.sub(r".*?\"(\w+)\".*", rf"{diagnostic['summary']}: \1", diagnostic["detail"], flags=re.DOTALL)
        for diagnostic in diagnostics
    }


def _validated(terraform: Terraform, accept: tuple[int, ...] = (0,)) -> list[Json]:
    """Return the diagnostics of `terraform validate`."""
    validation = terraform.run("validate", "-json", accept=accept)
    diagnostics: list[Json] = json.loads(validation.stdout)["diagnostics"]
    return diagnostics
