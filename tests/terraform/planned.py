"""First plans of synthesized stacks, without AWS."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from protected_endpoints.commands.offline_configuration import offline_override, offline_stack
from protected_endpoints.commands.terraform import Terraform
from tests.terraform.modules import write_modules

Json = dict[str, Any]


def plan_stacks(folder: Path, environment: Mapping[str, str], stacks: Mapping[str, Json]) -> dict[str, Json]:
    """Validate stacks, and return the changes and the configuration in the plan of each by its name.

    They are modules, so their blocks `terraform` and `provider` are not judged. A plan of the validated stacks would
    send requests to AWS, so `offline_stack` changes them before it. Raises `CommandError` with the diagnostics of
    Terraform for a stack that it does not accept.
    """
    terraform = Terraform(folder, environment)
    (folder / "offline_override.tf.json").write_text(offline_override())
    write_modules(folder, stacks)
    terraform.init()
    assert _validated(terraform) == []
    write_modules(folder, {name: json.loads(offline_stack(json.dumps(stack))) for name, stack in stacks.items()})
    plan = terraform.plan()
    modules = plan["configuration"]["root_module"]["module_calls"]
    planned: dict[str, Json] = {
        name: {"resource_changes": [], "configuration": {"root_module": modules[name]["module"]}} for name in stacks
    }
    for change in plan["resource_changes"]:
        _, name, address = change["address"].split(".", 2)
        planned[name]["resource_changes"].append({**change, "address": address})
    return planned


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
