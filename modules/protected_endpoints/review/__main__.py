"""Review Terraform plans: `python -m protected_endpoints.review PLAN.json [PLAN.json ...]`.

`diff BASE HEAD` reviews two folders that were synthesized, without credentials; `changed BASE HEAD` lists the stacks
that differ; `verify PLAN.json --fingerprint SHA` tells whether a fresh plan is the one that was reviewed. Exit code 0,
or 2 where something blocks or differs, or 1 with a message where something cannot be read or written, or the command
line is wrong.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from protected_endpoints.review import acknowledgements
from protected_endpoints.review.analysis import prices
from protected_endpoints.review.plan import files, plan, reading, synthesized
from protected_endpoints.review.plan.fingerprint import fingerprint
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.review import Review

_FAILED, _BLOCKED = 1, 2
_SHORTEST = 16


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the four commands."""
    arguments = sys.argv[1:] if arguments is None else arguments
    commands = {"diff": _diff, "changed": _changed, "verify": _verify}
    try:
        command = commands.get(arguments[0]) if arguments else None
        sys.exit(command(arguments[1:]) if command else _review(arguments))
    except (plan.Unreadable, files.Unwritable) as error:
        sys.exit(str(error))


class _Parser(argparse.ArgumentParser):
    """Define a parser whose errors cannot be taken for a review that blocks, as argparse's exit code 2 can."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(_FAILED, f"{self.prog}: {message}\n")


def _review(arguments: Sequence[str]) -> int:
    parser = _parser("", "Review Terraform plans; or use diff, changed or verify.")
    parser.add_argument("plans", nargs="+", type=Path, metavar="PLAN.json", help="`terraform show -json` of a stack")
    _with_output(parser)
    asked = parser.parse_args(arguments)
    return _written(reading.read_all(asked.plans), asked, "Plan")


def _diff(arguments: Sequence[str]) -> int:
    parser = _folders("diff", "Review two synthesized folders, without credentials.")
    _with_output(parser)
    asked = parser.parse_args(arguments)
    found = synthesized.plans(asked.base, asked.head)
    if not found:
        _print("<!-- endpoint-review {} -->\n## Nothing changes\n", asked.output)
        return 0
    return _written(found, asked, "Comparison of two synthesized folders, without what is deployed")


def _changed(arguments: Sequence[str]) -> int:
    asked = _folders("changed", "List the stacks that differ, one a line.").parse_args(arguments)
    _say("".join(f"{name}\n" for name in synthesized.changed(asked.base, asked.head)))
    return 0


def _verify(arguments: Sequence[str]) -> int:
    parser = _parser("verify", "Tell whether fresh plans do what was reviewed.")
    parser.add_argument("plans", nargs="+", type=Path, metavar="PLAN.json")
    parser.add_argument("--fingerprint", required=True, help="of the review, or its first 16 letters or more")
    asked = parser.parse_args(arguments)
    if len(asked.fingerprint) < _SHORTEST:
        parser.error(f"--fingerprint: {_SHORTEST} letters or more, got {len(asked.fingerprint)}")
    found = fingerprint(reading.read_all(asked.plans))
    if found.startswith(asked.fingerprint):
        _say(f"the plan is the one that was reviewed, {found[:_SHORTEST]}\n")
        return 0
    print(
        f"the plan is another one than was reviewed: {found[:_SHORTEST]} and not {asked.fingerprint[:_SHORTEST]}; "
        "something changed meanwhile, so review it again",
        file=sys.stderr,
    )
    return _BLOCKED


def _written(plans: Sequence[plan.Plan], asked: argparse.Namespace, source: str) -> int:
    known, costs = acknowledgements.read(asked.acknowledged), prices.read(asked.prices)
    reviews = [Review(each, known, asked.today, costs) for each in sorted(plans, key=lambda each: each.stack)]
    _print(comment(reviews, source=source), asked.output)
    return _BLOCKED if any(each.blocks for each in reviews) else 0


def _print(text: str, output: Path | None) -> None:
    if output:
        files.write(text, output, fix="name a file that you may write with --output")
    else:
        _say(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        files.write(text, Path(summary), mode="a", fix="correct GITHUB_STEP_SUMMARY, or unset it")


def _say(text: str) -> None:
    files.write(text, None, fix="write to a file instead")


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    return _Parser(prog=f"python -m protected_endpoints.review {command}".strip(), description=description)


def _folders(command: str, description: str) -> argparse.ArgumentParser:
    parser = _parser(command, description)
    parser.add_argument("base", type=Path, help="cdktf.out of what is deployed")
    parser.add_argument("head", type=Path, help="cdktf.out of the change")
    return parser


def _with_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, help="a file for the Markdown; else it is printed")
    parser.add_argument("--acknowledged", type=Path, help="review.toml, with findings that do not block")
    parser.add_argument("--prices", type=Path, help="prices.toml, with what an hour of each instance type costs you")
    today = date.today()
    parser.add_argument(
        "--today", type=date.fromisoformat, default=today, help="the day on which acknowledgements are judged"
    )


if __name__ == "__main__":
    main()
