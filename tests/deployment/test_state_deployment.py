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
    (message,) = messages_of(file)
    assert message.startswith("endpoints.a-state: the stack in environment dev has the name of another stack")


def test_a_workflow_role_has_at_most_the_policies_that_iam_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packing.MAX_POLICIES_PER_ROLE == 10
    (state,) = load_parsed(_file(state=_MANAGED, github_actions=_GITHUB)).states
    assert [*github_role_policy_count(state)] == []
    monkeypatch.setattr(packing, "MAX_POLICIES_PER_ROLE", 1)
    (problem,) = github_role_policy_count(state)
    assert str(problem) == (
        "environments.dev.github_actions: the deployer role would need 2 policies for 1 endpoints, but IAM accepts 1; "
        "split the endpoints into several environments [github-role-policy-count]"
    )


def test_the_policies_of_a_hundred_endpoints_fit_their_roles() -> None:
    file = fleet(100)
    file["environments"]["dev"].pop("network")
    file["environments"]["dev"] |= _file(state=_MANAGED, github_actions=_GITHUB)["environments"]["dev"]
    (state,) = load_parsed(file).states
    assert [*github_role_policy_count(state)] == []


def test_a_local_state_of_a_stack_with_a_managed_bucket_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    moved, local = load_parsed(_file(state=_MANAGED)), load_parsed(_file())
    assert stacks_with_local_state(moved) == []
    Path("terraform.dev-kmeans.tfstate").write_text("{}")
    assert stacks_with_local_state(moved) == ["dev-kmeans"]
    assert stacks_with_local_state(local) == []
