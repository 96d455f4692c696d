"""The managed state bucket and workflow roles of an environment: when they exist, for whom, and their rules."""

from pathlib import Path

import pytest

from protected_endpoints.commands.move_state import stacks_with_local_state
from protected_endpoints.policies import packing
from protected_endpoints.rules.state import github_role_policy_count
from tests.loading.support import Table, example, load_parsed, messages_of
from tests.rules.network import fleet

_ROLE = "arn:aws:iam::111122223333:role"
_MANAGED = {"bucket": "acme-tfstate-dev", "create_bucket": True}
_GITHUB = {"repository": "acme/endpoints"}


def _file(**dev: object) -> Table:
    file = example()
    file["environments"]["dev"] |= {"deployers": [f"{_ROLE}/platform"], **dev}
    return file


def _two(dev: Table, test: Table) -> Table:
    """Return the example in two environments of one account."""
    file = _file(**dev)
    file["environments"]["test"] = {**file["environments"]["dev"], "network": None, **test}
    file["environments"]["test"] = {key: value for key, value in file["environments"]["test"].items() if value}
    return file


@pytest.mark.parametrize(
    ("dev", "stacks"),
    [
        ({}, 0),
        ({"state": {"bucket": "acme-tfstate-dev"}}, 0),
        ({"state": _MANAGED}, 1),
        ({"state": {"bucket": "acme-tfstate-dev"}, "github_actions": _GITHUB}, 1),
    ],
)
def test_the_stack_exists_only_for_a_managed_bucket_or_workflow_roles(dev: Table, stacks: int) -> None:
    assert len(load_parsed(_file(**dev)).states) == stacks


def test_deployers_write_and_readers_read_the_state_including_workflow_roles() -> None:
    file = _file(state={**_MANAGED, "readers": [f"{_ROLE}/auditor"]}, github_actions=_GITHUB)
    (state,) = load_parsed(file).states
    assert state.writers == [f"{_ROLE}/acme-dev-deployer", f"{_ROLE}/platform"]
    assert state.readers == [f"{_ROLE}/acme-dev-planner", f"{_ROLE}/auditor"]
    assert state.deployments[0].deployer_arns == state.writers


def test_an_environment_without_workflows_has_configured_roles_only() -> None:
    (state,) = load_parsed(_file(state=_MANAGED)).states
    assert (state.writers, state.readers) == ([f"{_ROLE}/platform"], [])


def test_administrators_are_the_configured_roles_or_else_the_deployers_without_workflows() -> None:
    (state,) = load_parsed(_file(state=_MANAGED, github_actions=_GITHUB)).states
    assert state.administrators == [f"{_ROLE}/platform"]
    configured = {**_MANAGED, "administrators": [f"{_ROLE}/root-b", f"{_ROLE}/root-a"]}
    (state,) = load_parsed(_file(state=configured, github_actions=_GITHUB)).states
    assert state.administrators == [f"{_ROLE}/root-a", f"{_ROLE}/root-b"]
    assert f"{_ROLE}/root-a" not in state.writers


def test_a_managed_bucket_without_administrators_is_a_warning() -> None:
    (warning,) = load_parsed(_file(state=_MANAGED)).warnings
    assert str(warning) == (
        "environments.dev.state: every role in deployers may write the state of dev-state, which names the providers "
        "that Terraform runs as the administrator; set administrators to the roles that run make bootstrap "
        "[state-administrators-missing]"
    )
    assert load_parsed(_file(state={**_MANAGED, "administrators": [f"{_ROLE}/platform"]})).warnings == ()
    assert load_parsed(_file(state={"bucket": "acme-tfstate-dev"}, github_actions=_GITHUB)).warnings == ()


@pytest.mark.parametrize(
    ("name", "account", "bucket", "is_refused"),
    [
        ("dev-eu", "111122223333", "", True),
        ("dev-eu", "444455556666", "", False),
        ("dev-eu", "444455556666", "acme-tfstate-dev", True),
        ("dev-eu", "444455556666", "acme-tfstate-eu", False),
        ("deveu", "111122223333", "acme-tfstate-dev", False),
        ("eu-dev", "111122223333", "acme-tfstate-dev", False),
    ],
)
def test_the_names_of_an_environment_are_not_those_of_another(
    name: str, account: str, bucket: str, is_refused: bool
) -> None:
    file = _file(state={"bucket": "acme-tfstate-dev"})
    endpoint = {**file["endpoints"]["kmeans"], "invokers": []}
    del file["environments"]["dev"]["deployers"]
    state = {"state": {"bucket": bucket}} if bucket else {}
    file["environments"][name] = {"account_id": account, "region": "us-west-2", **state}
    file["endpoints"] = {"one": endpoint}
    message = (
        'environments.dev-eu: the permissions of environment dev for "acme-dev-*" include every name of this one; '
        "rename it, for example to eu-dev, or use an account and a state bucket of its own [environment-name-overlap]"
    )
    assert messages_of(file) == ([message] if is_refused else [])


def test_the_boundary_of_an_environment_has_a_size() -> None:
    file = _file(state=_MANAGED)
    endpoint = file["endpoints"]["kmeans"]
    file["endpoints"] = {
        f"e{number}": {**endpoint, "invokers": [], "model_data_url": f"s3://models-of-team-{number:03}/model.tar.gz"}
        for number in range(120)
    }
    (message,) = messages_of(file)
    assert message == (
        "environments.dev: the permissions boundary, which lists buckets, topics and permissions, would have 6331 "
        "characters, but IAM accepts 6144; use fewer buckets and permissions, split the endpoints into several "
        "environments, or set permissions_boundary_arn to a policy that administrators maintain "
        "[environment-boundary-size]"
    )
    file["environments"]["dev"]["permissions_boundary_arn"] = "arn:aws:iam::111122223333:policy/ml-boundary"
    assert messages_of(file) == []


def test_a_managed_bucket_is_for_one_environment() -> None:
    assert messages_of(_two({"state": _MANAGED}, {"state": {**_MANAGED, "bucket": "acme-tfstate-test"}})) == []
    assert messages_of(_two({"state": _MANAGED}, {"state": _MANAGED})) == [
        'environments.test.state.bucket: environment dev also creates this bucket, got "acme-tfstate-dev"; use a '
        "different bucket in each environment [state-resource-shared]"
    ]


def test_an_account_has_one_provider_for_github() -> None:
    dev: Table = {"state": {"bucket": "acme-tfstate-dev"}, "github_actions": _GITHUB}
    second = {"github_actions": {**_GITHUB, "create_openid_connect_provider": False}}
    assert messages_of(_two(dev, second)) == []
    assert messages_of(_two(dev, {})) == [
        "environments.test.github_actions: environment dev also creates the OpenID Connect provider for GitHub, "
        "and an account can have one; set create_openid_connect_provider = false here [state-resource-shared]"
    ]


def test_a_stack_name_that_is_the_name_of_the_state_stack_is_rejected() -> None:
    file = _file()
    file["environments"]["dev-a"] = file["environments"]["dev"]
    file["endpoints"] = {"a-state": file["endpoints"]["kmeans"]}
    (_, message) = messages_of(file)
    assert message.startswith("endpoints.a-state: the stack in environment dev has the name of another stack")


def test_a_workflow_role_has_at_most_the_policies_that_iam_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packing.MAX_POLICIES_PER_ROLE == 10
    (state,) = load_parsed(_file(state=_MANAGED, github_actions=_GITHUB)).states
    assert github_role_policy_count.findings(state) == []
    monkeypatch.setattr(packing, "MAX_POLICIES_PER_ROLE", 1)
    (problem,) = github_role_policy_count.findings(state)
    assert str(problem) == (
        "environments.dev.github_actions: the deployer role would need 3 policies for 1 endpoints, but IAM accepts 1; "
        "split the endpoints into several environments [github-role-policy-count]"
    )


def test_the_policies_of_a_hundred_endpoints_fit_their_roles() -> None:
    file = fleet(100)
    file["environments"]["dev"].pop("network")
    file["environments"]["dev"] |= _file(state=_MANAGED, github_actions=_GITHUB)["environments"]["dev"]
    (state,) = load_parsed(file).states
    assert github_role_policy_count.findings(state) == []


def test_a_local_state_of_a_stack_with_a_managed_bucket_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    moved, local = load_parsed(_file(state=_MANAGED)), load_parsed(_file())
    assert stacks_with_local_state(moved) == []
    Path("terraform.dev-kmeans.tfstate").write_text("{}")
    assert stacks_with_local_state(moved) == ["dev-kmeans"]
    assert stacks_with_local_state(local) == []
