"""A pull request is merged as data: what it changes, its two files of data, and what is refused."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from protected_endpoints.commands.pull_request import notice
from tests.examples import ROOT

Edit = Callable[[Path], object]
_BASE = {
    "endpoints.toml": "[project]\n\n\n\n\n\n[endpoints]\n",
    "main.py": "print()\n",
    "review.toml": "",
    "modules/a.py": "",
}


class Repository:
    """A Git repository whose branches `main` and `head` begin at the same commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        for name, text in _BASE.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        self._commit()
        self.git("branch", "head")

    def git(self, *arguments: str) -> None:
        user = ("-c", "user.name=me", "-c", "user.email=me@example.com")
        subprocess.run(["git", *user, *arguments], cwd=self.folder, check=True)

    def change(self, branch: str, *edits: Edit) -> None:
        self.git("switch", "--quiet", branch)
        for edit in edits:
            edit(self.folder)
        self._commit()
        self.git("switch", "--quiet", "main")

    def merge(self, *options: str, head: str = "head") -> tuple[subprocess.CompletedProcess[str], Path]:
        """Run the command in a checkout of main, and return its result and its folder."""
        target = self.folder.parent / "pull-request"
        process = subprocess.run(
            [sys.executable, "-m", "protected_endpoints", "pull-request", *options, head, str(target)],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "modules")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in process.stderr
        return process, target

    def _commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=a change")


def _write(name: str, text: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    return edit


def _link(name: str, target: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return edit


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    (tmp_path / "repository").mkdir()
    return Repository(tmp_path / "repository")


def test_two_files_are_data_as_they_are_after_the_merge(repository: Repository) -> None:
    repository.change("main", _write("endpoints.toml", "[project]\n\n\n\n\n\n[endpoints.new]\n"), _write("x.py", ""))
    repository.change("head", _write("endpoints.toml", "[projects]\n\n\n\n\n\n[endpoints]\n"))
    merged, folder = repository.merge()
    assert (merged.returncode, merged.stdout, merged.stderr) == (0, "code=false\n", "")
    assert {file.name for file in folder.iterdir()} == {"endpoints.toml", "review.toml", "notice.md"}
    assert (folder / "endpoints.toml").read_text() == "[projects]\n\n\n\n\n\n[endpoints.new]\n"
    assert (folder / "notice.md").read_text() == ""
    assert (repository.folder / "endpoints.toml").read_text() != (folder / "endpoints.toml").read_text()


def test_a_change_of_review_toml_is_data_with_a_notice(repository: Repository) -> None:
    repository.change("head", lambda folder: (folder / "review.toml").unlink())
    merged, folder = repository.merge()
    assert merged.stdout == "code=false\n"
    assert not (folder / "review.toml").exists()
    assert "the owners of `review.toml` must approve it" in (folder / "notice.md").read_text()


@pytest.mark.parametrize(
    "name",
    ["main.py", "argparse.py", "requirements.txt", "modules/sitecustomize.py", "docs/endpoints.toml", "Endpoints.toml"],
)
def test_every_other_file_is_code(repository: Repository, name: str) -> None:
    repository.change("head", _write(name, "x"), _write("endpoints.toml", "[project]\n"))
    merged, folder = repository.merge()
    assert merged.stdout == "code=true\n"
    assert f"> * `{name}`\n" in (folder / "notice.md").read_text()
    with tarfile.open(folder / "code.tar") as code:
        assert {name, *_BASE} <= {*code.getnames()}
    assert not (repository.folder / name).exists() or (repository.folder / name).read_text() != "x"


def test_a_renamed_file_counts_with_both_names(repository: Repository) -> None:
    repository.change("head", lambda folder: (folder / "main.py").rename(folder / "notes.md"))
    _, folder = repository.merge()
    assert {"> * `main.py`", "> * `notes.md`"} <= {*(folder / "notice.md").read_text().splitlines()}


@pytest.mark.parametrize("name", ["endpoints.toml", "review.toml"])
def test_a_symbolic_link_is_refused(repository: Repository, name: str) -> None:
    repository.change("head", _link(name, "/proc/self/environ"))
    merged, folder = repository.merge()
    expected = f"{name}: must be a regular file, got one of mode 120000; replace it by a file\n"
    assert (merged.returncode, merged.stderr) == (1, expected)
    assert not folder.exists()


def test_a_submodule_is_refused(repository: Repository) -> None:
    commit = "1" * 40
    repository.git("switch", "--quiet", "head")
    repository.git("update-index", "--cacheinfo", f"160000,{commit},endpoints.toml")
    repository.git("commit", "--quiet", "--message=a submodule")
    repository.git("switch", "--quiet", "--force", "main")
    merged, _ = repository.merge()
    assert "endpoints.toml: must be a regular file, got one of mode 160000" in merged.stderr


def test_large_and_deleted_data_and_conflicts_are_refused(repository: Repository) -> None:
    for edit, said in (
        (
            _write("endpoints.toml", "#" * 1_000_001),
            "endpoints.toml: must have 1,000,000 bytes or fewer, got 1,000,001;",
        ),
        (
            lambda folder: (folder / "endpoints.toml").unlink(),
            "endpoints.toml: deleted by the pull request; restore it",
        ),
    ):
        repository.change("head", edit)
        merged, _ = repository.merge()
        assert merged.returncode == 1
        assert merged.stderr.startswith(said)
    repository.change("head", _write("endpoints.toml", "one"))
    repository.change("main", _write("endpoints.toml", "two"))
    merged, folder = repository.merge()
    assert merged.stderr == (
        "the pull request conflicts with its base in endpoints.toml; merge the base into the branch\n"
    )
    assert not folder.exists()


def test_an_unknown_commit_and_an_existing_folder_are_refused(repository: Repository) -> None:
    merged, folder = repository.merge(head="1" * 40)
    assert merged.returncode == 1
    assert merged.stderr.endswith("fetch the commit with its complete history\n")
    folder.mkdir()
    merged, _ = repository.merge()
    assert merged.stderr == f"{folder}: cannot be written (File exists); name a new folder\n"


def test_names_of_files_can_neither_break_the_notice_nor_mention_anyone() -> None:
    names = ["a`b", "x\n::error::y", "@everyone", "<img src=x>", *(f"{number}.py" for number in range(40))]
    lines = notice(names, is_fork=False).splitlines()
    assert all(line.startswith(">") or not line for line in lines)
    assert "> * `@everyone`" in lines  # in code, nobody is mentioned
    assert "> * `a'b`" in lines
    assert "> * and 24 more" in lines
    assert len("\n".join(notice(["x" * 500] * 40, is_fork=True))) < 10_000


def test_the_code_of_a_fork_is_named_as_not_run(repository: Repository) -> None:
    repository.change("head", _write("main.py", "x"))
    _, folder = repository.merge("--fork")
    assert "Code of a fork is not run" in (folder / "notice.md").read_text()
