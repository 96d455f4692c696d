"""Review Terraform plans: `python -m protected_endpoints.review PLAN.json [PLAN.json ...]`.

`diff BASE HEAD` reviews two synthesized folders, without credentials; `changed BASE HEAD` lists the stacks that differ;
`admit FOLDER` admits a synthesized folder before Terraform reads it; `verify PLAN.json --fingerprint SHA` compares a
new plan with the reviewed one. The exit code is 0; or 2 if a finding blocks, a part is not admitted or the plan
differs; or 1 with a message if a file cannot be read or written, or the command line is invalid.
"""

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from protected_endpoints.review import review_file
from protected_endpoints.review.acknowledgements import acknowledgements
from protected_endpoints.review.admission.admitted import Admitted, admitted
from protected_endpoints.review.admission.folder import FOLDER, folder_problems
from protected_endpoints.review.admission.plans import admit_folder, admit_plans
from protected_endpoints.review.analysis import prices
from protected_endpoints.review.plan import files, plan, reading, synthesized
from protected_endpoints.review.plan.fingerprint import fingerprint
from protected_endpoints.review.report.admission import admission
from protected_endpoints.review.report.comment import comment
from protected_endpoints.review.report.json_report import json_report
from protected_endpoints.review.report.sarif import sarif
from protected_endpoints.review.review import Review

_FAILED, _BLOCKED = 1, 2
_MIN_FINGERPRINT_LENGTH = 16
_NO_CHANGES = "<!-- endpoint-review {} -->\n## No changes\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the five commands."""
    arguments = sys.argv[1:] if arguments is None else arguments
    commands = {"diff": _diff, "changed": _changed, "admit": _admit, "verify": _verify}
    try:
        command = commands.get(arguments[0]) if arguments else None
        sys.exit(command(arguments[1:]) if command else _review(arguments))
    except (plan.Unreadable, files.Unwritable) as error:
        sys.exit(str(error))


class _Parser(argparse.ArgumentParser):
    """A parser that exits with 1 on an error, because argparse's exit code 2 would mean that a finding blocks."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(_FAILED, f"{self.prog}: {message}\n")


def _review(arguments: Sequence[str]) -> int:
    parser = _parser("", "Review Terraform plans; or use diff, changed, admit or verify.")
    parser.add_argument("plans", nargs="+", type=Path, metavar="PLAN.json", help="`terraform show -json` of a stack")
    parser.add_argument(
        "--synthesized", type=Path, metavar="FOLDER", help="cdktf.out of the plans, whose stacks are admitted as well"
    )
    _add_review_options(parser)
    options = parser.parse_args(arguments)
    entries = _admitted(options)
    plans = admit_plans(reading.read_all(options.plans), entries)
    if options.synthesized:
        plans = admit_folder(plans, options.synthesized, entries, all_stacks=False)
    return _write_reviews(plans, options, "Plan")


def _diff(arguments: Sequence[str]) -> int:
    parser = _folders_parser("diff", "Review two synthesized folders, without credentials.")
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="changed stack to review; default: every stack")
    _add_review_options(parser)
    options = parser.parse_args(arguments)
    plans = synthesized.plans(options.base, options.head)
    if unchanged := sorted({*options.stacks} - {plan.stack for plan in plans}):
        parser.error(f"{', '.join(unchanged)}: the same in {options.base} and {options.head}; name changed stacks")
    plans = [plan for plan in plans if plan.stack in options.stacks or not options.stacks]
    plans = admit_folder(plans, options.head, _admitted(options), all_stacks=not options.stacks)
    return _write_reviews(plans, options, "Comparison of two synthesized folders, without the Terraform state")


def _changed(arguments: Sequence[str]) -> int:
    options = _folders_parser("changed", "List the stacks that differ, one per line.").parse_args(arguments)
    _print("".join(f"{name}\n" for name in synthesized.changed_stacks(options.base, options.head)))
    return 0


def _admit(arguments: Sequence[str]) -> int:
    parser = _parser("admit", "Admit a synthesized folder, before Terraform reads it.")
    parser.add_argument("folder", type=Path, help="cdktf.out")
    _add_file_options(parser)
    options = parser.parse_args(arguments)
    problems = folder_problems(options.folder, _admitted(options))
    if problems.keys() == {FOLDER}:
        raise plan.Unreadable(f"{options.folder}: has no stacks; create them with: cdktf synth --output cdktf.out")
    _write(admission(problems), options.output)
    return _BLOCKED if any(problems.values()) else 0


def _verify(arguments: Sequence[str]) -> int:
    parser = _parser("verify", "Verify that new plans make the reviewed changes.")
    parser.add_argument("plans", nargs="+", type=Path, metavar="PLAN.json")
    parser.add_argument("--fingerprint", required=True, help="of the review; the first 16 characters are enough")
    options = parser.parse_args(arguments)
    expected = options.fingerprint
    if len(expected) < _MIN_FINGERPRINT_LENGTH:
        parser.error(f"--fingerprint: must have {_MIN_FINGERPRINT_LENGTH} characters or more, got {len(expected)}")
    actual = fingerprint(reading.read_all(options.plans))
    if actual.startswith(expected):
        _print(f"the plan matches the reviewed plan, fingerprint {actual[:_MIN_FINGERPRINT_LENGTH]}\n")
        return 0
    print(
        f"the plan differs from the reviewed plan: expected fingerprint {expected[:_MIN_FINGERPRINT_LENGTH]}, "
        f"got {actual[:_MIN_FINGERPRINT_LENGTH]}; review the new plan",
        file=sys.stderr,
    )
    return _BLOCKED


def _admitted(options: argparse.Namespace) -> tuple[Admitted, ...]:
    return admitted(review_file.read(options.acknowledged))


def _write_reviews(plans: Sequence[plan.Plan], options: argparse.Namespace, source: str) -> int:
    acknowledged = acknowledgements(review_file.read(options.acknowledged), options.today)
    hourly = prices.read(options.prices)
    by_stack = sorted(plans, key=lambda item: item.stack)
    reviews = [Review(item, acknowledged, options.today, hourly) for item in by_stack]
    _write(comment(reviews, source=source) if reviews else _NO_CHANGES, options.output)
    for file, report in ((options.json, json_report), (options.sarif, sarif)):
        if file:
            files.write(report(reviews), file, suggestion="set --json and --sarif to files that you may write")
    return _BLOCKED if any(review.is_blocked for review in reviews) else 0


def _write(text: str, output: Path | None) -> None:
    if output:
        files.write(text, output, suggestion="set --output to a file that you may write")
    else:
        _print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        files.write(text, Path(summary), mode="a", suggestion="correct GITHUB_STEP_SUMMARY, or unset it")


def _print(text: str) -> None:
    files.write(text, None, suggestion="write to a file instead")


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    is_module = Path(sys.argv[0]).parent.name == "review"  # and not a command of the console script
    program = f"{'python -m protected_endpoints.review' if is_module else 'protected-endpoints review'} {command}"
    return _Parser(prog=program.strip(), description=description)


def _folders_parser(command: str, description: str) -> argparse.ArgumentParser:
    parser = _parser(command, description)
    parser.add_argument("base", type=Path, help="cdktf.out of the deployed version")
    parser.add_argument("head", type=Path, help="cdktf.out of the changed version")
    return parser


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, help="file for the Markdown; default: standard output")
    parser.add_argument("--acknowledged", type=Path, help="review.toml: acknowledged findings, and what is admitted")


def _add_review_options(parser: argparse.ArgumentParser) -> None:
    _add_file_options(parser)
    parser.add_argument("--json", type=Path, help="file for the reviews as JSON")
    parser.add_argument("--sarif", type=Path, help="file for the findings as SARIF 2.1.0")
    parser.add_argument("--prices", type=Path, help="prices.toml, with your price per hour of each instance type")
    today = date.today()
    parser.add_argument(
        "--today", type=date.fromisoformat, default=today, help="day on which acknowledgements must be valid"
    )


if __name__ == "__main__":
    # Everything that is read is needed until the end. Looking for cycles takes a quarter of the time, and once more
    # when Python ends.
    gc.disable()
    atexit.register(gc.freeze)
    main()
