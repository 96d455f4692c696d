"""The trust policies of the managed roles for GitHub Actions workflows.

The workflow that reviews pull requests requests no token for one from a fork, so that it can assume neither role.
"""

import re

from protected_endpoints.config import GithubActions
from protected_endpoints.deployment.environment_names import GITHUB_OIDC_HOST, EnvironmentNames
from protected_endpoints.policies.document import Document, allow, document

AUDIENCE = "sts.amazonaws.com"
_ID = re.compile(r"@[0-9]+")  # of an owner or a repository, in subjects only


def planner_trust_policy(names: EnvironmentNames, settings: GithubActions) -> Document:
    """Return the trust policy of the planner: pull requests of the repository, and runs on the branch.

    The subject of a pull request does not show which workflow asks: users who can push a branch can add one to it. The
    claim `job_workflow_ref` ends in the branch from which GitHub read the workflow, also for `pull_request_target`,
    and in `refs/pull/NUMBER/merge` for `pull_request`. GitHub describes the claim for jobs of a reusable workflow; in
    the tokens of other jobs it is the path of their own workflow, as the log of the action azure/login prints it.
    """
    repository, branch = settings.repository, f"refs/heads/{settings.branch}"
    claims: dict[str, str | list[str]] = {"sub": [f"repo:{repository}:pull_request", f"repo:{repository}:ref:{branch}"]}
    if settings.planner_workflows:
        folder = f"{_ID.sub('', repository)}/.github/workflows"
        claims["job_workflow_ref"] = [f"{folder}/{file}@{branch}" for file in settings.planner_workflows]
    return _trust_policy(names, "ThesePlan", claims)


def deployer_trust_policy(names: EnvironmentNames, *, repository: str, branch: str, environment: str) -> Document:
    """Return the trust policy of the deployer: jobs in one GitHub environment, in runs on the branch.

    The subject of such a job contains its environment instead of its branch. AWS supports a condition on the branch
    (claim `ref`) since January 2026, in commercial regions only (STS, identity provider claims). In other partitions
    the condition would deny every job, so there the protection rules of the GitHub environment have to limit branches.
    """
    claims: dict[str, str | list[str]] = {"sub": f"repo:{repository}:environment:{environment}"}
    if names.partition == "aws":
        claims["ref"] = f"refs/heads/{branch}"
    return _trust_policy(names, "TheseDeploy", claims)


def _trust_policy(names: EnvironmentNames, sid: str, claims: dict[str, str | list[str]]) -> Document:
    required = {"aud": AUDIENCE, **claims}
    return document(
        allow(
            sid,
            Principal={"Federated": names.github_provider_arn},
            Action="sts:AssumeRoleWithWebIdentity",
            Condition={"StringEquals": {f"{GITHUB_OIDC_HOST}:{claim}": value for claim, value in required.items()}},
        )
    )
