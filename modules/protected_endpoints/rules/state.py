"""Rules about where the Terraform state is kept, and about the workflows that share it."""

from collections.abc import Iterable, Iterator

from protected_endpoints.deployment import Deployment, StateDeployment
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.policies import packing
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.rules.account_access import named_twice, of_another_account
from protected_endpoints.rules.helpers import repeated
from protected_endpoints.rules.registry import endpoint_rule, state_rule, states_rule


@endpoint_rule("backend-conflict")
def backend_conflict(deployment: Deployment) -> Iterator[Problem]:
    """Terraform takes one backend (Terraform, Backend Configuration)."""
    if deployment.environment.cloud and deployment.environment.state:
        yield Problem(
            _path(deployment, "cloud"),
            "the state is in S3 already, as state of the same environment says",
            "leave out one of the two tables",
        )


@endpoint_rule("state-bucket-setting-unused")
def state_bucket_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """The stack is in the environment's region, and makes a key whose policy names who uses it."""
    state = deployment.environment.state
    if not state or not state.create_bucket:
        return
    for key, what in (("region", "is made in the region of its environment"), ("kms_key_id", "gets a key of its own")):
        if value := getattr(state, key):
            yield Problem(
                _path(deployment, "state", key),
                f"has no effect with create_bucket = true: the bucket {what}",
                "leave it out, or take out create_bucket to use an existing bucket",
                value=value,
            )


@endpoint_rule("state-bucket-without-deployers")
def state_bucket_without_deployers(deployment: Deployment) -> Iterator[Problem]:
    """The bucket denies everybody else, also whoever makes it, who then could not put its state there."""
    state = deployment.environment.state
    if state and state.create_bucket and not deployment.environment.deployers:
        yield Problem(
            _path(deployment, "state", "create_bucket"),
            "the bucket shuts out whoever makes it, because nobody is named who deploys",
            "add deployers to "
            f"[environments.{deployment.environment.name}], among them the role that runs make bootstrap",
            value=True,
        )


@endpoint_rule("state-readers-unused")
def state_readers_unused(deployment: Deployment) -> Iterator[Problem]:
    """Who reads an existing bucket is for its own policy to say."""
    state = deployment.environment.state
    if state and state.readers and not state.create_bucket:
        yield Problem(
            _path(deployment, "state", "readers"),
            "has no effect on an existing bucket",
            "leave it out, or write create_bucket = true",
            value=[*state.readers],
        )


@endpoint_rule("state-reader-not-in-account")
def state_reader_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """The bucket and its key refuse every other account."""
    state = deployment.environment.state
    yield from of_another_account(deployment, _path(deployment, "state", "readers"), state.readers if state else ())


@endpoint_rule("state-access-duplicate")
def state_access_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """Whoever deploys reads the state anyway."""
    state, deployers = deployment.environment.state, deployment.environment.deployers
    lists = {("deployers",): deployers, ("state", "readers"): state.readers if state else ()}
    listed = [
        (_path(deployment, *keys, index), each) for keys, roles in lists.items() for index, each in enumerate(roles)
    ]
    for place in repeated(each for _, each in listed):
        yield named_twice(*listed[place])


@endpoint_rule("github-actions-without-state")
def github_actions_without_state(deployment: Deployment) -> Iterator[Problem]:
    """A runner of GitHub forgets its files, and what is made would be made again (Terraform, State)."""
    if deployment.environment.github_actions and not deployment.environment.state:
        yield Problem(
            _path(deployment, "github_actions"),
            "workflows need a state in S3 that they share, and the environment has none",
            f"add a table [environments.{deployment.environment.name}.state]",
        )


@endpoint_rule("state-stack-name-conflict")
def state_stack_name_conflict(deployment: Deployment) -> Iterator[Problem]:
    """The stack of an environment's state is called `<environment>-state`, and so is the alias of its key."""
    if deployment.endpoint.name == "state":
        yield Problem(
            deployment.path(), "the stack of an environment's state has this name", "choose another name", value=UNSET
        )


@state_rule("github-role-policy-count")
def github_role_policy_count(state: StateDeployment) -> Iterator[Problem]:
    """A role takes ten managed policies (IAM, quotas)."""
    if not state.environment.github_actions:
        return
    reach = EnvironmentScope(state.deployments)
    for who, statements in (("deploys", deployer_statements(reach)), ("plans", planner_statements(reach))):
        if (count := len(packing.pack(statements))) > packing.MAX_POLICIES_PER_ROLE:
            yield Problem(
                ("environments", state.environment.name, "github_actions"),
                f"the role that {who} would need {count} policies for {len(state.deployments)} endpoints, "
                f"and IAM attaches {packing.MAX_POLICIES_PER_ROLE}",
                "spread the endpoints over several environments",
            )


@states_rule("state-resource-shared")
def state_resource_shared(states: Iterable[StateDeployment]) -> Iterator[Problem]:
    """A bucket that is made is for one environment, and an account has one provider for GitHub."""
    buckets: dict[str, str] = {}
    providers: dict[str, str] = {}
    for each in states:
        name, state, github = each.environment.name, each.environment.state, each.environment.github_actions
        if state and state.create_bucket and (owner := buckets.setdefault(state.bucket, name)) != name:
            yield Problem(
                ("environments", name, "state", "bucket"),
                f"environment {owner} makes this bucket as well",
                "give each environment a bucket of its own",
                value=state.bucket,
            )
        if not github or not github.create_openid_connect_provider:
            continue
        if (owner := providers.setdefault(each.names.github_provider_arn, name)) != name:
            yield Problem(
                ("environments", name, "github_actions"),
                f"environment {owner} makes the provider of this account, which can have only one for GitHub",
                "write create_openid_connect_provider = false here",
            )


def _path(deployment: Deployment, *keys: str | int) -> KeyPath:
    return ("environments", deployment.environment.name, *keys)
