"""First plans of many stacks, which are modules of one configuration: Terraform starts once, not for each stack."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from protected_endpoints.commands.offline_configuration import offline_override, offline_stack
from protected_endpoints.commands.terraform import Terraform
from tests.attached_provider import AttachedProvider

Json = dict[str, Any]

# Terraform prints this warning for every module whose provider is in JSON and overridden.
_EXPECTED_WARNING = "Redundant empty provider block"


def plan_stacks(
    folder: Path, environment: Mapping[str, str], provider: AttachedProvider, stacks: Mapping[str, Json]
) -> dict[str, Json]:
    """Validate the unmodified stacks, and return the plan of each by its name, with the addresses of the stack.

    A plan of the unmodified stacks would send requests to AWS, so `offline_stack` changes them before it. It starts the
    provider for each stack, because each configures it otherwise; a validation configures nothing, so one process is
    enough. Raises `CommandError` with the diagnostics of Terraform for a stack that it does not accept.
    """
    terraform = Terraform(folder, environment)
    override = _without_backend(json.loads(offline_override()))
    modules = {name: _without_backend(stack) for name, stack in stacks.items()}
    for name in modules:
        (folder / name).mkdir()
        (folder / name / "offline_override.tf.json").write_text(json.dumps(override))
    _write(folder, modules)
    terraform.init()
    diagnostics = _validated(terraform, environment, provider)
    assert {diagnostic["summary"] for diagnostic in diagnostics} <= {_EXPECTED_WARNING}
    _write(folder, {name: json.loads(offline_stack(json.dumps(module))) for name, module in modules.items()})
    plan = terraform.plan()
    return {name: _module_plan(plan, name) for name in modules}


def provider_errors(stack: Path, environment: Mapping[str, str], provider: AttachedProvider) -> set[str]:
    """Return the errors of the installed AWS provider about a stack that it does not accept: `summary: argument`."""
    terraform = Terraform(stack, environment)
    (stack / "offline_override.tf.json").write_text(offline_override())
    terraform.init()
    diagnostics = _validated(terraform, environment, provider, accept=(1,))
    return {
        re.sub(r".*?\"(\w+)\".*", rf"{diagnostic['summary']}: \1", diagnostic["detail"], flags=re.DOTALL)
        for diagnostic in diagnostics
    }


def _validated(
    terraform: Terraform, environment: Mapping[str, str], provider: AttachedProvider, accept: tuple[int, ...] = (0,)
) -> list[Json]:
    """Return the diagnostics of `terraform validate`."""
    with provider.attached(terraform.directory, environment) as attached:
        validation = Terraform(terraform.directory, attached).run("validate", "-json", accept=accept)
    diagnostics: list[Json] = json.loads(validation.stdout)["diagnostics"]
    return diagnostics


def _write(folder: Path, modules: Mapping[str, Json]) -> None:
    for name, module in modules.items():
        (folder / name / "cdk.tf.json").write_text(json.dumps(module))
    sources = {name: {"source": f"./{name}"} for name in modules}
    (folder / "main.tf.json").write_text(json.dumps({"module": sources}))


def _without_backend(stack: Json) -> Json:
    """Return a stack as a module, which cannot have a backend."""
    return {**stack, "terraform": {key: value for key, value in stack["terraform"].items() if key != "backend"}}


def _module_plan(plan: Json, module: str) -> Json:
    """Return the part of a plan for one module, with the addresses that its stack has."""
    changes = [
        {**change, "address": change["address"].removeprefix(f"module.{module}.")}
        for change in plan["resource_changes"]
        if change["module_address"] == f"module.{module}"
    ]
    configured = plan["configuration"]["root_module"]["module_calls"][module]["module"]
    return {"resource_changes": changes, "configuration": {"root_module": configured}}
