"""Rules about the Terraform state and the GitHub Actions workflows that share it."""

from collections.abc import Iterator, Sequence

from protected_endpoints.deployment import Deployment, StateDeployment
from protected_endpoints.errors import Problem
from protected_endpoints.policies import packing
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.rules.helpers import REMOVE_ONE, duplicates, environment_path, indexed, roles_not_in_account
from protected_endpoints.rules.registry import cross_state_rule, endpoint_rule, state_rule


@endpoint_rule("backend-conflict")
def backend_conflict(deployment: Deployment) -> Iterator[Problem]:
    """Terraform accepts one backend (Terraform, Backend Configuration)."""
    if deployment.environment.cloud and deployment.environment.state:
        yield Problem(environment_path(deployment.environment, "cloud"), "conflicts with state", REMOVE_ONE)


@endpoint_rule("state-bucket-setting-unused")
def state_bucket_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """A managed state bucket is in the environment's region and has a managed key."""
    state = deployment.environment.state
    if not state or not state.create_bucket:
        return
    reasons = {"region": "is created in the region of its environment", "kms_key_id": "has a managed key"}
    for key, reason in reasons.items():
        if value := getattr(state, key):
            yield Problem(
                environment_path(deployment.environment, "state", key),
                f"has no effect with create_bucket = true: the managed bucket {reason}",
                "remove it, or remove create_bucket to use an existing bucket",
                value=value,
            )


@endpoint_rule("state-bucket-without-deployers")
def state_bucket_without_deployers(deployment: Deployment) -> Iterator[Problem]:
    """The bucket policy denies every principal that is not configured to read and write states."""
    state = deployment.environment.state
    if state and state.create_bucket and not deployment.environment.deployers:
        yield Problem(
            environment_path(deployment.environment, "state", "create_bucket"),
            "no deployers are configured, and the bucket policy lets only configured roles write states",
            f"set deployers in [environments.{deployment.environment.name}], and administrators in "
            f"[environments.{deployment.environment.name}.state] to the roles that run make bootstrap",
            value=True,
        )


@endpoint_rule("state-readers-unused")
def state_readers_unused(deployment: Deployment) -> Iterator[Problem]:
    """The policy of an existing bucket decides who reads it, and this project does not change that policy."""
    state = deployment.environment.state
    if state and state.readers and not state.create_bucket:
        yield Problem(
            environment_path(deployment.environment, "state", "readers"),
            "has no effect on an existing bucket",
            "remove it, or set create_bucket = true",
            value=[*state.readers],
        )


@endpoint_rule("state-administrators-unused")
def state_administrators_unused(deployment: Deployment) -> Iterator[Problem]:
    """The policy of an existing bucket decides who writes it, and this project does not change that policy."""
    state = deployment.environment.state
    if state and state.administrators and not state.create_bucket:
        yield Problem(
            environment_path(deployment.environment, "state", "administrators"),
            "has no effect on an existing bucket",
            "remove it and name the roles in the policy of the bucket, or set create_bucket = true",
            value=[*state.administrators],
        )


@state_rule("state-administrators-missing", "warning")
def state_administrators_missing(state: StateDeployment) -> Iterator[Problem]:
    """Terraform installs every provider that a state names, so its writers can run code as who applies it next."""
    settings = state.environment.state
    if settings and settings.create_bucket and not settings.administrators:
        yield Problem(
            environment_path(state.environment, "state"),
            f"every role in deployers may write the state of {state.names.state_stack}, which names the providers "
            "that Terraform runs as the administrator",
            "set administrators to the roles that run make bootstrap",
        )


@endpoint_rule("state-reader-not-in-account")
def state_reader_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """The state bucket and its key deny access from other accounts."""
    state = deployment.environment.state
    for key in ("administrators", "readers"):
        roles = getattr(state, key) if state else ()
        yield from roles_not_in_account(deployment, environment_path(deployment.environment, "state", key), roles)


@endpoint_rule("state-access-duplicate")
def state_access_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """Deployers and administrators read the state already, and a role has one entry in a list."""
    state, deployers = deployment.environment.state, deployment.environment.deployers
    administrators, readers = (state.administrators, state.readers) if state else ((), ())
    all_deployers = [*indexed(environment_path(deployment.environment, "deployers"), deployers)]
    all_administrators = indexed(environment_path(deployment.environment, "state", "administrators"), administrators)
    # A role can be in both lists: a small team deploys and bootstraps with the same one.
    only_administrators = [(path, role) for path, role in all_administrators if role not in deployers]
    yield from duplicates(
        [
            *all_deployers,
            *only_administrators,
            *indexed(environment_path(deployment.environment, "state", "readers"), readers),
        ]
    )


@endpoint_rule("github-actions-without-state")
def github_actions_without_state(deployment: Deployment) -> Iterator[Problem]:
    """A GitHub runner does not keep a local state, so a second run would create everything again (Terraform, State)."""
    if deployment.environment.github_actions and not deployment.environment.state:
        yield Problem(
            environment_path(deployment.environment, "github_actions"),
            "requires a state in S3 that all workflow runs share",
            f"add a table [environments.{deployment.environment.name}.state]",
        )


@endpoint_rule("planner-workflows-outside-aws-partition")
def planner_workflows_outside_aws_partition(deployment: Deployment) -> Iterator[Problem]:
    """STS evaluates the claim `job_workflow_ref` in commercial regions only (STS, identity provider claims, 2026)."""
    github = deployment.environment.github_actions
    if github and github.planner_workflows and deployment.names.partition != "aws":
        yield Problem(
            environment_path(deployment.environment, "github_actions", "planner_workflows"),
            f"partition {deployment.names.partition} does not evaluate job_workflow_ref, so that nobody could plan",
            "remove it",
            value=[*github.planner_workflows],
        )


@endpoint_rule("planner-workflow-duplicate")
def planner_workflow_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """A workflow has one entry."""
    if github := deployment.environment.github_actions:
        path = environment_path(deployment.environment, "github_actions", "planner_workflows")
        yield from duplicates(indexed(path, github.planner_workflows))


@endpoint_rule("state-stack-name-conflict")
def state_stack_name_conflict(deployment: Deployment) -> Iterator[Problem]:
    """The state stack of an environment is named `<environment>-state`, as is the alias of its key."""
    if deployment.endpoint.name == "state":
        yield Problem(
            deployment.path(), "the name is reserved for the state stack of the environment", "choose another name"
        )


@state_rule("github-role-policy-count")
def github_role_policy_count(state: StateDeployment) -> Iterator[Problem]:
    """A role has at most 10 managed policies (IAM, quotas)."""
    if not state.environment.github_actions:
        return
    scope = EnvironmentScope(state.deployments)
    for role, statements in (("deployer", deployer_statements(scope)), ("planner", planner_statements(scope))):
        if (count := len(packing.pack(statements))) > packing.MAX_POLICIES_PER_ROLE:
            yield Problem(
                environment_path(state.environment, "github_actions"),
                f"the {role} role would need {count} policies for {len(state.deployments)} endpoints, "
                f"but IAM accepts {packing.MAX_POLICIES_PER_ROLE}",
                "split the endpoints into several environments",
            )


@cross_state_rule("state-resource-shared")
def state_resource_shared(states: Sequence[StateDeployment]) -> Iterator[Problem]:
    """A managed state bucket belongs to one environment, and an account has one OpenID Connect provider for GitHub."""
    buckets: dict[str, str] = {}
    providers: dict[str, str] = {}
    for deployment in states:
        environment = deployment.environment
        name, state, github = environment.name, environment.state, environment.github_actions
        if state and state.create_bucket and (owner := buckets.setdefault(state.bucket, name)) != name:
            yield Problem(
                environment_path(environment, "state", "bucket"),
                f"environment {owner} also creates this bucket",
                "use a different bucket in each environment",
                value=state.bucket,
            )
        if not github or not github.create_openid_connect_provider:
            continue
        if (owner := providers.setdefault(deployment.names.github_provider_arn, name)) != name:
            yield Problem(
                environment_path(environment, "github_actions"),
                f"environment {owner} also creates the OpenID Connect provider for GitHub, and an account can have one",
                "set create_openid_connect_provider = false here",
            )
