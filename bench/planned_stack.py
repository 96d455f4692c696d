"""A stack that Terraform plans offline, against an empty state, as `make plan OFFLINE=1` does."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from bench.configuration import FIRST_STACK
from bench.measure import Cost, Costs, Program, alternate, measure, output_of
from protected_endpoints.commands.offline_configuration import offline_override, offline_stack
from protected_endpoints.commands.registry_mirror import process_environment
from protected_endpoints.commands.terraform import Terraform, terraform_program

# How often Go collects garbage: as plan.sh sets it unless the user does, and as Go itself does.
GOGC, DEFAULT_GOGC = "400", "100"
INIT, PLAN, SHOW = "init", "plan", "show"
DEFAULT_PLAN, DEFAULT_SHOW = "plan with the default of Go", "show with the default of Go"
_TERRAFORM_VARIABLES = ("CHECKPOINT_DISABLE", "TF_CLI_CONFIG_FILE", "TF_IN_AUTOMATION", "TF_INPUT")


class PlannedStack:
    """A folder with a stack, in which Terraform is initialized.

    Attributes:
        provider_version: the version of the AWS provider.

    """

    def __init__(self, folder: Path, stack: Path) -> None:
        """Copy a synthesized stack to a new folder."""
        self._folder = folder
        folder.mkdir()
        synthesized = (stack / "cdk.tf.json").read_text()
        self._provider = json.loads(synthesized)["provider"]["aws"][0]
        (folder / "cdk.tf.json").write_text(offline_stack(synthesized))
        (folder / "offline_override.tf.json").write_text(offline_override())
        self._environment = _environment(folder)
        # Not measured: it downloads the provider and writes its hash, both once for all stacks. It has every variable
        # of this process, such as those of a proxy.
        Terraform(folder, {**os.environ, **self._environment}).init()
        (self.provider_version,) = re.findall(r'version\s*=\s*"(.+)"', (folder / ".terraform.lock.hcl").read_text())

    def plan(self) -> Path:
        """Write a plan in the format of `terraform show -json`, and return its file.

        Its provider is that of the stack again: reviews block the settings with which it is planned offline.
        """
        measure(self._plan(PLAN, GOGC))
        show = self.show(SHOW, GOGC)
        measure(show)
        plan = json.loads(output_of(show).read_text())
        expressions = plan["configuration"]["provider_config"]["aws"]["expressions"]
        plan["configuration"]["provider_config"]["aws"]["expressions"] = {
            name: expression for name, expression in expressions.items() if name in self._provider
        } | {"allowed_account_ids": {"constant_value": self._provider["allowed_account_ids"]}}
        file = self._folder / f"{FIRST_STACK}.json"
        file.write_text(json.dumps(plan))
        return file

    def measured(self, runs: int) -> Mapping[str, Costs]:
        """Return the costs of what plan.sh runs for each stack."""
        init = Costs(self._init_again() for _ in range(runs))
        programs = (
            self._plan(PLAN, GOGC),
            self._plan(DEFAULT_PLAN, DEFAULT_GOGC),
            self.show(SHOW, GOGC),
            self.show(DEFAULT_SHOW, DEFAULT_GOGC),
        )
        return {INIT: init, **alternate(programs, runs)}

    def show(self, name: str, gogc: str) -> Program:
        """Return the program that prints the plan as JSON."""
        return self._terraform(name, gogc, "show", "-json", "plan.bin")

    def _plan(self, name: str, gogc: str) -> Program:
        return self._terraform(name, gogc, "plan", "-input=false", "-out=plan.bin")

    def _init_again(self) -> Cost:
        shutil.rmtree(self._folder / ".terraform")
        return measure(self._terraform(INIT, GOGC, "init", "-input=false", "-lockfile=readonly"))

    def _terraform(self, name: str, gogc: str, *arguments: str) -> Program:
        return Program(name, [terraform_program(), *arguments], self._folder, {**self._environment, "GOGC": gogc})


def _environment(folder: Path) -> dict[str, str]:
    """Return the variables that Terraform needs: the registry mirror of this machine, and none of its AWS settings."""
    providers = folder / "providers"
    providers.mkdir()
    environment = process_environment(folder)
    return {
        **{name: environment[name] for name in _TERRAFORM_VARIABLES if name in environment},
        "TF_PLUGIN_CACHE_DIR": str(providers),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
