"""The warnings of a deployment that is composed in Python, as annotations of CDKTF."""

from cdktf import Annotations
from constructs import Construct

from protected_endpoints import rules
from protected_endpoints.constructs.tokens import token_paths
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem, group_by_message


def annotate_warnings(scope: Construct, deployment: Deployment) -> None:
    """Add an annotation to a construct for each warning. `cdktf synth`, `diff` and `deploy` print them.

    Rules cannot judge a token, so each token is a warning as well.
    """
    warnings = [problem for problem in rules.findings(deployment) if problem.severity == "warning"]
    unknown = [
        Problem(
            path,
            "the value is a token, which no rule can check",
            "use one of this account and region, and raise revision when its resource is replaced",
        )
        for path in token_paths(deployment)
    ]
    for text in group_by_message([*warnings, *unknown]):
        Annotations.of(scope).add_warning(text)
