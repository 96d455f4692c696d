"""The make targets that print policies write JSON, or one line about an invalid argument."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import checkout
from tests.examples import EXAMPLES, ROOT

_ARGUMENTS = {
    "deployer-policy": "ENVIRONMENT=prod",
    "planner-policy": "ENVIRONMENT=prod",
    "role-policy": "ENDPOINT=dev-kmeans",
    "key-policy": "ENDPOINT=dev-kmeans",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with every key that endpoints.toml can have."""
    shutil.copy(EXAMPLES["everything"], tmp_path / "endpoints.toml")
    return tmp_path


def _printed(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "policy", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "modules"), "PATH": ""},  # no Node
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("role", ["deployer", "planner"])
def test_policies_are_printed_by_name(folder: Path, role: str) -> None:
    printed = _printed(folder, role, "prod")
    assert (printed.returncode, printed.stderr) == (0, "")
    policies = json.loads(printed.stdout)
    assert all(name.startswith(f"acme-prod-{role}") for name in policies)
    assert all(policy["Version"] == "2012-10-17" for policy in policies.values())


def test_the_documents_of_an_execution_role_are_printed(folder: Path) -> None:
    printed = json.loads(_printed(folder, "role", "prod-fraud").stdout)
    assert printed["role_arn"].startswith("arn:aws:iam::")
    assert [*printed["inline_policies"]] == ["running", "version", "key-use"]
    (trust,) = printed["trust_policy"]["Statement"]
    assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}


def test_the_statements_for_an_existing_key_are_printed(folder: Path) -> None:
    statements = json.loads(_printed(folder, "key", "prod-relaxed").stdout)
    assert {"VolumeGrantsForSageMakerOnly", "CloudWatchLogsEncryptsThisLogGroup", "ExecutionRoleDecryptsModelData"} <= {
        statement["Sid"] for statement in statements
    }


def test_the_statements_for_other_existing_keys_are_printed_by_arn(folder: Path) -> None:
    ((arn, statements),) = json.loads(_printed(folder, "key", "prod-fraud").stdout).items()
    assert arn.endswith(":key/2345bcde-23bc-45de-67f0-2345678901bc")
    assert [statement["Sid"] for statement in statements] == ["ExecutionRoleDecryptsModelData"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("deployer", "live"), 'environment: has no endpoints in endpoints.toml, got "live"; use prod\n'),
        (
            ("key", "fraud"),
            'stack: not in endpoints.toml, got "fraud"; use one of prod-fraud, prod-relaxed\n',
        ),
        (("owner", "prod"), "argument kind: invalid choice: 'owner' (choose from "),
        ((), "the following arguments are required: kind, NAME; see: protected-endpoints policy --help\n"),
    ],
)
def test_an_invalid_argument_is_reported_in_one_line(folder: Path, arguments: tuple[str, ...], error: str) -> None:
    printed = _printed(folder, *arguments)
    assert (printed.returncode, printed.stdout, len(printed.stderr.splitlines())) == (1, "", 1)
    assert printed.stderr.startswith(error)


def test_errors_in_endpoints_toml_are_printed_instead_of_policies(folder: Path) -> None:
    file = folder / "endpoints.toml"
    file.write_text(file.read_text().replace('region = "eu-west-1"', 'region = "here"'))
    printed = _printed(folder, "deployer", "prod")
    assert (printed.returncode, printed.stdout) == (1, "")
    assert printed.stderr.startswith("environments.prod.region: ")


@pytest.mark.parametrize("target", _ARGUMENTS)
def test_make_reports_a_missing_argument_and_prints_nothing_else(target: str) -> None:
    result = _make(ROOT, target)
    assert (result.returncode, result.stdout) == (2, "")
    argument = _ARGUMENTS[target]
    assert f"{argument.partition('=')[0]}: required; run: make {target} {argument}\n" in result.stderr


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("example"), EXAMPLES["example"].read_text())


@pytest.mark.parametrize(("target", "name"), [*_ARGUMENTS.items()])
def test_make_prints_nothing_but_json(target: str, name: str, example: Path) -> None:
    result = _make(example, target, name.replace("prod", "dev"))
    assert json.loads(result.stdout)


def _make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # With the variables of an outer make, the inner one prints its folder.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
