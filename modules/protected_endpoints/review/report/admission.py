"""Write what is not admitted, how to admit it, and what `review.toml` admits."""

from collections.abc import Iterable, Mapping, Sequence

from protected_endpoints.review.markdown import code, code_block, details_block, escape, pluralize, table
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.review import Review

_MAX_ENTRIES = 30


def admission(problems: Mapping[str, Sequence[NotAdmitted]]) -> str:
    """Return the Markdown about a synthesized folder: its problems by stack."""
    found = [problem for items in problems.values() for problem in items]
    if not found:
        return f"## {pluralize(len(problems) - 1, 'stack')}: admitted\n"
    rows = [
        [code(stack), code(problem.address), code(problem.argument) if problem.argument else "", problem.message]
        for stack, items in problems.items()
        for problem in items
    ]
    parts = [
        f"## {pluralize(len(found), 'finding')}: not admitted",
        "This project does not write these parts of the synthesized folder, so Terraform must not read them. "
        "Delete the folder, and synthesize again with the unchanged code of this project.",
        table(["stack", "resource", "argument", "finding"], rows),
        how_to_admit(found),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def how_to_admit(problems: Iterable[NotAdmitted]) -> str:
    """Return the entries of `review.toml` that admit what can be admitted, and an empty text without any."""
    entries = [*dict.fromkeys(_entry(problem) for problem in problems if problem.type)]
    if not entries:
        return ""
    shown = entries[:_MAX_ENTRIES]
    if len(entries) > _MAX_ENTRIES:
        shown.append(f"# and {len(entries) - _MAX_ENTRIES} more")
    summary = f"To admit {'it' if len(entries) == 1 else 'them'}, add to review.toml"
    return details_block(summary, code_block("toml", "\n\n".join(shown).splitlines()))


def admitted(review: Review) -> str:
    """Return the section of what `review.toml` admits in a plan, and an empty text without anything."""
    lines = [f"* {code(name)}: {escape(reason)}" for name, reason in review.plan.admitted]
    return details_block(f"{len(lines)} admitted by review.toml", "\n".join(lines)) if lines else ""


def _entry(problem: NotAdmitted) -> str:
    argument = f'argument = "{problem.argument}"\n' if problem.argument else ""
    return f'[[admitted]]\ntype = "{problem.type}"\n{argument}reason = ""  # who approved it, and why'
