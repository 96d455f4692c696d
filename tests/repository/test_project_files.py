"""The files that describe the project to GitHub, editors and contributors agree with each other."""

import json
import re

import yaml

from tests.examples import ROOT

_PLACEHOLDER_OWNERS = {"@OWNER/ml-platform", "@OWNER/security"}


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_license_is_complete() -> None:
    license_text = _text("LICENSE")
    assert "Apache License" in license_text
    assert "END OF TERMS AND CONDITIONS" in license_text


def test_owners_are_placeholders_for_paths_that_can_exist() -> None:
    rules = [line.split() for line in _text(".github/CODEOWNERS").splitlines() if line and not line.startswith("#")]
    assert {owner for _, *owners in rules for owner in owners} == _PLACEHOLDER_OWNERS
    optional = {"*", "/review.toml"}  # the second is written by users
    assert [path for path, *_ in rules if path not in optional and not [*ROOT.glob(path.strip("/"))]] == []


def test_every_file_but_the_endpoints_has_an_owner() -> None:
    """The last rule that matches decides (GitHub, About code owners)."""
    rules = [line.split() for line in _text(".github/CODEOWNERS").splitlines() if line and not line.startswith("#")]
    assert [rule for rule in rules if len(rule) == 1] == [["/endpoints.toml"]]
    assert rules[0][0] == "*"
    security = {path for path, *owners in rules if owners == ["@OWNER/security"]}
    assert {"/.github/", "/review.toml", "/modules/", "/main.py", "/.terraform.lock.hcl"} <= security


def test_dependabot_updates_every_kind_of_pinned_dependency() -> None:
    updates = yaml.safe_load(_text(".github/dependabot.yml"))["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"pip", "npm", "github-actions"}
    folders = {folder for update in updates for folder in update.get("directories", [update.get("directory")])}
    assert {folder for folder in folders if not (ROOT / folder.strip("/")).is_dir()} == set()


def test_hooks_before_a_commit_use_the_tools_of_the_project_alone() -> None:
    repositories = yaml.safe_load(_text(".pre-commit-config.yaml"))["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks = [hook for repository in repositories for hook in repository["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)
    tests = {word for hook in hooks for word in hook["entry"].split() if word.startswith("tests/")}
    assert {test for test in tests if not (ROOT / test).is_file()} == set()


def test_the_development_container_has_the_versions_of_the_workflows() -> None:
    build = json.loads(_text(".devcontainer/devcontainer.json"))["build"]
    images = dict(
        re.findall(r"^FROM ([\w/]+):([\d.]+)", _text(f".devcontainer/{build['dockerfile']}"), flags=re.MULTILINE)
    )
    setup = _text(".github/actions/setup/action.yml")
    assert f'python-version: "{images["python"]}"' in setup
    assert f'node-version: "{images["node"]}"' in setup
    assert f"terraform_version: {images['hashicorp/terraform']}" in setup
