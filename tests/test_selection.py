"""A change runs every test that it can affect."""

import subprocess
from pathlib import Path

import pytest

from tests import selection
from tests.examples import ROOT

_EVERY = selection.test_files()
_PACKAGE = "modules/protected_endpoints"


@pytest.mark.parametrize(
    "changed",
    [
        f"{_PACKAGE}/constructs/bucket.py",
        f"{_PACKAGE}/config/endpoint.py",
        f"{_PACKAGE}/errors.py",
        f"{_PACKAGE}/a_new_layer/file.py",
        "examples/kmeans.toml",
        "requirements.txt",
        "Makefile",
        "main.py",
        "tests/conftest.py",
        "tests/synth_fixtures.py",
        "tests/attacks/conftest.py",
        "tests/a_removed_helper.py",
        "docs/a-removed-page.md",
    ],
)
def test_what_any_test_can_depend_on_runs_every_test(changed: str) -> None:
    assert selection.affected_tests([changed]) == _EVERY
    assert selection.affected_tests(["docs/limits.md", changed]) == _EVERY


@pytest.mark.parametrize(
    ("changed", "runs", "leaves_out"),
    [
        (
            "docs/limits.md",
            ["tests/docs/test_links.py", "tests/test_words.py"],
            ["tests/e2e/test_make.py", "tests/properties/test_accepted.py", "tests/rules/test_rules.py"],
        ),
        ("docs/failures.md", ["tests/e2e/test_failures.py"], ["tests/e2e/test_modes.py"]),  # the test reads the page
        ("README.md", ["tests/docs/test_readme.py"], ["tests/e2e/test_make.py"]),
        (
            f"{_PACKAGE}/review/rules/cost.py",  # imported by name
            ["tests/review/test_rules.py", "tests/review/test_drawn_attacks.py", "tests/field/test_plan_reviews.py"],
            ["tests/properties/test_accepted.py", "tests/constructs/test_model.py"],
        ),
        (
            f"{_PACKAGE}/review/admission/grammar.json",
            ["tests/review/admission/test_grammar.py", "tests/review/test_golden.py", "tests/workflows/test_plan.py"],
            ["tests/rules/test_rules.py"],
        ),
        (
            f"{_PACKAGE}/commands/explain/pages.py",
            ["tests/commands/test_explain.py", "tests/e2e/test_make.py", "tests/deployers/test_printing.py"],
            ["tests/config/test_keys.py"],
        ),
        ("sandbox/demo.py", ["tests/e2e/test_demo.py"], ["tests/rules/test_rules.py"]),  # run by its name
        ("sandbox/emulator.py", ["tests/e2e/test_modes.py"], ["tests/rules/test_rules.py"]),  # used by a fixture
        ("bench/cloudformation.py", ["tests/bench/test_bench.py"], ["tests/rules/test_rules.py"]),
        (".github/scripts/plan.sh", ["tests/workflows/test_plan.py"], ["tests/rules/test_rules.py"]),
        (
            "tests/plans/no-op.json",
            ["tests/review/test_golden.py", "tests/review/test_drawn_attacks.py"],
            ["tests/rules/test_rules.py"],
        ),
        (
            "tests/snapshots/everything.toml",
            ["tests/stacks/test_snapshots.py", "tests/properties/test_accepted.py"],
            ["tests/config/test_keys.py"],
        ),
        ("tests/rules/container.py", ["tests/rules/test_rules.py"], ["tests/e2e/test_make.py"]),  # imported by name
        ("tests/measured.py", ["tests/review/test_speed.py"], ["tests/e2e/test_make.py"]),
        ("tests/e2e/test_make.py", ["tests/e2e/test_make.py"], ["tests/e2e/test_modes.py"]),
    ],
)
def test_a_change_runs_what_depends_on_it(changed: str, runs: list[str], leaves_out: list[str]) -> None:
    affected = {*selection.affected_tests([changed])}
    assert {*runs} <= affected
    assert {*leaves_out} <= {*_EVERY} - affected


def test_changes_add_up() -> None:
    first, second = ["docs/limits.md"], ["sandbox/demo.py"]
    together = {*selection.affected_tests([*first, *second])}
    assert together == {*selection.affected_tests(first)} | {*selection.affected_tests(second)}


def test_what_changed_since_the_branch_began_is_committed_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    for file in ("test_one.py", "test_two.py", "removed.md"):
        path = tmp_path / "tests" / "rules" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    git("add", ".")
    git("commit", "-m", "main")
    git("switch", "-c", "branch")
    (tmp_path / "tests/rules/test_one.py").write_text("x = 1\n")
    git("commit", "-am", "branch")
    (tmp_path / "tests/rules/test_new.py").write_text("")
    monkeypatch.setattr(selection, "ROOT", tmp_path)

    assert selection.main() == 0
    printed = capsys.readouterr()
    assert printed.out.split() == ["tests/rules/test_new.py", "tests/rules/test_one.py"]
    assert "2 of 3 run" in printed.err
    assert "left out, because nothing they import or name has changed: tests/rules (1 files)" in printed.err

    (tmp_path / "tests/rules/removed.md").unlink()
    assert selection.main() == 0
    printed = capsys.readouterr()
    assert len(printed.out.split()) == 3
    assert "every test runs, because any can depend on tests/rules/removed.md" in printed.err


def test_every_test_runs_in_a_clone_without_main(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(selection, "_merge_base", lambda: None)
    assert selection.main() == 0
    printed = capsys.readouterr()
    assert printed.out.split() == selection.test_files()
    assert printed.err == "every test runs, because there is no branch main to compare with\n"


def test_the_narrow_folders_exist() -> None:
    assert all((ROOT / folder).is_dir() for folder in selection.NARROW)
