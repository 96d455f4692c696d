"""Which workflows of GitHub Actions may assume the roles that are made for them.

A fork's pull request gets no token from GitHub, so it gets in nowhere.
"""

from protected_endpoints.deployment.names import GITHUB_OIDC_HOST, EnvironmentNames
from protected_endpoints.policies import Document, allow, document

AUDIENCE = "sts.amazonaws.com"


def planning(names: EnvironmentNames, *, repository: str, branch: str) -> Document:
    """Return the trust policy of the role that plans: pull requests of the repository, and runs on the branch."""
    subjects = [f"repo:{repository}:pull_request", f"repo:{repository}:ref:refs/heads/{branch}"]
    return _trust(names, "ThesePlan", {"sub": subjects})


def deploying(names: EnvironmentNames, *, repository: str, branch: str, environment: str) -> Document:
    """Return the trust policy of the role that deploys: jobs in one GitHub environment, of runs on the branch.

    The subject of such a job names its environment instead of its branch. AWS knows the branch as a claim of its own
    since January 2026, in commercial regions (STS, identity provider claims); elsewhere a condition on it would let
    nobody in, and the environment's protection rules in GitHub have to say which branch it takes.
    """
    claims: dict[str, str | list[str]] = {"sub": f"repo:{repository}:environment:{environment}"}
    if names.partition == "aws":
        claims["ref"] = f"refs/heads/{branch}"
    return _trust(names, "TheseDeploy", claims)


def _trust(names: EnvironmentNames, sid: str, claims: dict[str, str | list[str]]) -> Document:
    asked = {"aud": AUDIENCE, **claims}
    return document(
        allow(
            sid,
            Principal={"Federated": names.github_provider_arn},
            Action="sts:AssumeRoleWithWebIdentity",
            Condition={"StringEquals": {f"{GITHUB_OIDC_HOST}:{claim}": value for claim, value in asked.items()}},
        )
    )
