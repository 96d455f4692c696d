"""The rule about everything that this project does not write, whatever it means."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.markdown import code
from protected_endpoints.review.rules.registry import RuleResult, rule


@rule("not-admitted", "block")
def not_admitted(context: ReviewContext) -> RuleResult:
    """This project does not write it, so that no rule knows what it means."""
    for problem in context.plan.not_admitted:
        argument = f"{code(problem.argument)}: " if problem.argument else ""
        entry = f'type = "{problem.type}"' + (f', argument = "{problem.argument}"' if problem.argument else "")
        suggestion = (
            f" To admit it, add an entry `[[admitted]]` with {code(entry)} to review.toml." if problem.type else ""
        )
        yield problem.address, f"{argument}{problem.message}.{suggestion}"
