"""The note below errors that are warnings in a project that is not strict."""

from collections.abc import Sequence

from protected_endpoints.errors import Problem, format_path


def strict_note(problems: Sequence[Problem]) -> str:
    """Return how to accept the first warning that `strict` makes an error; empty if there is none."""
    from protected_endpoints.rules.registry import find_rule

    for problem in problems:
        rule = find_rule(problem.rule)
        if problem.path[0] == "endpoints" and rule and rule.can_be_acknowledged:
            depth = 4 if problem.path[2:3] == ("environments",) else 2  # an override has an acknowledgement of its own
            table = format_path((*problem.path[:depth], "acknowledge"))
            return (
                "\nnote: strict = true in [project] makes warnings errors; to accept one with a reason, add to "
                f'[{table}]: {problem.rule} = "<reason>"'
            )
    return ""
