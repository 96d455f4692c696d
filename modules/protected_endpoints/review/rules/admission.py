"""The rule about everything that this project does not write, whatever it means."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.findings import NOT_ADMITTED
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.rules.registry import RuleResult, rule


@rule(NOT_ADMITTED, "block")
def not_admitted(context: ReviewContext) -> RuleResult:
    """The project does not write it, so that no rule knows what it does.

    Only `[[admitted]]` in `review.toml` accepts it; an acknowledgement has no effect.
    """
    for problem in context.plan.not_admitted:
        argument = f"{code(problem.argument)}: " if problem.argument else ""
        yield problem.address, f"{argument}{problem.message}. {_what_to_do(problem)}."


def _what_to_do(problem: NotAdmitted) -> str:
    if not problem.type:
        return "Synthesize with the unchanged code of this project; `review.toml` cannot admit it"
    keys = [f'type = "{problem.type}"', *([f'argument = "{problem.argument}"'] if problem.argument else [])]
    return (
        "Synthesize with the unchanged code of this project, or an owner admits it in `review.toml`: `[[admitted]]` "
        f"with {', '.join(map(code, keys))} and a reason"
    )
