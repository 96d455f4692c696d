"""Write the plans of all scenarios, or of some: `python -m tests.plans.make [NAME ...]`.

The real Terraform and the real AWS provider plan a change of resources that they deployed to the sandbox before. Times
and IDs, which differ between runs, are replaced by numbers, so that the diff of a new plan is small. The prior state
and the planned values are omitted, because they repeat the changes.
"""

import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from protected_endpoints.commands.registry_mirror import process_environment
from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from sandbox.workspace import Workspace
from tests.network import Vpc
from tests.plans import edits
from tests.plans.scenarios import SCENARIOS, Scenario

Json = dict[str, Any]
HERE = Path(__file__).parent
_ACCOUNT, _REGION = "111122223333", "us-west-2"
_PROVIDER = "registry.terraform.io/hashicorp/aws"
_OMITTED = ("planned_values", "prior_state", "timestamp")
# IDs and times that differ between runs, with their replacements.
_VARIABLE: tuple[tuple[re.Pattern[str], Callable[[int], str]], ...] = (
    (re.compile(r"\b20\d{16}[0-9a-f]{8}\b"), lambda number: f"20260101000000000{number:09d}"),
    (
        re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
        lambda number: f"00000000-0000-4000-8000-{number:012d}",
    ),
    (re.compile(r"\b(?:vpc|vpce|subnet|sg|rtb|pl|eni)-[0-9a-f]{8,17}\b"), lambda number: f"ID-{number:017d}"),
    (re.compile(r"\b(?:AROA|ANPA|A)[A-Z0-9]{16,20}\b"), lambda number: f"AROA{number:017d}"),
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?\b"), lambda _: "2026-01-01T00:00:00Z"),
    (re.compile(r"\b[0-9a-f]{32}\b"), lambda number: f"{number:032x}"),
)


class PlanFactory:
    """An account of the sandbox, in which a base is deployed before its first scenario."""

    def __init__(self, aws: Emulator, scratch: Path, environment: Mapping[str, str]) -> None:
        self._aws, self._scratch = aws, scratch
        self._environment = {**environment, **aws.environment}
        self._workspaces: dict[str, Workspace] = {}
        for role in ("checkout-api", "batch", "analyst", "auditor"):
            aws.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement":[]}')

    def plan(self, scenario: Scenario) -> Json:
        """Return the plan of a scenario in the form of `terraform show -json`."""
        base = "endpoint" if scenario.base == "rolled-back" else scenario.base
        workspace = self._workspace(base)
        endpoints = (workspace.directory / "endpoints.toml").read_text()
        undo = scenario.drift(self._aws) if scenario.drift else None
        try:
            for old, new in scenario.toml:
                workspace.edit(old, new)
            terraform = self._synthesized(base, scenario.json)
            if scenario.base == "rolled-back":
                _apply_unhealthy_model(terraform)
            return _plan(terraform, scenario.arguments)
        finally:
            (workspace.directory / "endpoints.toml").write_text(endpoints)
            if undo:
                undo()

    def _workspace(self, base: str) -> Workspace:
        if base not in self._workspaces:
            workspace = self._workspaces[base] = Workspace(self._scratch / base, self._environment)
            project = workspace.directory / "endpoints.toml"
            version = re.search(r"aws_provider_version = .*\n", project.read_text())
            text = (
                (HERE / "base.toml").read_text().replace("[project]\n", f"[project]\n{version[0] if version else ''}")
            )
            project.write_text(self._configuration(base, text))
            if base not in ("nothing", "network-nothing"):
                self._synthesized(base, None).run("apply", "-auto-approve")
        return self._workspaces[base]

    def _configuration(self, base: str, text: str) -> str:
        if base == "fixed":
            return text.replace("endpoints.kmeans", "endpoints.fixed").replace(
                "[endpoints.fixed.data_capture]\n", "[endpoints.fixed.data_capture]\nenable_capture = false\n"
            )
        if base.startswith("network"):
            return text.replace("[endpoints.kmeans]\n", f"{Vpc.create(self._aws).table('dev')}\n[endpoints.kmeans]\n")
        return text

    def _synthesized(self, base: str, change: edits.Change | None) -> Terraform:
        workspace = self._workspaces[base]
        workspace.synth()
        terraform = workspace.stack(_stack(base))
        file = terraform.directory / "cdk.tf.json"
        stack = json.loads(file.read_text())
        if base == "fixed":
            _set_fixed_name(stack)
        if change:
            change(stack)
        file.write_text(json.dumps(stack, indent=1))
        terraform.init()
        return terraform


def _stack(base: str) -> str:
    return {"fixed": "dev-fixed", "network": "dev-network", "network-nothing": "dev-network"}.get(base, "dev-kmeans")


def _set_fixed_name(stack: Json) -> None:
    """Set a fixed name, as some published modules do and this project does not."""
    configuration = edits.resource(stack, "aws_sagemaker_endpoint_configuration.Configuration")
    configuration.pop("name_prefix", None)
    configuration.pop("lifecycle", None)
    configuration["name"] = "acme-dev-fixed"


def _apply_unhealthy_model(terraform: Terraform) -> None:
    try:
        terraform.run("apply", "-auto-approve")
    except CommandError:
        return
    raise RuntimeError("an unhealthy model was deployed")


def _plan(terraform: Terraform, arguments: Iterable[str]) -> Json:
    terraform.run("plan", "-input=false", "-out=plan.bin", *arguments)
    plan: Json = json.loads(terraform.run("show", "-json", "plan.bin").stdout)
    content = {key: value for key, value in plan.items() if key not in _OMITTED}
    # Their order differs between runs.
    content["relevant_attributes"] = sorted(content.get("relevant_attributes", []), key=_line)
    return _with_stable_ids(content)


def _with_stable_ids(plan: Json) -> Json:
    text = json.dumps(plan, sort_keys=True).replace(_PROVIDER, "hashicorp/aws")
    for pattern, placeholder in _VARIABLE:
        matches = list(dict.fromkeys(pattern.findall(text)))
        numbers = {match: number for number, match in enumerate(matches, 1)}
        text = pattern.sub(lambda match, numbers=numbers, placeholder=placeholder: placeholder(numbers[match[0]]), text)  # type: ignore[misc]  # reason: a lambda of mypy's has no types
    content: Json = json.loads(text)
    return content


def plans(names: Iterable[str], environment: Mapping[str, str] | None = None) -> Iterator[tuple[str, Json]]:
    """Yield the plans of the scenarios with these names, in the order of `SCENARIOS`.

    `environment` is that of Terraform, by default the one of this process and what Terraform needs in addition.
    """
    selected = set(names)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        aws = stack.enter_context(Emulator(scratch / "aws", account_id=_ACCOUNT, region=_REGION))
        factory = PlanFactory(aws, scratch, environment or process_environment(scratch))
        for name in (name for name in SCENARIOS if name in selected):
            started = time.monotonic()
            yield name, factory.plan(SCENARIOS[name])
            print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


def to_text(plan: Json) -> str:
    """Return a plan with one line per resource, so that a diff shows which resources change."""
    lines = [f"{json.dumps(key)}: {_lines(value)}" for key, value in sorted(plan.items())]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(value: Any) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(_line, value)) + "\n]"
    return _line(value)


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def main() -> None:
    """Write the plans of all scenarios, or of those in the arguments."""
    names = sys.argv[1:] or [*SCENARIOS]
    if unknown := {*names} - {*SCENARIOS}:
        sys.exit(f"unknown scenario {', '.join(sorted(unknown))}; use {', '.join(SCENARIOS)}")
    for name, plan in plans(names):
        (HERE / f"{name}.json").write_text(to_text(plan), encoding="utf-8")


if __name__ == "__main__":
    main()
