"""The note below errors that are warnings in a project that is not strict."""

from collections.abc import Sequence

from protected_endpoints.errors import KeyPath, Problem, format_path


def strict_note(problems: Sequence[Problem]) -> str:
    """Return how to accept the first warning that `strict` makes an error; empty if there is none."""
    from protected_endpoints.rules.registry import find_rule  # reason: most commands report errors without rules

    for problem in problems:
        rule = find_rule(problem.rule)
        if rule and rule.can_be_acknowledged:
            return (
                "\nnote: strict = true in [project] makes warnings errors; to accept one with a reason, add to "
                f'[{format_path(_table(problem))}]: {problem.rule} = "<reason>"'
            )
    return ""


def _table(problem: Problem) -> KeyPath:
    """Return the table in which an endpoint accepts a warning; one about an environment names no endpoint."""
    if problem.path[0] != "endpoints":
        return ("endpoints", "NAME", "acknowledge")
    depth = 4 if problem.path[2:3] == ("environments",) else 2  # an override has acknowledgements of its own
    return (*problem.path[:depth], "acknowledge")
