"""The printed policies allow every AWS call of Terraform, and no other actions.

Terraform runs as a role with the printed policies, and the sandbox denies other actions. The simulator then evaluates
the recorded calls with resources and conditions. All tests of this file share one environment, whose phases take about
ten minutes.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.policies import Document
from sandbox.emulator import Emulator
from tests.attacks.simulator import Request, Simulator
from tests.deployers.phases import MISSING_ACTION, Environment, Phase, resource_policies
from tests.deployers.requests import Account
from tests.workspace import Workspace

_GOLDEN = Path(__file__).parent / "calls.toml"
_PHASES = ("apply", "plan", "update", "settings", "retire", "destroy")
_READ = re.compile(r"[\w-]+:(Describe|Get|List)")

# Actions that the policies allow although no phase calls them, with the reason.
_NEWER = "provider 6.23 and newer tags buckets like this (hashicorp/terraform-provider-aws#45251), 5.100 does not"
_RECOVERY = "called by make recover, which tests/e2e/test_recover.py runs as a deployer"
_SELECTORS = "called for a trail with selectors, which the sandbox does not report"
_NO_TERRAFORM = "protected_endpoints.commands.endpoint_policies reads a policy that Terraform does not manage"
UNUSED = {
    "planner": {
        "cloudtrail:GetEventSelectors": _SELECTORS,
        "s3:ListTagsForResource": _NEWER,
        "sagemaker:GetEndpointPolicy": _NO_TERRAFORM,
    },
    "deployer": {
        "cloudtrail:GetEventSelectors": _SELECTORS,
        "ec2:RevokeSecurityGroupIngress": "called when a CIDR block is removed, which the sandbox still lists",
        "kms:ListKeys": _RECOVERY,
        "sagemaker:ListEndpointConfigs": _RECOVERY,
        "logs:AssociateKmsKey": "called when a log group changes to an existing key",
        "s3:ListTagsForResource": _NEWER,
        "s3:TagResource": _NEWER,
        "s3:UntagResource": _NEWER,
        "sagemaker:GetEndpointPolicy": _NO_TERRAFORM,
    },
}


class Recording:
    """The requests of every phase, and the policies that were printed for it."""

    def __init__(
        self,
        aws: Emulator,
        workspace: Workspace,
        run: Callable[[Environment], Iterator[Phase]] = Environment.phases,
    ) -> None:
        self.requests: dict[str, list[Request]] = {}
        self.deployer: dict[str, list[Document]] = {}
        self.planner: dict[str, list[Document]] = {}
        account = Account(aws.account_id, aws.region, f"arn:aws:iam::{aws.account_id}:role/deployer")
        environment = Environment(aws, workspace, account)
        for phase in run(environment):
            self._record(phase, account, resource_policies(aws))
        self.errors = environment.errors

    def _record(self, phase: Phase, account: Account, policies: dict[str, Document]) -> None:
        requests = [request for call in phase.calls for request in account.requests_for(call)]
        self.requests[phase.name] = [
            replace(request, resource_policy=_policy_on(request, policies)) for request in requests
        ]
        self.deployer[phase.name], self.planner[phase.name] = phase.deployer, phase.planner

    def denied(self, simulator: Simulator, phase: str, policies: list[Document]) -> list[str]:
        """Return the requests of a phase that a role with these policies may not send."""
        answers = {
            f"{request.action} on {request.resource} {request.context}": simulator.allows(
                replace(request, identity=policies)
            )
            for request in self.requests[phase]
        }
        return [text for text, allowed in answers.items() if not allowed]


@pytest.fixture(scope="module")
def recording(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Recording:
    workspace = Workspace(tmp_path_factory.mktemp("deployers"), {**terraform_environment, **aws.environment})
    return Recording(aws, workspace)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.mark.parametrize("phase", _PHASES)
def test_a_deployer_may_send_every_request_of_terraform(recording: Recording, simulator: Simulator, phase: str) -> None:
    assert recording.denied(simulator, phase, recording.deployer[phase]) == []


def test_a_planner_may_send_every_request_of_a_plan(recording: Recording, simulator: Simulator) -> None:
    assert recording.denied(simulator, "plan", recording.planner["plan"]) == []


def test_a_planner_may_not_write(recording: Recording, simulator: Simulator) -> None:
    write_requests = {
        request.action: request
        for requests in recording.requests.values()
        for request in requests
        if not _is_read(request)
    }
    assert len(write_requests) > 50
    allowed = [
        action
        for action, request in write_requests.items()
        for policies in recording.planner.values()
        if simulator.allows(replace(request, identity=policies))
    ]
    assert allowed == []


@pytest.mark.parametrize("role", ["deployer", "planner"])
def test_every_allowed_action_is_called_or_explained(recording: Recording, role: str) -> None:
    granted = {
        action
        for policies in getattr(recording, role).values()
        for policy in policies
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow"
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    called = {request.action for requests in recording.requests.values() for request in requests}
    assert not [action for action in granted if "*" in action]
    assert granted - called == {*UNUSED[role]}


def test_an_apply_fails_without_a_permission(recording: Recording) -> None:
    assert f"AccessDeniedException: not authorized to perform: {MISSING_ACTION}" in recording.errors["incomplete"]


def test_a_planner_cannot_apply(recording: Recording) -> None:
    denied = re.findall(r"not authorized to perform: ([\w-]+:\w+)", recording.errors["planner"])
    assert "application-autoscaling:DeleteScalingPolicy" in denied  # before the instance type changes
    assert not [action for action in denied if _READ.match(action)]


def test_the_requests_equal_the_golden_file(recording: Recording) -> None:
    resources = {phase: _resources(requests) for phase, requests in recording.requests.items()}
    resources = {
        phase: actions if phase == "plan" else _without_plan(resources["plan"], actions)
        for phase, actions in resources.items()
    }
    if os.environ.get("UPDATE_SNAPSHOTS"):
        _GOLDEN.write_text(_to_toml(resources))
    golden = tomllib.loads(_GOLDEN.read_text())
    if golden.pop("provider") == mirrored_version():  # another version may send other requests
        assert resources == golden


def _is_read(request: Request) -> bool:
    return bool(_READ.match(request.action))


def _policy_on(request: Request, policies: dict[str, Document]) -> Document | None:
    """Return the policy of a key or a bucket; for a new key, the one that it has later."""
    name = request.resource.split(":", 5)[-1]
    if name.startswith("key/"):
        return policies.get(name) or next(iter(policies.values()))
    return policies.get(name.partition("/")[0])


def _resources(requests: list[Request]) -> dict[str, list[str]]:
    """Return the resources of every action, without the ids that AWS chooses."""
    names: dict[str, set[str]] = {}
    for request in requests:
        name = request.resource.split(":", 5)[-1]
        name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", name)
        name = re.sub(r"\b(sg|vpce|vpc|subnet|rtb|pl)-[0-9a-f]{8,}", r"\1-ID", name)
        name = re.sub(r"(scalable-target)/[0-9a-f]{32}", r"\1/ID", name)
        name = re.sub(r"(model/.*)-[0-9a-f]{10}$", r"\1-HASH", name)  # a hash of the network ids and others
        names.setdefault(request.action, set()).add(re.sub(r"-\d{20,}\w*$", "-N", name))
    return {action: sorted(resources) for action, resources in sorted(names.items())}


def _without_plan(plan: dict[str, list[str]], actions: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the actions of a phase without those of the plan with which it begins."""
    remaining = {
        action: [name for name in names if name not in plan.get(action, [])] for action, names in actions.items()
    }
    return {action: names for action, names in remaining.items() if names}


def _to_toml(resources: dict[str, dict[str, list[str]]]) -> str:
    lines = [
        "# The actions and resources that Terraform requests in every phase of tests/deployers/phases.py. A phase",
        "# begins with a plan, whose requests are only listed under plan. Written by the test with UPDATE_SNAPSHOTS=1.",
        f'provider = "{mirrored_version()}"',
    ]
    for phase, actions in resources.items():
        lines += ["", f"[{phase}]"]
        lines += [f'"{action}" = {_to_list(names)}' for action, names in actions.items()]
    return "\n".join(lines) + "\n"


def _to_list(names: list[str]) -> str:
    one_line = ", ".join(f'"{name}"' for name in names)
    several_lines = "".join(f'\n  "{name}",' for name in names)
    return f"[{one_line}]" if len(one_line) < 80 else f"[{several_lines}\n]"
