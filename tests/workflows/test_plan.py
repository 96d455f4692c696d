"""plan.sh plans several stacks at a time, with a stand-in for Terraform that records how many run."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.examples import ROOT

# A plan ends when TOGETHER of them run, or after two seconds. That of a stack whose name begins with "bad" fails.
_TERRAFORM = """#!/bin/sh
stack=${1##*/}
echo "$2 $stack" >>"$RECORD/calls"
case "$2" in
plan)
  echo "$GOGC" >"$RECORD/gogc"
  touch "$RECORD/running-$stack"
  for _ in $(seq 40); do
    count=$(ls "$RECORD" | grep -c '^running-')
    echo "$count" >>"$RECORD/counts"
    [ "$count" -lt "$TOGETHER" ] || break
    sleep 0.05
  done
  sleep "0.$(echo "$stack" | tail -c 2)" # later stacks end earlier
  rm "$RECORD/running-$stack"
  case $stack in bad*) echo "no such key: $stack" >&2; exit 1 ;; changed*) exit 2 ;; esac
  ;;
show) case $stack in unreadable*) exit 1 ;; *) echo "{}" ;; esac ;;
esac
"""


@dataclass
class Planned:
    """The result of plan.sh: exit code, outputs of the step, what it printed, and the calls of Terraform."""

    code: int
    outputs: str
    printed: list[str]
    calls: list[str]
    most: int
    plans: set[str]


def _plan(folder: Path, *stacks: str, parallelism: str = "3", together: int = 1) -> Planned:
    record, programs = folder / "record", folder / "bin"
    for path in (record, programs):
        path.mkdir()
    (programs / "terraform").write_text(_TERRAFORM)
    (programs / "terraform").chmod(0o755)
    for stack in stacks:
        (folder / "head" / "stacks" / stack).mkdir(parents=True)
    outputs = folder / "outputs"
    process = subprocess.run(
        [".github/scripts/plan.sh", folder / "plans", folder / "head", folder / "head", *stacks],
        cwd=ROOT,
        env={
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": "modules",
            "PARALLELISM": parallelism,
            "TOGETHER": str(together),
            "RECORD": str(record),
            "GITHUB_OUTPUT": str(outputs),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Planned(
        process.returncode,
        outputs.read_text() if outputs.exists() else "",
        process.stdout.splitlines(),
        (record / "calls").read_text().splitlines() if (record / "calls").exists() else [],
        max(map(int, (record / "counts").read_text().split())) if (record / "counts").exists() else 0,
        {file.stem for file in (folder / "plans").glob("*.json")},
    )


def test_several_stacks_are_planned_at_a_time_and_printed_in_order(tmp_path: Path) -> None:
    stacks = [f"dev-{9 - number}" for number in range(7)]
    planned = _plan(tmp_path, *stacks, together=3)
    assert planned.printed == [f"planned {stack}" for stack in stacks]
    assert (planned.code, planned.outputs, planned.most) == (0, "changes=false\n", 3)
    assert planned.plans == {*stacks}
    assert (tmp_path / "record" / "gogc").read_text() == "400\n"


def test_the_first_stack_is_planned_alone_because_it_downloads_the_provider(tmp_path: Path) -> None:
    calls = _plan(tmp_path, "dev-1", "dev-2", "dev-3").calls
    assert calls[:3] == ["init dev-1", "plan dev-1", "show dev-1"]
    assert len(calls) == 9


def test_one_stack_at_a_time_is_possible(tmp_path: Path) -> None:
    planned = _plan(tmp_path, "dev-3", "dev-2", "dev-1", parallelism="1", together=2)
    assert planned.most == 1


def test_a_plan_with_changes_is_an_output(tmp_path: Path) -> None:
    planned = _plan(tmp_path, "dev-1", "changed-1", "dev-2")
    assert (planned.code, planned.outputs) == (0, "changes=true\n")


def test_a_failure_is_named_and_no_further_stack_is_planned(tmp_path: Path) -> None:
    planned = _plan(tmp_path, "dev-1", "bad-2", "changed-1", "dev-3", "dev-4", "dev-5", parallelism="2")
    assert (planned.code, planned.outputs) == (1, "")
    assert planned.printed == [
        "planned dev-1",
        "no such key: bad-2",
        "::error::bad-2 cannot be planned, for the reason above",
        "planned changed-1",
    ]
    assert not [call for call in planned.calls if call.startswith("plan dev-") and call != "plan dev-1"]


def test_a_plan_that_cannot_be_read_fails(tmp_path: Path) -> None:
    planned = _plan(tmp_path, "unreadable-1")
    assert (planned.code, planned.outputs) == (1, "")
    assert planned.printed == ["::error::unreadable-1 cannot be planned, for the reason above"]


def test_nothing_to_plan_has_no_changes(tmp_path: Path) -> None:
    assert _plan(tmp_path).outputs == "changes=false\n"


@pytest.mark.parametrize("parallelism", ["0", "x"])
def test_a_wrong_number_plans_nothing(tmp_path: Path, parallelism: str) -> None:
    planned = _plan(tmp_path, "dev-1", parallelism=parallelism)
    assert (planned.code, planned.calls) == (1, [])
    assert planned.printed == [
        f'PARALLELISM: must be a number from 1 to 999, got "{parallelism}"; set it to 4, or unset it'
    ]
