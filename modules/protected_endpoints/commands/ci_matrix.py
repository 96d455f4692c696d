"""List what a workflow plans or deploys, as outputs of a GitHub Actions step: lines of the form NAME=JSON.

  environments   the environments to plan, each with its stacks and planner role; `skipped` lists the other stacks
  stacks         the stacks to deploy: `shared`, which the endpoints of an environment require, then `endpoints`; both
                 in batches with a list of `stacks` as JSON text

The names of stacks are read from the input, one a line. HEAD and BASE are synthesized folders; a stack that is only in
BASE was removed. The variable PLAN_ROLES is a JSON object in which AWS_PLAN_ROLE_ARN_EU_PROD is the planner role of the
environment eu-prod.

Example:
  protected-endpoints review changed base/cdktf.out cdktf.out | protected-endpoints ci-matrix stacks cdktf.out

"""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protected_endpoints.commands.annotations import annotate
from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.errors import CommandError

_VARIABLE = "AWS_PLAN_ROLE_ARN_"
_ENVIRONMENT = re.compile("[a-z0-9][a-z0-9-]*")
# A matrix has at most so many jobs (https://docs.github.com/en/actions/reference/limits).
_MATRIX_JOBS = 256


@dataclass(frozen=True)
class Stack:
    """A synthesized stack: where it is deployed, and whether a workflow can do that."""

    name: str
    environment: str
    region: str
    is_shared: bool
    is_in_s3: bool
    is_removed: bool


def run(arguments: Sequence[str]) -> None:
    """Print the outputs of a step."""
    parser = CommandParser("ci-matrix", __doc__)
    parser.add_argument("kind", choices=_OUTPUTS, help="environments or stacks")
    parser.add_argument("head", type=Path, metavar="HEAD", help="cdktf.out of the change")
    parser.add_argument("base", type=Path, metavar="BASE", nargs="?", help="cdktf.out before the change")
    options = parser.parse_args(arguments)
    folders = [folder for folder in (options.head, options.base) if folder]
    stacks = [_stack(name, folders) for name in sys.stdin.read().split()]
    for name, value in _OUTPUTS[options.kind](stacks, _roles()).items():
        print(f"{name}={_json(value)}")


def _environments(stacks: Iterable[Stack], roles: dict[str, str]) -> dict[str, Any]:
    jobs: dict[str, dict[str, str]] = {}
    skipped = []
    for stack in stacks:
        if _can_be_planned(stack, roles):
            job = jobs.setdefault(stack.environment, _job(stack, roles) | {"stacks": ""})
            job["stacks"] = f"{job['stacks']} {stack.name}".strip()
        else:
            skipped.append(stack.name)
    return {"environments": [*jobs.values()], "skipped": skipped}


def _stacks(stacks: Iterable[Stack], roles: dict[str, str]) -> dict[str, Any]:
    jobs: dict[str, list[dict[str, str]]] = {"shared": [], "endpoints": []}
    for stack in stacks:
        if stack.is_removed:
            annotate(
                "warning",
                f"{stack.name} was removed from endpoints.toml but still exists; restore it, then run: "
                f"make destroy STACK={stack.name}",
            )
        elif _can_be_planned(stack, roles):
            jobs["shared" if stack.is_shared else "endpoints"].append(_job(stack, roles) | {"stack": stack.name})
    return {kind: _batches(entries) for kind, entries in jobs.items()}


def _batches(entries: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return a matrix whose jobs call a workflow that has the entries of a batch as its own matrix."""
    starts = range(0, len(entries), _MATRIX_JOBS)
    return [{"stacks": _json(entries[start : start + _MATRIX_JOBS])} for start in starts]


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


_OUTPUTS = {"environments": _environments, "stacks": _stacks}


def _job(stack: Stack, roles: dict[str, str]) -> dict[str, str]:
    return {"environment": stack.environment, "region": stack.region, "plan_role": roles[_variable(stack)]}


def _can_be_planned(stack: Stack, roles: dict[str, str]) -> bool:
    """Return whether a workflow can plan a stack; writes an annotation with the reason if it cannot."""
    if not stack.is_in_s3:
        annotate(
            "notice",
            f"{stack.name} is not planned because its state is not in S3; add [environments.{stack.environment}.state]",
        )
        return False
    if not roles.get(_variable(stack)):
        annotate("notice", f"{stack.name} is not planned because it has no planner role; set {_variable(stack)}")
        return False
    return True


def _variable(stack: Stack) -> str:
    return _VARIABLE + stack.environment.upper().replace("-", "_")


def _roles() -> dict[str, str]:
    try:
        variables = json.loads(os.environ.get("PLAN_ROLES") or "{}")
        return {str(name).upper(): str(value) for name, value in variables.items()}
    except (ValueError, RecursionError, AttributeError):
        raise CommandError(
            "PLAN_ROLES: must be a JSON object; set it to ${{ toJSON(vars) }}, or to planner roles by variable name"
        ) from None


def _stack(name: str, folders: list[Path]) -> Stack:
    """Return a stack as the first of the folders that contains it describes it."""
    files = [folder / "stacks" / name / "cdk.tf.json" for folder in folders]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise CommandError(f"{name}: not synthesized in {' or '.join(map(str, folders))}; run make synth there")
    try:
        content = json.loads(file.read_bytes())
        (provider,) = content["provider"]["aws"]
        (tags,) = (default["tags"] for default in provider["default_tags"])
        environment = str(tags["environment"])
        # It selects the planner role, becomes a part of file names, and begins a name that is an argument.
        if not _ENVIRONMENT.fullmatch(environment) or not name.startswith(f"{environment}-"):
            raise CommandError(
                f"{file}: the tag environment must be how the name of the stack begins; run make synth again"
            )
        return Stack(
            name=name,
            environment=environment,
            region=provider["region"],
            is_shared="aws_sagemaker_endpoint" not in content["resource"],
            is_in_s3="s3" in content["terraform"].get("backend", {}),
            is_removed=file != files[0],
        )
    except OSError as error:
        raise CommandError(f"{file}: cannot be read ({error.strerror}); run make synth again") from None
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise CommandError(
            f"{file}: must be the complete Terraform JSON of a stack of this project; run make synth again"
        ) from None
