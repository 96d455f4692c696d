"""Rules about `acknowledge`, in which an endpoint accepts the warnings of rules, each with its reason."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.registry import cross_endpoint_rule, endpoint_rule, find_rule, rules

_ALL_IDS = "docs/rules.md lists the IDs"


@endpoint_rule("acknowledgement-invalid")
def acknowledgement_invalid(deployment: Deployment) -> Iterator[Problem]:
    """Only a warning can be accepted: AWS or Terraform would reject what an error is about."""
    for rule_id in deployment.endpoint.acknowledge:
        path, rule = deployment.path("acknowledge", rule_id), find_rule(rule_id)
        if rule is None:
            ids = [known.id for known in rules() if known.can_be_acknowledged]
            similar = get_close_matches(rule_id, ids, n=1)
            suggestion = f"did you mean {similar[0]}?" if similar else f"remove it; {_ALL_IDS}"
            yield Problem(path, "no rule has this ID", suggestion)
        elif rule.severity == "error":
            yield Problem(path, "the rule reports errors, and only warnings can be acknowledged", "remove it")
        elif not rule.can_be_acknowledged:
            yield Problem(path, "the warnings of this rule have reasons, which are in relax", "remove it")


@endpoint_rule("acknowledgement-unused")
def acknowledgement_unused(deployment: Deployment) -> Iterator[Problem]:
    """An acknowledgement without a warning would hide a later one that nobody has seen."""
    for rule_id in deployment.endpoint.acknowledge:
        rule = endpoint_rule.rules.get(rule_id)
        if rule and rule.can_be_acknowledged and not rule.findings(deployment):
            yield _unused(deployment, rule_id)


@cross_endpoint_rule("cross-endpoint-acknowledgement-unused")
def cross_endpoint_acknowledgement_unused(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """A warning about several endpoints is acknowledged by the endpoint whose key it names."""
    for rule in cross_endpoint_rule.rules.values():
        accepting = [deployment for deployment in deployments if rule.id in deployment.endpoint.acknowledge]
        if not accepting or not rule.can_be_acknowledged:
            continue
        reported = {(problem.environment, problem.path[1]) for problem in rule.findings(deployments)}
        for deployment in accepting:
            if (deployment.environment.name, deployment.endpoint.name) not in reported:
                yield _unused(deployment, rule.id)


def _unused(deployment: Deployment, rule_id: str) -> Problem:
    environment = deployment.environment.name
    return Problem(
        deployment.path("acknowledge", rule_id),
        f"the rule reports no warning about this endpoint in environment {environment}",
        "remove it, or set it only for the environments with the warning, in environments.NAME.acknowledge of it",
        environment=environment,
    )
