"""The rule about everything that this project does not write, whatever it means."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.findings import NOT_ADMITTED
from protected_endpoints.review.markdown import code
from protected_endpoints.review.rules.registry import RuleResult, rule


@rule(NOT_ADMITTED, "block")
def not_admitted(context: ReviewContext) -> RuleResult:
    """The project does not write it, so that no rule knows what it does.

    Only `[[admitted]]` in `review.toml` accepts it; an acknowledgement has no effect.
    """
    for problem in context.plan.not_admitted:
        argument = f"{code(problem.argument)}: " if problem.argument else ""
        alternative = _or_admit(problem.type, problem.argument)
        yield problem.address, f"{argument}{problem.message}. Restore what this project writes{alternative}."


def _or_admit(type_: str, argument: str) -> str:
    if not type_:
        return ""
    keys = [f'type = "{type_}"', *([f'argument = "{argument}"'] if argument else [])]
    return f", or admit it in review.toml: `[[admitted]]` with {', '.join(map(code, keys))} and a reason"
