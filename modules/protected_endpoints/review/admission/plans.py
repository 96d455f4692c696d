"""Add what is not admitted to plans, so that the rule `not-admitted` reports it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from protected_endpoints.review.admission.admitted import Admitted, used
from protected_endpoints.review.admission.folder import FOLDER, folder_problems
from protected_endpoints.review.admission.plan import plan_problems
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.plan import Plan


def admit_plans(plans: Sequence[Plan], entries: Sequence[Admitted]) -> list[Plan]:
    """Return plans of Terraform with what is not admitted in them."""
    return [
        _with_problems(plan, plan_problems(plan, entries), plan_problems(plan) if entries else (), entries)
        for plan in plans
    ]


def admit_folder(plans: Sequence[Plan], folder: Path, entries: Sequence[Admitted], *, all_stacks: bool) -> list[Plan]:
    """Return plans with what is not admitted in the synthesized folder that they are made from.

    What belongs to no stack is a plan of its own, and with `all_stacks` so is every other stack with a problem.
    """
    problems = folder_problems(folder, entries)
    return with_folder_problems(
        plans, problems, folder_problems(folder) if entries else problems, entries, all_stacks=all_stacks
    )


def with_folder_problems(
    plans: Sequence[Plan],
    problems: Mapping[str, Sequence[NotAdmitted]],
    without_entries: Mapping[str, Sequence[NotAdmitted]],
    entries: Sequence[Admitted],
    *,
    all_stacks: bool,
) -> list[Plan]:
    """Return plans with the problems of the folder that they are made from, which `folder_problems` returns."""
    by_stack = {plan.stack: plan for plan in plans}
    names = [name for name, found in problems.items() if name in by_stack or (found and (all_stacks or name == FOLDER))]
    admitted = [
        _with_problems(by_stack.get(name) or Plan(name, ()), problems[name], without_entries[name], entries)
        for name in names
    ]
    return [*admitted, *(plan for plan in plans if plan.stack not in problems)]


def _with_problems(
    plan: Plan, problems: Sequence[NotAdmitted], without_entries: Sequence[NotAdmitted], entries: Sequence[Admitted]
) -> Plan:
    known = {(problem.address, problem.argument) for problem in plan.not_admitted}
    new = [problem for problem in problems if (problem.address, problem.argument) not in known]
    admitted = [
        (f"{entry.type}.{entry.argument}".removesuffix("."), entry.reason) for entry in used(entries, without_entries)
    ]
    return replace(
        plan,
        not_admitted=(*plan.not_admitted, *new),
        admitted=tuple(dict.fromkeys([*plan.admitted, *admitted])),
    )
