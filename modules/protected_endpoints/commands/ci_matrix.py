"""Say what a workflow works on: `python -m protected_endpoints.commands.ci_matrix environments|stacks HEAD [BASE]`.

It reads names of stacks, one a line, and finds what belongs to them in the folders that were synthesized. Written are
lines `name=JSON`, as GitHub takes the outputs of a step:

* `environments`: those to plan, each with its stacks and the role that plans; `unplanned`: the stacks of the others
* `stacks`: those to deploy; `shared` are those that endpoints of an environment need, `endpoints` come after

PLAN_ROLES is a JSON object of variables. The role that plans is AWS_PLAN_ROLE_ARN_<ENVIRONMENT>, where `prod-eu` is
PROD_EU.
"""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_VARIABLE = "AWS_PLAN_ROLE_ARN_"


@dataclass(frozen=True)
class Stack:
    """Define where a stack is deployed."""

    name: str
    environment: str
    region: str
    is_shared: bool
    is_in_s3: bool
    is_gone: bool


def main() -> None:
    """Write the outputs of a step."""
    try:
        command, head, *base = sys.argv[1:]
        written = {"environments": _environments, "stacks": _stacks}[command]
    except (KeyError, ValueError):
        sys.exit("say which: python -m protected_endpoints.commands.ci_matrix environments|stacks HEAD [BASE]")
    folders = [Path(each) for each in (head, *base)]
    found = [_stack(name, folders) for name in sys.stdin.read().split()]
    for name, value in written(found, _roles()).items():
        print(f"{name}={json.dumps(value, separators=(',', ':'))}")


def _environments(stacks: Iterable[Stack], roles: dict[str, str]) -> dict[str, Any]:
    planned: dict[str, dict[str, str]] = {}
    unplanned = []
    for each in stacks:
        if _is_planned(each, roles):
            to_plan = planned.setdefault(each.environment, _job(each, roles) | {"stacks": ""})
            to_plan["stacks"] = f"{to_plan['stacks']} {each.name}".strip()
        else:
            unplanned.append(each.name)
    return {"environments": [*planned.values()], "unplanned": unplanned}


def _stacks(stacks: Iterable[Stack], roles: dict[str, str]) -> dict[str, Any]:
    jobs: dict[str, list[dict[str, str]]] = {"shared": [], "endpoints": []}
    for each in stacks:
        if each.is_gone:
            _say(
                "warning",
                f"{each.name} is described no more, and nothing destroys it; put it back, then: "
                f"make destroy STACK={each.name}",
            )
        elif _is_planned(each, roles):
            jobs["shared" if each.is_shared else "endpoints"].append(_job(each, roles) | {"stack": each.name})
    return jobs


def _job(stack: Stack, roles: dict[str, str]) -> dict[str, str]:
    return {"environment": stack.environment, "region": stack.region, "plan_role": roles[_variable(stack)]}


def _is_planned(stack: Stack, roles: dict[str, str]) -> bool:
    """Return whether a workflow can plan a stack, and say why if it cannot."""
    if not stack.is_in_s3:
        _say(
            "notice",
            f"{stack.name} is not planned, because its state is not in S3, where a workflow sees it; add "
            f"[environments.{stack.environment}.state]",
        )
        return False
    if not roles.get(_variable(stack)):
        _say(
            "notice",
            f"{stack.name} is not planned, because there is no role for it; set the variable {_variable(stack)}",
        )
        return False
    return True


def _variable(stack: Stack) -> str:
    return _VARIABLE + stack.environment.upper().replace("-", "_")


def _roles() -> dict[str, str]:
    try:
        variables = json.loads(os.environ.get("PLAN_ROLES") or "{}")
        return {str(name).upper(): str(value) for name, value in variables.items()}
    except (ValueError, RecursionError, AttributeError):
        sys.exit("PLAN_ROLES: not a JSON object; set it to ${{ toJSON(vars) }}, or to the roles that plan by variable")


def _stack(name: str, folders: list[Path]) -> Stack:
    """Return a stack as the first of the folders has it."""
    files = [folder / "stacks" / name / "cdk.tf.json" for folder in folders]
    file = next((each for each in files if each.is_file()), None)
    if file is None:
        sys.exit(f"there is no stack {name} in {' or '.join(map(str, folders))}; synthesize first")
    try:
        content = json.loads(file.read_bytes())
        (provider,) = content["provider"]["aws"]
        (tags,) = (each["tags"] for each in provider["default_tags"])
        return Stack(
            name=name,
            environment=str(tags["environment"]),
            region=provider["region"],
            is_shared="aws_sagemaker_endpoint" not in content["resource"],
            is_in_s3="s3" in content["terraform"].get("backend", {}),
            is_gone=file != files[0],
        )
    except OSError as error:
        sys.exit(f"{file}: cannot be read ({error.strerror}); synthesize again")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        sys.exit(f"{file}: not a stack of this project in whole JSON; synthesize again")


def _say(level: str, message: str) -> None:
    """Write a line that GitHub shows beside the result of a run."""
    print(f"::{level}::{message}", file=sys.stderr)


if __name__ == "__main__":
    main()
