"""On a machine with a proxy, the calls of the sandbox to its emulator bypass the proxy."""

from pathlib import Path

import pytest

from protected_endpoints.commands.registry_mirror import process_environment
from sandbox.emulator import without_proxy
from tests.emulators import ForkedEmulator
from tests.examples import ACCOUNT
from tests.workspace import Workspace

# The port of the discard service: nothing listens there, so whatever is sent to this proxy is refused.
_PROXY = "http://127.0.0.1:9"
_NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (variant for upper in _NAMES for variant in (upper, upper.lower())):
        monkeypatch.setenv(name, _PROXY)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "artifacts.example.com")


@pytest.mark.usefixtures("behind_a_proxy")
def test_clients_and_terraform_reach_the_emulator_and_exceptions_are_kept(
    tmp_path: Path, sharing_variables: dict[str, str]
) -> None:
    with ForkedEmulator(tmp_path / "aws") as aws:
        assert aws.client("sts").get_caller_identity()["Account"] == ACCOUNT
        assert aws.client("s3", tls=False).list_buckets()["Buckets"] == []
        environment = {**process_environment(tmp_path), **sharing_variables, **aws.environment}
        workspace = Workspace(tmp_path / "project", environment)
        assert workspace.environment["HTTPS_PROXY"] == _PROXY
        assert workspace.environment["NO_PROXY"] == "artifacts.example.com,127.0.0.1"
        workspace.synth()
        terraform = workspace.stack("dev-kmeans")
        terraform.init()
        assert len(terraform.plan()["resource_changes"]) == 30


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, "127.0.0.1"),
        ({"NO_PROXY": "a.example,b.example"}, "a.example,b.example,127.0.0.1"),
        ({"no_proxy": "127.0.0.1,a.example"}, "127.0.0.1,a.example"),
        ({"NO_PROXY": "*"}, "*"),
    ],
)
def test_both_names_get_the_loopback_and_the_exceptions_of_either(before: dict[str, str], after: str) -> None:
    assert without_proxy(before) == {"no_proxy": after, "NO_PROXY": after}


def test_two_names_that_differ_keep_their_own_exceptions() -> None:
    differ = {"no_proxy": "a.example", "NO_PROXY": "b.example"}
    assert without_proxy(differ) == {"no_proxy": "a.example,127.0.0.1", "NO_PROXY": "b.example,127.0.0.1"}
